/* Windows of pooling layers. */
#ifndef TINYSDK_POOLING_H
#define TINYSDK_POOLING_H

#include "requantize.h"
#include "tinysdk_kernels.h"

/* The taps of a window at input position `start` that lie inside the image: first, first + 1, ... end - 1. */
typedef struct {
  int32_t start;
  int32_t dilation;
  int32_t first;
  int32_t end;
} tinysdk_window_axis;

static inline tinysdk_window_axis tinysdk_window(int32_t start, int32_t dilation, int32_t kernel,
                                                 int32_t size) {
  const int32_t before = start < 0 ? (dilation - 1 - start) / dilation : 0;
  const int32_t within = start < size ? (size - 1 - start) / dilation + 1 : 0;
  const tinysdk_window_axis axis = {start, dilation, before,
                                    tinysdk_max(before, tinysdk_min(kernel, within))};
  return axis;
}

typedef struct {
  tinysdk_window_axis y;
  tinysdk_window_axis x;
} tinysdk_pool_window;

static inline tinysdk_pool_window tinysdk_pool_window_at(const tinysdk_pool2d_args *args, int32_t oy,
                                                         int32_t ox) {
  const tinysdk_pool_window window = {tinysdk_window(oy * args->stride_y - args->pad_top, args->dilation_y,
                                                     args->kernel_height, args->in_height),
                                      tinysdk_window(ox * args->stride_x - args->pad_left, args->dilation_x,
                                                     args->kernel_width, args->in_width)};
  return window;
}

static inline int32_t tinysdk_pixels_inside(const tinysdk_pool_window *window) {
  return (window->y.end - window->y.first) * (window->x.end - window->x.first);
}

/* What an average over the window divides by. */
static inline int32_t tinysdk_pool_divisor(const tinysdk_pool2d_args *args,
                                           const tinysdk_pool_window *window) {
  return args->count_padding ? args->kernel_height * args->kernel_width : tinysdk_pixels_inside(window);
}

/* The sum that an average over the window divides, padding included where it counts. */
static inline int32_t tinysdk_pool_sum(const tinysdk_pool2d_args *args, const tinysdk_pool_window *window,
                                       const int8_t *plane) {
  int32_t sum = (tinysdk_pool_divisor(args, window) - tinysdk_pixels_inside(window)) * args->zero;
  for (int32_t ky = window->y.first; ky < window->y.end; ky++) {
    const int8_t *const row = plane + (window->y.start + ky * window->y.dilation) * args->in_width;
    for (int32_t kx = window->x.first; kx < window->x.end; kx++)
      sum += row[window->x.start + kx * window->x.dilation];
  }
  return sum;
}

#endif
