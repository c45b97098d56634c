#include "weight_tile_f32.h"

#include "weight_tiles.h"

extern __typeof__(tinysdk_conv2d_weight_gradient_f32) tinysdk_conv2d_weight_gradient_f32_host;
int32_t tinysdk_conv2d_weight_gradient_f32_host_instructions(const tinysdk_conv2d_args *args);

static void store(void *context, int32_t output, int32_t index, int32_t count, const float *gradients) {
  float *const weight_gradient = context;
  (void)output;
  memcpy(weight_gradient + index, gradients, sizeof(float) * (uint32_t)count);
}

void tinysdk_conv2d_weight_gradient_f32_host(const tinysdk_conv2d_args *args, const float *gradient,
                                             const int8_t *saved, const uint16_t *order,
                                             float *weight_gradient) {
  (void)order;
  host_each_weight(args, gradient, 1.0f, saved, store, weight_gradient);
}

int32_t tinysdk_conv2d_weight_gradient_f32_host_instructions(const tinysdk_conv2d_args *args) {
  return host_weight_instructions(args);
}
