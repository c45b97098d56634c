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

/* Which outputs a padded plane holds, and where its first one lies. */
typedef struct {
  tinysdk_range rows;
  tinysdk_range columns;
  int32_t width;
  int32_t start;
} host_spreading;

HOST_INLINE host_spreading host_spread(const tinysdk_conv2d_args *args) {
  const int32_t top = (args->kernel_height - 1) * args->dilation_y - args->pad_top;
  const int32_t left = (args->kernel_width - 1) * args->dilation_x - args->pad_left;
  host_spreading s = {.width = host_spread_width(args)};
  const int32_t height = host_spread_size(args) / s.width;
  s.rows = tinysdk_positions_inside(0, args->out_height, args->stride_y, top, height);
  s.columns = tinysdk_positions_inside(0, args->out_width, args->stride_x, left, s.width);
  s.start = (s.rows.first * args->stride_y + top) * s.width + s.columns.first * args->stride_x + left;
  return s;
}

/* `count` and `stride` are constants where this is inlined for the usual layers. */
HOST_INLINE void host_spread_rows(const tinysdk_conv2d_args *args, const host_spreading *s,
                                  const float *restrict gradient, int32_t count, int32_t stride,
                                  float *restrict spread) {
  const float *restrict from = gradient + s->rows.first * args->out_width + s->columns.first;
  float *restrict to = spread + s->start;
  for (int32_t y = s->rows.first; y < s->rows.end; y++) {
    for (int32_t x = 0; x < count; x++)
      to[x * stride] = from[x];
    from += args->out_width;
    to += args->stride_y * s->width;
  }
}

/* Copies one gradient plane out. The zeros between and around stay from the first time. */
HOST_INLINE void host_spread_plane(const tinysdk_conv2d_args *args, const host_spreading *s,
                                   const float *gradient, float *spread) {
  const int32_t count = s->columns.end - s->columns.first, stride = args->stride_x;
  if (stride == 1 && count == 8)
    host_spread_rows(args, s, gradient, 8, 1, spread);
  else if (stride == 1 && count == 4)
    host_spread_rows(args, s, gradient, 4, 1, spread);
  else if (stride == 1)
    host_spread_rows(args, s, gradient, count, 1, spread);
  else
    host_spread_rows(args, s, gradient, count, stride, spread);
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

/* An eighth of an instruction for a product of a padded plane, and the planes' copies. */
HOST_INLINE int32_t host_gradient_planes_instructions(const tinysdk_conv2d_args *args) {
  const int64_t outputs = args->out_channels / args->groups,
                planes = (int64_t)args->batch * args->in_channels;
  return host_instructions(planes * tinysdk_in_plane(args) * (outputs * tinysdk_taps(args) / 8 + 2));
}

#endif
