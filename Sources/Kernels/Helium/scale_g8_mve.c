#include "mve_mantissas_g8.h"

#include "mve_scale_integer.h"

extern __typeof__(tinysdk_scale_g8) tinysdk_scale_g8_mve;
int32_t tinysdk_scale_g8_mve_instructions(const tinysdk_scale_gradient_args *args);

void tinysdk_scale_g8_mve(const tinysdk_scale_gradient_args *args, const int8_t *input,
                          const int32_t *input_exponent, const uint8_t *mask, const int16_t *factor,
                          int8_t *output, int32_t *output_exponent) {
  tinysdk_mve_scale_integer(args, input, input_exponent, mask, factor, output, output_exponent);
}

int32_t tinysdk_scale_g8_mve_instructions(const tinysdk_scale_gradient_args *args) {
  return tinysdk_mve_scale_integer_instructions(args);
}
