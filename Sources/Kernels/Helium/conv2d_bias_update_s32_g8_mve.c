#include "mve_mantissas_g8.h"

#include "mve_integer_bias_update.h"

extern __typeof__(tinysdk_conv2d_bias_update_s32_g8) tinysdk_conv2d_bias_update_s32_g8_mve;
int32_t tinysdk_conv2d_bias_update_s32_g8_mve_instructions(const tinysdk_conv2d_args *args);

void tinysdk_conv2d_bias_update_s32_g8_mve(const tinysdk_conv2d_args *args, const int8_t *gradient,
                                           const int32_t *gradient_exponent, const float *scale,
                                           const float *rate, int32_t *bias) {
  tinysdk_mve_update_integer_biases(args, gradient, gradient_exponent[0], scale, rate[0], bias);
}

int32_t tinysdk_conv2d_bias_update_s32_g8_mve_instructions(const tinysdk_conv2d_args *args) {
  return tinysdk_mve_integer_biases_instructions(args);
}
