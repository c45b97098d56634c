#include "lanes_g16.h"

#include "conv2d_1x1_mantissas.h"

extern __typeof__(tinysdk_conv2d_1x1_input_gradient_g16) tinysdk_conv2d_1x1_input_gradient_g16_host;
extern __typeof__(tinysdk_conv2d_1x1_input_gradient_g16_scratch)
    tinysdk_conv2d_1x1_input_gradient_g16_host_scratch,
    tinysdk_conv2d_1x1_input_gradient_g16_host_instructions;

void tinysdk_conv2d_1x1_input_gradient_g16_host(const tinysdk_conv2d_args *args, const int16_t *gradient,
                                                const int32_t *gradient_exponent, const int8_t *weights,
                                                const int8_t *trained, const uint16_t *order,
                                                int16_t *input_gradient, int32_t *input_gradient_exponent,
                                                void *scratch) {
  host_conv2d_1x1_mantissas(args, gradient, gradient_exponent, weights, trained, order, input_gradient,
                            input_gradient_exponent, scratch);
}

int32_t tinysdk_conv2d_1x1_input_gradient_g16_host_scratch(const tinysdk_conv2d_args *args) {
  return host_conv2d_1x1_mantissas_bytes(args);
}

int32_t tinysdk_conv2d_1x1_input_gradient_g16_host_instructions(const tinysdk_conv2d_args *args) {
  return host_conv2d_1x1_mantissas_instructions(args);
}
