/* Weight gradients: several weights of one output channel side by side. weight_tile_f32.h, or lanes_g16.h or
 * lanes_g8.h and weight_tile_integer.h come first. */
#ifndef TINYSDK_HOST_WEIGHT_TILES_H
#define TINYSDK_HOST_WEIGHT_TILES_H

#include "weight_plan.h"

/* Receives the gradients of `count` neighbouring weights of output channel `output`, from element `index` of
 * the weight tensor on. */
typedef void host_gradients_sink(void *context, int32_t output, int32_t index, int32_t count,
                                 const float *gradients);

/* Output channels o ... o + outputs, weights i ... i + inputs of their rows. `saved`: the group's planes of
 * the first image. */
HOST_INLINE void host_weight_block(const host_weight_plan *plan, const tinysdk_gradient *gradient,
                                   const int8_t *saved, int32_t o, int32_t outputs, int32_t i, int32_t inputs,
                                   tinysdk_gradient_sum sums[HOST_TILE_SUMS][HOST_TILE_INPUTS]) {
  const tinysdk_conv2d_args *const args = plan->args;
  const int32_t plane = tinysdk_out_plane(args), in_plane = tinysdk_in_plane(args);
  host_tile_value values[HOST_TILE_PIXELS * HOST_TILE_INPUTS] = {0};
  memset(sums, 0, sizeof(tinysdk_gradient_sum) * HOST_TILE_SUMS * HOST_TILE_INPUTS);
  for (int32_t b = 0; b < args->batch; b++) {
    const int8_t *const image = saved + b * args->groups * plan->own * in_plane;
    for (int32_t p = 0; p < plane; p += HOST_TILE_PIXELS) {
      const int32_t pixels = tinysdk_min(HOST_TILE_PIXELS, plane - p);
      if (plan->pointwise)
        host_turn_planes(image + i * plane + p, inputs, plane, pixels, args->input_zero, values);
      else
        host_gather_windows(plan, image, i, inputs, p, pixels, values);
      for (int32_t j = 0; j < outputs; j += HOST_TILE_OUTPUTS) {
        const tinysdk_gradient *from[HOST_TILE_OUTPUTS];
        for (int32_t k = 0; k < HOST_TILE_OUTPUTS; k++)
          from[k] = gradient + (b * args->out_channels + o + tinysdk_min(j + k, outputs - 1)) * plane + p;
        host_add_block(from, values, pixels, inputs, plan->padded, sums + j);
      }
    }
  }
}

/* Every weight, once. `unit`: what one of a sum is worth, where sums are integers. */
HOST_INLINE void host_each_weight(const tinysdk_conv2d_args *args, const tinysdk_gradient *gradient,
                                  float unit, const int8_t *saved, host_gradients_sink *sink, void *context) {
  const host_weight_plan plan = host_plan_weights(args);
  for (int32_t g = 0; g < args->groups; g++) {
    const int8_t *const planes = saved + g * plan.own * tinysdk_in_plane(args);
    for (int32_t i = 0; i < plan.row; i += HOST_TILE_INPUTS) {
      const int32_t inputs = tinysdk_min(HOST_TILE_INPUTS, plan.row - i), end = (g + 1) * plan.outputs;
      for (int32_t o = g * plan.outputs; o < end; o += HOST_TILE_SUMS) {
        const int32_t outputs = tinysdk_min(HOST_TILE_SUMS, end - o);
        tinysdk_gradient_sum sums[HOST_TILE_SUMS][HOST_TILE_INPUTS];
        host_weight_block(&plan, gradient, planes, o, outputs, i, inputs, sums);
        for (int32_t j = 0; j < outputs; j++) {
          float gradients[HOST_TILE_INPUTS];
          for (int32_t k = 0; k < HOST_TILE_INPUTS; k++)
            gradients[k] = tinysdk_gradient_value(sums[j][k], unit);
          sink(context, o + j, (o + j) * plan.row + i, inputs, gradients);
        }
      }
    }
  }
}

/* A seventh of an instruction for a product; windows cost a few for each value that is copied out. Depthwise
 * layers share no values, so that nothing would be won. */
HOST_INLINE int32_t host_weight_instructions(const tinysdk_conv2d_args *args) {
  const host_weight_plan plan = host_plan_weights(args);
  const int64_t pixels = (int64_t)args->batch * tinysdk_out_plane(args), row = plan.row;
  if (args->groups == args->in_channels && args->groups > 1)
    return -1;
  return host_instructions(row * args->out_channels * (pixels / 7 + 4) +
                           (plan.pointwise ? 0 : row * args->groups * pixels * 4));
}

#endif
