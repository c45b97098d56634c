#include "gradient_g16.h"

#include "scale_gradient.h"

void tinysdk_scale_g16(const tinysdk_scale_gradient_args *args, const int16_t *input,
                       const int32_t *input_exponent, const uint8_t *mask, const int16_t *factor,
                       int16_t *output, int32_t *output_exponent) {
  tinysdk_scale_gradient(args, input, input_exponent, mask, factor, output, output_exponent);
}
