#include "mve_mantissas_g16.h"

#include "mve_depthwise_integer_gradient.h"

extern __typeof__(tinysdk_depthwise_input_gradient_g16) tinysdk_depthwise_input_gradient_g16_mve;
extern __typeof__(tinysdk_depthwise_input_gradient_g16_scratch)
    tinysdk_depthwise_input_gradient_g16_mve_scratch,
    tinysdk_depthwise_input_gradient_g16_mve_instructions;

void tinysdk_depthwise_input_gradient_g16_mve(const tinysdk_conv2d_args *args, const int16_t *gradient,
                                              const int32_t *gradient_exponent, const int8_t *weights,
                                              const int8_t *trained, const uint16_t *order,
                                              int16_t *input_gradient, int32_t *input_gradient_exponent,
                                              void *scratch) {
  tinysdk_mve_depthwise_integer_gradient(args, gradient, gradient_exponent, weights, trained, order,
                                         input_gradient, input_gradient_exponent, scratch);
}

int32_t tinysdk_depthwise_input_gradient_g16_mve_scratch(const tinysdk_conv2d_args *args) {
  return tinysdk_mve_depthwise_integer_bytes(args);
}

int32_t tinysdk_depthwise_input_gradient_g16_mve_instructions(const tinysdk_conv2d_args *args) {
  return tinysdk_mve_depthwise_integer_instructions(args);
}
