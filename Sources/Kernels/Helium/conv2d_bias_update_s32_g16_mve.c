#include "mve_mantissas_g16.h"

#include "mve_integer_bias_update.h"

extern __typeof__(tinysdk_conv2d_bias_update_s32_g16) tinysdk_conv2d_bias_update_s32_g16_mve;
int32_t tinysdk_conv2d_bias_update_s32_g16_mve_instructions(const tinysdk_conv2d_args *args);

void tinysdk_conv2d_bias_update_s32_g16_mve(const tinysdk_conv2d_args *args, const int16_t *gradient,
                                            const int32_t *gradient_exponent, const float *scale,
                                            const float *rate, int32_t *bias) {
  tinysdk_mve_update_integer_biases(args, gradient, gradient_exponent[0], scale, rate[0], bias);
}

int32_t tinysdk_conv2d_bias_update_s32_g16_mve_instructions(const tinysdk_conv2d_args *args) {
  return tinysdk_mve_integer_biases_instructions(args);
}
