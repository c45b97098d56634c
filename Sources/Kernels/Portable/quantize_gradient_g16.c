#include "gradient_g16.h"

#include "quantize_gradient.h"

void tinysdk_quantize_gradient_g16(const tinysdk_quantize_gradient_args *args, const float *input,
                                   int16_t *output, int32_t *output_exponent) {
  tinysdk_quantize_gradient(args, input, output, output_exponent);
}
