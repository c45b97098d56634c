#include "four_g16.h"

#include "level_windows_g16.h"
#include "write_fours_g16.h"

#include "depthwise_integer_gradient.h"

extern __typeof__(tinysdk_depthwise_input_gradient_g16) tinysdk_depthwise_input_gradient_g16_dsp;
extern __typeof__(tinysdk_depthwise_input_gradient_g16_scratch)
    tinysdk_depthwise_input_gradient_g16_dsp_scratch;
extern __typeof__(tinysdk_depthwise_input_gradient_g16_scratch)
    tinysdk_depthwise_input_gradient_g16_dsp_instructions;

void tinysdk_depthwise_input_gradient_g16_dsp(const tinysdk_conv2d_args *args, const int16_t *gradient,
                                              const int32_t *gradient_exponent, const int8_t *weights,
                                              const int8_t *trained, const uint16_t *order,
                                              int16_t *input_gradient, int32_t *input_gradient_exponent,
                                              void *scratch) {
  tinysdk_depthwise_integer_gradient(args, gradient, gradient_exponent, weights, trained, order,
                                     input_gradient, input_gradient_exponent, scratch);
}

int32_t tinysdk_depthwise_input_gradient_g16_dsp_scratch(const tinysdk_conv2d_args *args) {
  return tinysdk_depthwise_gradient_bytes(args);
}

int32_t tinysdk_depthwise_input_gradient_g16_dsp_instructions(const tinysdk_conv2d_args *args) {
  return tinysdk_depthwise_gradient_instructions(args);
}
