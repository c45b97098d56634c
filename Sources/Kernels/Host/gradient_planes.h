/* Gradients with respect to the input: each input plane is a correlation of the group's output gradients,
 * spread out by the stride and padded with zeros. A padding zero leaves a sum as it is: sums start at +0 and
 * never become -0, and weights are finite. */
#ifndef TINYSDK_HOST_GRADIENT_PLANES_H
#define TINYSDK_HOST_GRADIENT_PLANES_H

#include "correlate.h"

/* A padded plane: what windows at every input position reach, tiles that reach past the last one included. */
HOST_INLINE int32_t host_spread_width(const tinysdk_conv2d_args *args) {
  return host_round_up(args->in_width, HOST_LANES) + (args->kernel_width - 1) * args->dilation_x;
}

HOST_INLINE int32_t host_spread_size(const tinysdk_conv2d_args *args) {
  const int32_t height =
      host_round_up(args->in_height, HOST_TILE_ROWS) + (args->kernel_height - 1) * args->dilation_y;
  return height * host_spread_width(args);
}

/* Copies one gradient plane out. The zeros between and around stay from the first time. */
HOST_INLINE void host_spread_plane(const tinysdk_conv2d_args *args, const float *gradient, float *spread) {
  const int32_t width = host_spread_width(args), stride = args->stride_x;
  const int32_t top = (args->kernel_height - 1) * args->dilation_y - args->pad_top;
  const int32_t left = (args->kernel_width - 1) * args->dilation_x - args->pad_left;
  const tinysdk_range rows =
      tinysdk_positions_inside(0, args->out_height, args->stride_y, top, host_spread_size(args) / width);
  const tinysdk_range columns = tinysdk_positions_inside(0, args->out_width, stride, left, width);
  for (int32_t y = rows.first; y < rows.end; y++) {
    const float *const from = gradient + y * args->out_width;
    float *const to = spread + (y * args->stride_y + top) * width + left;
    if (stride == 1 && columns.end - columns.first == HOST_LANES)
      host_store_f32(to + columns.first, host_load_f32(from + columns.first));
    else if (stride == 1 && columns.end - columns.first == HOST_LANES / 2)
      host_store_f32x4(to + columns.first, host_load_f32x4(from + columns.first));
    else if (stride == 1)
      for (int32_t x = columns.first; x < columns.end; x++)
        to[x] = from[x];
    else
      for (int32_t x = columns.first; x < columns.end; x++)
        to[x * stride] = from[x];
  }
}

/* About what stays in the first cache. */
#define HOST_BATCH_FLOATS 4096

/* Groups worked on at once: loads that follow too soon on the stores they read from would wait for them. */
HOST_INLINE int32_t host_gradient_batch(const tinysdk_conv2d_args *args) {
  const int32_t floats = args->out_channels / args->groups * host_spread_size(args);
  return tinysdk_clamp(HOST_BATCH_FLOATS / floats, 1, args->groups);
}

/* Scratch: the planes of a batch of groups, then weights and offsets of one group's taps. */
HOST_INLINE int32_t host_gradient_planes_scratch(const tinysdk_conv2d_args *args) {
  const int32_t outputs = args->out_channels / args->groups;
  return outputs * (host_gradient_batch(args) * host_spread_size(args) + 2 * tinysdk_taps(args)) *
         (int32_t)sizeof(float);
}

/* Where each tap of each output plane of the group reads: output channels, kernel rows, kernel columns. */
HOST_INLINE void host_gradient_offsets(const tinysdk_conv2d_args *args, int32_t *offsets) {
  const int32_t width = host_spread_width(args), size = host_spread_size(args);
  const int32_t outputs = args->out_channels / args->groups;
  for (int32_t o = 0; o < outputs; o++)
    for (int32_t ky = 0; ky < args->kernel_height; ky++)
      for (int32_t kx = 0; kx < args->kernel_width; kx++)
        *offsets++ = o * size + (args->kernel_height - 1 - ky) * args->dilation_y * width +
                     (args->kernel_width - 1 - kx) * args->dilation_x;
}

/* One input channel's weights: those of each output channel of its group, in the order of the offsets. */
HOST_INLINE void host_gradient_weights(const tinysdk_conv2d_args *args, tinysdk_place place, int32_t group,
                                       int32_t depthwise, float *restrict values) {
  const int32_t outputs = args->out_channels / args->groups, taps = tinysdk_taps(args);
  const int8_t *restrict const own = place.base + place.own * taps * (depthwise ? outputs : 1);
  if (depthwise) {
    for (int32_t i = 0; i < outputs * taps; i++)
      values[i] = (float)(own[i] - args->weight_zero);
    return;
  }
  for (int32_t o = 0; o < outputs; o++)
    for (int32_t t = 0; t < taps; t++)
      values[o * taps + t] = (float)(own[(group * outputs + o) * place.count * taps + t] - args->weight_zero);
}

/* All input planes. Depthwise, the walk over split weights goes over the groups, else over the channels of
 * each group. In place (depthwise, planes of one size), a plane's gradient is copied before it is written. */
HOST_INLINE void host_gradient_planes(const tinysdk_conv2d_args *args, const float *gradient,
                                      const int8_t *weights, const int8_t *trained, const uint16_t *order,
                                      float *input_gradient, void *scratch, int32_t depthwise) {
  const int32_t channels = args->in_channels / args->groups, outputs = args->out_channels / args->groups;
  const int32_t taps = tinysdk_taps(args), size = host_spread_size(args);
  const int32_t batch = host_gradient_batch(args), walked = depthwise ? args->in_channels : channels;
  float *const planes = scratch, *const values = planes + batch * outputs * size;
  int32_t *const offsets = (int32_t *)(values + outputs * taps);
  tinysdk_split split = {0};
  memset(planes, 0, sizeof(float) * (uint32_t)(batch * outputs * size));
  host_gradient_offsets(args, offsets);
  for (int32_t image = 0; image < args->batch * args->groups; image++) {
    const int32_t group = image % args->groups;
    if (!depthwise || group == 0)
      split = tinysdk_split_start(weights, trained, order, args->trained_channels, walked);
    if (group % batch == 0)
      for (int32_t o = 0; o < tinysdk_min(batch, args->groups - group) * outputs; o++)
        host_spread_plane(args, gradient + (image * outputs + o) * tinysdk_out_plane(args),
                          planes + o * size);
    for (int32_t c = 0; c < channels; c++) {
      const tinysdk_place place = tinysdk_split_next(&split, depthwise ? group : c);
      host_gradient_weights(args, place, group, depthwise, values);
      const host_correlation job = {planes + group % batch * outputs * size,
                                    offsets,
                                    values,
                                    outputs * taps,
                                    host_spread_width(args),
                                    args->in_height,
                                    args->in_width,
                                    input_gradient + (image * channels + c) * tinysdk_in_plane(args)};
      host_correlate(&job);
    }
  }
}

/* An eighth of an instruction for a product of a padded plane, and the planes' copies. */
HOST_INLINE int32_t host_gradient_planes_instructions(const tinysdk_conv2d_args *args) {
  const int64_t outputs = args->out_channels / args->groups,
                planes = (int64_t)args->batch * args->in_channels;
  return host_instructions(planes * tinysdk_in_plane(args) * (outputs * tinysdk_taps(args) / 8 + 2));
}

#endif
