#include "gradient_g8.h"

#include "scale_gradient.h"

void tinysdk_scale_g8(const tinysdk_scale_gradient_args *args, const int8_t *input,
                      const int32_t *input_exponent, const uint8_t *mask, const int16_t *factor,
                      int8_t *output, int32_t *output_exponent) {
  tinysdk_scale_gradient(args, input, input_exponent, mask, factor, output, output_exponent);
}
