/* Weight gradients of any kernel as those of a 1x1 layer: a column for every tap of every learning input
 * channel, which holds what the tap reads at each output position. */
#ifndef TINYSDK_DSP_WINDOWS_H
#define TINYSDK_DSP_WINDOWS_H

#include "../Portable/convolution.h"

/* Columns are the planes themselves. */
static inline int32_t tinysdk_is_pointwise(const tinysdk_conv2d_args *args) {
  return tinysdk_taps(args) == 1 && args->pad_top == 0 && args->pad_left == 0 &&
         args->in_height == args->out_height && args->in_width == args->out_width;
}

static inline int32_t tinysdk_learning_columns(const tinysdk_conv2d_args *args) {
  return (args->trained_channels > 0 ? args->trained_channels : args->in_channels) * tinysdk_taps(args);
}

/* One column, read from output position to output position. */
typedef struct {
  const int8_t *plane;
  int32_t y;
  int32_t x;
  int32_t left; /* positions of the row */
} tinysdk_window_reader;

static inline tinysdk_window_reader tinysdk_read_column(const tinysdk_conv2d_args *args, const int8_t *saved,
                                                        int32_t column, int32_t position) {
  const int32_t taps = tinysdk_taps(args), tap = column % taps;
  const int32_t oy = position / args->out_width, ox = position % args->out_width;
  const int32_t y = oy * args->stride_y + tap / args->kernel_width * args->dilation_y - args->pad_top;
  const tinysdk_window_reader reader = {saved + column / taps * tinysdk_in_plane(args), y,
                                        ox * args->stride_x + tap % args->kernel_width * args->dilation_x -
                                            args->pad_left,
                                        args->out_width - ox};
  return reader;
}

static inline int32_t tinysdk_is_inside(const tinysdk_conv2d_args *args,
                                        const tinysdk_window_reader *reader) {
  return (uint32_t)reader->y < (uint32_t)args->in_height && (uint32_t)reader->x < (uint32_t)args->in_width;
}

/* The next value without its zero point; 0 in the padding. */
static inline int32_t tinysdk_next_value(const tinysdk_conv2d_args *args, tinysdk_window_reader *reader) {
  const int32_t y = reader->y, x = reader->x;
  const int32_t inside = tinysdk_is_inside(args, reader);
  reader->x += args->stride_x;
  if (--reader->left == 0) {
    reader->left = args->out_width;
    reader->x -= args->out_width * args->stride_x;
    reader->y += args->stride_y;
  }
  return inside ? reader->plane[y * args->in_width + x] - args->input_zero : 0;
}

#endif
