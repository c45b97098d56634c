/* What the gradients of both pools share: which windows reach an input row. */
#ifndef TINYSDK_POOL_GRADIENT_ROW_H
#define TINYSDK_POOL_GRADIENT_ROW_H

#include "convolution.h"
#include "narrow.h"
#include "pooling.h"

/* The output row whose windows read input row y through their row ky; -1 if none does. */
static inline int32_t tinysdk_pool_row(const tinysdk_pool2d_args *args, int32_t y, int32_t ky) {
  const int32_t position = y + args->pad_top - ky * args->dilation_y;
  const int32_t oy = position / args->stride_y;
  return position < 0 || oy * args->stride_y != position || oy >= args->out_height ? -1 : oy;
}

/* The columns of the windows that may reach the `count` input columns from x on. */
static inline tinysdk_range tinysdk_pool_columns(const tinysdk_pool2d_args *args, int32_t x, int32_t count) {
  const int32_t span = (args->kernel_width - 1) * args->dilation_x;
  return tinysdk_positions_inside(0, args->out_width, args->stride_x, span - args->pad_left - x,
                                  count + span);
}

/* The windows of an average pool. */
static inline tinysdk_pool2d_args tinysdk_average_pool(const tinysdk_average_pool2d_gradient_args *args) {
  const tinysdk_pool2d_args pool = {.batch = args->batch,
                                    .channels = args->channels,
                                    .in_height = args->in_height,
                                    .in_width = args->in_width,
                                    .out_height = args->out_height,
                                    .out_width = args->out_width,
                                    .kernel_height = args->kernel_height,
                                    .kernel_width = args->kernel_width,
                                    .stride_y = args->stride_y,
                                    .stride_x = args->stride_x,
                                    .pad_top = args->pad_top,
                                    .pad_left = args->pad_left,
                                    .dilation_y = args->dilation_y,
                                    .dilation_x = args->dilation_x,
                                    .count_padding = args->count_padding};
  return pool;
}

#endif
