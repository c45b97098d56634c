/* Weight gradients of 1x1 layers, several weights of one output channel side by side, pixels in order. */
#ifndef TINYSDK_HOST_WEIGHT_TILES_H
#define TINYSDK_HOST_WEIGHT_TILES_H

#include "convolution.h"
#include "lanes.h"
#include "transpose.h"

/* Input channels and output channels of one register tile. */
#define HOST_TILE_VECTORS 3
#define HOST_TILE_INPUTS (HOST_TILE_VECTORS * HOST_LANES)
#define HOST_TILE_OUTPUTS 4

/* What is held on the stack at once: pixels of the saved planes, output channels of the sums. */
#define HOST_TILE_PIXELS 128
#define HOST_TILE_SUMS 128

/* Receives the gradients of `count` neighbouring weights of output channel `output`, from element `index` of
 * the weight tensor on. */
typedef void host_gradients_sink(void *context, int32_t output, int32_t index, int32_t count,
                                 const float *gradients);

/* Layers that these tiles serve. */
HOST_INLINE int32_t host_is_pointwise(const tinysdk_conv2d_args *args) {
  return tinysdk_taps(args) == 1 && args->groups == 1 && args->pad_top == 0 && args->pad_left == 0 &&
         args->in_height == args->out_height && args->in_width == args->out_width;
}

/* values[p][i] = saved plane i, pixel p; planes past the last read as that one. */
HOST_INLINE void host_turn_planes(const int8_t *saved, int32_t inputs, int32_t plane, int32_t pixels,
                                  int32_t zero, float *values) {
  for (int32_t v = 0; v < HOST_TILE_INPUTS; v += HOST_LANES) {
    int32_t p = 0;
    for (; p + HOST_LANES <= pixels; p += HOST_LANES) {
      host_f32 rows[HOST_LANES];
      for (int32_t i = 0; i < HOST_LANES; i++)
        rows[i] = __builtin_convertvector(
            host_widen_s8(saved + tinysdk_min(v + i, inputs - 1) * plane + p) - zero, host_f32);
      host_transpose(rows);
      for (int32_t i = 0; i < HOST_LANES; i++)
        host_store_f32(values + (p + i) * HOST_TILE_INPUTS + v, rows[i]);
    }
    for (; p < pixels; p++)
      for (int32_t i = v; i < v + HOST_LANES; i++)
        values[p * HOST_TILE_INPUTS + i] = (float)(saved[tinysdk_min(i, inputs - 1) * plane + p] - zero);
  }
}

/* The sums of some output channels go on over `pixels` pixels. `vectors` of their weights are wanted. */
HOST_INLINE void host_add_pixels(const float *const gradient[HOST_TILE_OUTPUTS], const float *values,
                                 int32_t pixels, int32_t vectors,
                                 float sums[HOST_TILE_OUTPUTS][HOST_TILE_INPUTS]) {
  host_f32 acc[HOST_TILE_OUTPUTS][HOST_TILE_VECTORS];
  memcpy(acc, sums, sizeof(acc));
  for (int32_t p = 0; p < pixels; p++)
    for (int32_t j = 0; j < HOST_TILE_OUTPUTS; j++) {
      const host_f32 factor = host_splat_f32(gradient[j][p]);
      for (int32_t v = 0; v < vectors; v++)
        acc[j][v] =
            host_fma(factor, host_load_f32(values + p * HOST_TILE_INPUTS + v * HOST_LANES), acc[j][v]);
    }
  memcpy(sums, acc, sizeof(acc));
}

/* Output channels o ... o + outputs, input channels k ... k + inputs of `own`. */
HOST_INLINE void host_weight_block(const tinysdk_conv2d_args *args, const float *gradient,
                                   const int8_t *saved, int32_t o, int32_t outputs, int32_t k, int32_t inputs,
                                   int32_t own, float sums[HOST_TILE_SUMS][HOST_TILE_INPUTS]) {
  const int32_t plane = tinysdk_out_plane(args), vectors = (inputs + HOST_LANES - 1) / HOST_LANES;
  float values[HOST_TILE_PIXELS * HOST_TILE_INPUTS];
  memset(sums, 0, sizeof(float) * HOST_TILE_SUMS * HOST_TILE_INPUTS);
  for (int32_t b = 0; b < args->batch; b++) {
    for (int32_t p = 0; p < plane; p += HOST_TILE_PIXELS) {
      const int32_t pixels = tinysdk_min(HOST_TILE_PIXELS, plane - p);
      host_turn_planes(saved + (b * own + k) * plane + p, inputs, plane, pixels, args->input_zero, values);
      for (int32_t j = 0; j < outputs; j += HOST_TILE_OUTPUTS) {
        const float *from[HOST_TILE_OUTPUTS];
        for (int32_t i = 0; i < HOST_TILE_OUTPUTS; i++)
          from[i] = gradient + (b * args->out_channels + o + tinysdk_min(j + i, outputs - 1)) * plane + p;
        if (vectors == 1)
          host_add_pixels(from, values, pixels, 1, sums + j);
        else if (vectors == 2)
          host_add_pixels(from, values, pixels, 2, sums + j);
        else
          host_add_pixels(from, values, pixels, 3, sums + j);
      }
    }
  }
}

/* Every weight of a 1x1 layer, once. */
HOST_INLINE void host_each_weight(const tinysdk_conv2d_args *args, const float *gradient, const int8_t *saved,
                                  host_gradients_sink *sink, void *context) {
  const int32_t own = args->trained_channels > 0 ? args->trained_channels : args->in_channels;
  for (int32_t k = 0; k < own; k += HOST_TILE_INPUTS) {
    const int32_t inputs = tinysdk_min(HOST_TILE_INPUTS, own - k);
    for (int32_t o = 0; o < args->out_channels; o += HOST_TILE_SUMS) {
      const int32_t outputs = tinysdk_min(HOST_TILE_SUMS, args->out_channels - o);
      float sums[HOST_TILE_SUMS][HOST_TILE_INPUTS];
      host_weight_block(args, gradient, saved, o, outputs, k, inputs, own, sums);
      for (int32_t j = 0; j < outputs; j++)
        sink(context, o + j, (o + j) * own + k, inputs, sums[j]);
    }
  }
}

/* A seventh of an instruction for a product. */
HOST_INLINE int32_t host_weight_instructions(const tinysdk_conv2d_args *args) {
  const int64_t own = args->trained_channels > 0 ? args->trained_channels : args->in_channels;
  const int64_t pixels = (int64_t)args->batch * tinysdk_out_plane(args);
  return host_is_pointwise(args) ? host_instructions(own * args->out_channels * (pixels / 7 + 4)) : -1;
}

#endif
