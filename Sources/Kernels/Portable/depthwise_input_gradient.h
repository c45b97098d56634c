/* The input gradient of a depthwise convolution, for integer gradients. */
#ifndef TINYSDK_DEPTHWISE_INPUT_GRADIENT_H
#define TINYSDK_DEPTHWISE_INPUT_GRADIENT_H

#include "input_gradient_row.h"
#include "narrow.h"

#include <stddef.h>
#include <string.h>

/* In place, a gradient row is overwritten before the last window that reads it is done, so the rows that a
 * window spans are kept in a ring. */
static inline int32_t tinysdk_ring_rows(const tinysdk_conv2d_args *args) {
  return (args->kernel_height - 1) * args->dilation_y + 1;
}

/* Where the gradient rows of one channel are read: in its planes, or in the ring. */
typedef struct {
  const tinysdk_gradient *planes;
  tinysdk_gradient *ring;
  int32_t loaded;
} tinysdk_gradient_rows;

/* Copies the rows up to the newest one that input row y reads. */
static inline void tinysdk_load_rows(const tinysdk_conv2d_args *args, tinysdk_gradient_rows *rows,
                                     int32_t y) {
  const int32_t end = tinysdk_min(y + args->pad_top + 1, args->out_height);
  for (; rows->loaded < end; rows->loaded++)
    memcpy(rows->ring + rows->loaded % tinysdk_ring_rows(args) * args->out_width,
           rows->planes + rows->loaded * args->out_width,
           sizeof(tinysdk_gradient) * (uint32_t)args->out_width);
}

/* The sums of input row y; `weights` are those of the channel's outputs. */
static inline void tinysdk_sum_depthwise_row(const tinysdk_conv2d_args *args, const int8_t *weights,
                                             const tinysdk_gradient_rows *rows, int32_t y, int32_t *sums) {
  const int32_t multiplier = args->out_channels / args->in_channels;
  memset(sums, 0, sizeof(int32_t) * (uint32_t)args->in_width);
  for (int32_t ky = 0; ky < args->kernel_height; ky++) {
    const int32_t oy = tinysdk_row_reading(args, y, ky);
    if (oy < 0)
      continue;
    const tinysdk_gradient *const row = rows->ring
                                            ? rows->ring + oy % tinysdk_ring_rows(args) * args->out_width
                                            : rows->planes + oy * args->out_width;
    for (int32_t j = 0; j < multiplier; j++)
      tinysdk_add_kernel_row(args, weights + j * tinysdk_taps(args) + ky * args->kernel_width,
                             row + j * tinysdk_out_plane(args), sums);
  }
}

static inline void tinysdk_depthwise_input_gradient(const tinysdk_conv2d_args *args,
                                                    const tinysdk_gradient *gradient,
                                                    const int32_t *gradient_exponent, const int8_t *weights,
                                                    const int8_t *trained, const uint16_t *order,
                                                    tinysdk_gradient *input_gradient,
                                                    int32_t *input_gradient_exponent, void *scratch) {
  const int32_t multiplier = args->out_channels / args->in_channels;
  int32_t *const sums = scratch;
  tinysdk_gradient *const ring =
      gradient == input_gradient ? (tinysdk_gradient *)(sums + args->in_width) : NULL;
  tinysdk_narrowing narrowing = tinysdk_narrow_start(input_gradient, TINYSDK_MANTISSA_BITS);
  for (int32_t b = 0; b < args->batch; b++) {
    tinysdk_split split =
        tinysdk_split_start(weights, trained, order, args->trained_channels, args->in_channels);
    for (int32_t c = 0; c < args->in_channels; c++) {
      const tinysdk_place place = tinysdk_split_next(&split, c);
      const int32_t channel = b * args->in_channels + c;
      tinysdk_gradient_rows rows = {gradient + channel * multiplier * tinysdk_out_plane(args), ring, 0};
      for (int32_t y = 0; y < args->in_height; y++) {
        if (ring)
          tinysdk_load_rows(args, &rows, y);
        tinysdk_sum_depthwise_row(args, place.base + place.own * multiplier * tinysdk_taps(args), &rows, y,
                                  sums);
        tinysdk_narrow_next(&narrowing, sums, args->in_width,
                            channel * tinysdk_in_plane(args) + y * args->in_width);
      }
    }
  }
  input_gradient_exponent[0] = gradient_exponent[0] + narrowing.shift;
}

static inline int32_t tinysdk_depthwise_input_gradient_bytes(const tinysdk_conv2d_args *args) {
  return args->in_width * (int32_t)sizeof(int32_t) +
         tinysdk_ring_rows(args) * args->out_width * (int32_t)sizeof(tinysdk_gradient);
}

#endif
