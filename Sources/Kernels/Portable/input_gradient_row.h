/* Input gradients of convolutions, one input row of 32-bit sums at a time. */
#ifndef TINYSDK_INPUT_GRADIENT_ROW_H
#define TINYSDK_INPUT_GRADIENT_ROW_H

#include "convolution.h"

/* The output row that reads input row y through kernel row ky; -1 if none does. */
static inline int32_t tinysdk_row_reading(const tinysdk_conv2d_args *args, int32_t y, int32_t ky) {
  const int32_t position = y + args->pad_top - ky * args->dilation_y;
  const int32_t oy = position / args->stride_y;
  return position < 0 || oy * args->stride_y != position || oy >= args->out_height ? -1 : oy;
}

/* Adds what one kernel row contributes to one input row. */
static inline void tinysdk_add_kernel_row(const tinysdk_conv2d_args *args, const int8_t *weights,
                                          const tinysdk_gradient *restrict gradient, int32_t *restrict sums) {
  const int32_t stride = args->stride_x;
  for (int32_t kx = 0; kx < args->kernel_width; kx++) {
    const int32_t weight = tinysdk_difference(weights[kx], args->weight_zero);
    const int32_t dx = kx * args->dilation_x - args->pad_left;
    const tinysdk_range range = tinysdk_positions_inside(0, args->out_width, stride, dx, args->in_width);
    if (stride == 1)
      for (int32_t ox = range.first; ox < range.end; ox++)
        sums[ox + dx] += weight * gradient[ox];
    else
      for (int32_t ox = range.first; ox < range.end; ox++)
        sums[ox * stride + dx] += weight * gradient[ox];
  }
}

#endif
