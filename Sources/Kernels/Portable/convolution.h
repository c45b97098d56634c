/* Windows, planes and split weights of convolutions. */
#ifndef TINYSDK_CONVOLUTION_H
#define TINYSDK_CONVOLUTION_H

#include "requantize.h"
#include "tinysdk_kernels.h"

#include <stddef.h>

static inline int32_t tinysdk_in_plane(const tinysdk_conv2d_args *args) {
  return args->in_height * args->in_width;
}

static inline int32_t tinysdk_out_plane(const tinysdk_conv2d_args *args) {
  return args->out_height * args->out_width;
}

static inline int32_t tinysdk_taps(const tinysdk_conv2d_args *args) {
  return args->kernel_height * args->kernel_width;
}

/* A half-open range of positions. */
typedef struct {
  int32_t first;
  int32_t end;
} tinysdk_range;

/* The positions p in [from, to) for which p * stride + offset lies in [0, size). */
static inline tinysdk_range tinysdk_positions_inside(int32_t from, int32_t to, int32_t stride, int32_t offset,
                                                     int32_t size) {
  int32_t first = offset < 0 ? -offset : 0;
  int32_t end = offset < size ? size - offset : 0;
  if (stride != 1) {
    first = (first + stride - 1) / stride;
    end = (end + stride - 1) / stride;
  }
  const tinysdk_range range = {tinysdk_max(first, from), tinysdk_min(end, to)};
  return range;
}

/* Walks the channels of a layer in ascending order and finds each one's weights in the tensor that holds it.
 */
typedef struct {
  const int8_t *trained;
  const int8_t *frozen;
  const uint16_t *order;
  int32_t trained_count;
  int32_t frozen_count;
  int32_t next_trained;
  int32_t next_frozen;
} tinysdk_split;

static inline tinysdk_split tinysdk_split_start(const int8_t *weights, const int8_t *trained,
                                                const uint16_t *order, int32_t trained_count, int32_t count) {
  const tinysdk_split split = {trained, weights, order, trained_count, count - trained_count, 0, 0};
  return split;
}

/* One channel's place: `base` is its tensor, `own` its position there, `count` the positions of the tensor.
 */
typedef struct {
  const int8_t *base;
  int32_t own;
  int32_t count;
} tinysdk_place;

static inline tinysdk_place tinysdk_split_next(tinysdk_split *split, int32_t channel) {
  if (split->next_trained < split->trained_count && split->order[split->next_trained] == channel) {
    const tinysdk_place place = {split->trained, split->next_trained++, split->trained_count};
    return place;
  }
  const tinysdk_place place = {split->frozen, split->next_frozen++, split->frozen_count};
  return place;
}

/* An int8 value without its zero point. In 16 bits, so that the compiler may multiply 16-bit lanes. */
static inline int16_t tinysdk_difference(int8_t value, int32_t zero) {
  return (int16_t)(value - zero);
}

/* sums[i] += weight * (row[i * stride] - zero). */
static inline void tinysdk_multiply_row(int32_t *restrict sums, const int8_t *restrict row, int32_t count,
                                        int32_t stride, int16_t weight, int32_t zero) {
  if (stride == 1)
    for (int32_t i = 0; i < count; i++)
      sums[i] += weight * tinysdk_difference(row[i], zero);
  else if (stride == 2)
    for (int32_t i = 0; i < count; i++)
      sums[i] += weight * tinysdk_difference(row[2 * i], zero);
  else
    for (int32_t i = 0; i < count; i++)
      sums[i] += weight * tinysdk_difference(row[i * stride], zero);
}

#endif
