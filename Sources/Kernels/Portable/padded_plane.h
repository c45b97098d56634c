/* One input plane copied out together with its padding. */
#ifndef TINYSDK_PADDED_PLANE_H
#define TINYSDK_PADDED_PLANE_H

#include "convolution.h"

#include <string.h>

/* The part of the input plane that windows reach, padding included. */
static inline int32_t tinysdk_padded_height(const tinysdk_conv2d_args *args) {
  return (args->out_height - 1) * args->stride_y + (args->kernel_height - 1) * args->dilation_y + 1;
}

static inline int32_t tinysdk_padded_width(const tinysdk_conv2d_args *args) {
  return (args->out_width - 1) * args->stride_x + (args->kernel_width - 1) * args->dilation_x + 1;
}

/* Copies one plane with its padding, which reads as the input's zero point. */
static inline void tinysdk_pad_plane(const tinysdk_conv2d_args *args, const int8_t *input, int8_t *padded) {
  const int32_t height = tinysdk_padded_height(args), width = tinysdk_padded_width(args);
  const tinysdk_range rows = tinysdk_positions_inside(0, height, 1, -args->pad_top, args->in_height);
  const tinysdk_range columns = tinysdk_positions_inside(0, width, 1, -args->pad_left, args->in_width);
  memset(padded, args->input_zero, (uint32_t)(height * width));
  if (columns.first >= columns.end)
    return;
  for (int32_t y = rows.first; y < rows.end; y++)
    memcpy(padded + y * width + columns.first,
           input + (y - args->pad_top) * args->in_width + columns.first - args->pad_left,
           (uint32_t)(columns.end - columns.first));
}

#endif
