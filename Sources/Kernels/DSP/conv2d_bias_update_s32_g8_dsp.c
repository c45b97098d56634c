#include "four_g8.h"

#include "integer_bias_update.h"

extern __typeof__(tinysdk_conv2d_bias_update_s32_g8) tinysdk_conv2d_bias_update_s32_g8_dsp;
int32_t tinysdk_conv2d_bias_update_s32_g8_dsp_instructions(const tinysdk_conv2d_args *args);

void tinysdk_conv2d_bias_update_s32_g8_dsp(const tinysdk_conv2d_args *args, const int8_t *gradient,
                                           const int32_t *gradient_exponent, const float *scale,
                                           const float *rate, int32_t *bias) {
  tinysdk_update_integer_bias(args, gradient, tinysdk_power_of_two(gradient_exponent[0]), scale, rate[0],
                              bias);
}

int32_t tinysdk_conv2d_bias_update_s32_g8_dsp_instructions(const tinysdk_conv2d_args *args) {
  return tinysdk_integer_bias_instructions(args);
}
