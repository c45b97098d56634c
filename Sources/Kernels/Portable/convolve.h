/* The sums of the general convolution, shared by every rounding of it. */
#ifndef TINYSDK_CONVOLVE_H
#define TINYSDK_CONVOLVE_H

#include "convolution.h"

/* Adds to `sums` (outputs x0 ... x0 + count of row oy) the products of one weight tensor's `channels`
 * positions. `input` is the first plane of the group, `weights` this output channel's part of the tensor,
 * `positions` the tensor's input channels within the group (NULL: 0, 1, ...). */
static inline void tinysdk_convolve_tensor(const tinysdk_conv2d_args *args, const int8_t *input,
                                           const int8_t *weights, const uint16_t *positions, int32_t channels,
                                           int32_t oy, int32_t x0, int32_t count, int32_t *sums) {
  const int32_t plane = tinysdk_in_plane(args), taps = tinysdk_taps(args);
  for (int32_t tap = 0; tap < taps; tap++) {
    const int32_t ky = tap / args->kernel_width, kx = tap % args->kernel_width;
    const int32_t iy = oy * args->stride_y - args->pad_top + ky * args->dilation_y;
    if (iy < 0 || iy >= args->in_height)
      continue;
    const int32_t offset = kx * args->dilation_x - args->pad_left;
    const tinysdk_range range =
        tinysdk_positions_inside(x0, x0 + count, args->stride_x, offset, args->in_width);
    if (range.first >= range.end)
      continue;
    const int8_t *const first = input + iy * args->in_width + range.first * args->stride_x + offset;
    for (int32_t k = 0; k < channels; k++)
      tinysdk_multiply_row(sums + (range.first - x0), first + (positions ? positions[k] : k) * plane,
                           range.end - range.first, args->stride_x,
                           tinysdk_difference(weights[k * taps + tap], args->weight_zero), args->input_zero);
  }
}

/* sums = the products of output channel o, row oy, columns x0 ... x0 + count; `input` is one image. */
static inline void tinysdk_convolve(const tinysdk_conv2d_args *args, const int8_t *input,
                                    const int8_t *weights, const int8_t *trained, const uint16_t *order,
                                    int32_t o, int32_t oy, int32_t x0, int32_t count, int32_t *sums) {
  const int32_t channels = args->in_channels / args->groups, learning = args->trained_channels;
  const int32_t frozen = channels - learning, taps = tinysdk_taps(args);
  const int32_t group = o / (args->out_channels / args->groups);
  const int8_t *const planes = input + group * channels * tinysdk_in_plane(args);
  for (int32_t i = 0; i < count; i++)
    sums[i] = 0;
  if (learning > 0)
    tinysdk_convolve_tensor(args, planes, trained + o * learning * taps, order, learning, oy, x0, count,
                            sums);
  if (frozen > 0)
    tinysdk_convolve_tensor(args, planes, weights + o * frozen * taps, order ? order + learning : NULL,
                            frozen, oy, x0, count, sums);
}

#endif
