#include "gradient_planes.h"

extern __typeof__(tinysdk_depthwise_input_gradient_f32) tinysdk_depthwise_input_gradient_f32_host;
extern __typeof__(tinysdk_depthwise_input_gradient_f32_scratch)
    tinysdk_depthwise_input_gradient_f32_host_scratch,
    tinysdk_depthwise_input_gradient_f32_host_instructions;

void tinysdk_depthwise_input_gradient_f32_host(const tinysdk_conv2d_args *args, const float *gradient,
                                               const int8_t *weights, const int8_t *trained,
                                               const uint16_t *order, float *input_gradient, void *scratch) {
  host_gradient_planes(args, gradient, weights, trained, order, input_gradient, scratch, 1);
}

int32_t tinysdk_depthwise_input_gradient_f32_host_scratch(const tinysdk_conv2d_args *args) {
  return host_gradient_planes_scratch(args);
}

int32_t tinysdk_depthwise_input_gradient_f32_host_instructions(const tinysdk_conv2d_args *args) {
  return host_gradient_planes_instructions(args);
}
