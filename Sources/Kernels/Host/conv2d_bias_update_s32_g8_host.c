#include "lanes_g8.h"

#include "bias_mantissas.h"

extern __typeof__(tinysdk_conv2d_bias_update_s32_g8) tinysdk_conv2d_bias_update_s32_g8_host;
int32_t tinysdk_conv2d_bias_update_s32_g8_host_instructions(const tinysdk_conv2d_args *args);

void tinysdk_conv2d_bias_update_s32_g8_host(const tinysdk_conv2d_args *args, const int8_t *gradient,
                                            const int32_t *gradient_exponent, const float *scale,
                                            const float *rate, int32_t *bias) {
  host_update_biases(args, gradient, gradient_exponent, scale, rate, bias);
}

int32_t tinysdk_conv2d_bias_update_s32_g8_host_instructions(const tinysdk_conv2d_args *args) {
  return host_update_biases_instructions(args);
}
