#include "convolution.h"

#include <math.h>
#include <string.h>

/* In place, a gradient row is overwritten before the last window that reads it is done, so the rows that a
 * window spans are kept in a ring. */
static int32_t ring_rows(const tinysdk_conv2d_args *args) {
  return (args->kernel_height - 1) * args->dilation_y + 1;
}

/* Where the gradient rows of one plane are read: in the plane, or in the ring. */
typedef struct {
  const float *plane;
  float *ring;
  int32_t loaded;
} gradient_rows;

/* Copies the rows up to the newest one that input row y reads. */
static void load_rows(const tinysdk_conv2d_args *args, gradient_rows *rows, int32_t y) {
  const int32_t end = tinysdk_min(y + args->pad_top + 1, args->out_height);
  for (; rows->loaded < end; rows->loaded++)
    memcpy(rows->ring + rows->loaded % ring_rows(args) * args->out_width,
           rows->plane + rows->loaded * args->out_width, sizeof(float) * (uint32_t)args->out_width);
}

static const float *gradient_row(const tinysdk_conv2d_args *args, const gradient_rows *rows, int32_t oy) {
  return rows->ring ? rows->ring + oy % ring_rows(args) * args->out_width
                    : rows->plane + oy * args->out_width;
}

/* Adds what one kernel row contributes to one input row. */
static void add_kernel_row(const tinysdk_conv2d_args *args, const int8_t *weights,
                           const float *restrict gradient, float *restrict input_gradient) {
  const int32_t stride = args->stride_x;
  for (int32_t kx = 0; kx < args->kernel_width; kx++) {
    const float weight = (float)(weights[kx] - args->weight_zero);
    const int32_t dx = kx * args->dilation_x - args->pad_left;
    const tinysdk_range range = tinysdk_positions_inside(0, args->out_width, stride, dx, args->in_width);
    if (stride == 1)
      for (int32_t ox = range.first; ox < range.end; ox++)
        input_gradient[ox + dx] = fmaf(weight, gradient[ox], input_gradient[ox + dx]);
    else
      for (int32_t ox = range.first; ox < range.end; ox++)
        input_gradient[ox * stride + dx] = fmaf(weight, gradient[ox], input_gradient[ox * stride + dx]);
  }
}

/* Adds what one output plane contributes to input row y. */
static void add_plane_row(const tinysdk_conv2d_args *args, const int8_t *weights, const gradient_rows *rows,
                          int32_t y, float *input_gradient) {
  for (int32_t ky = 0; ky < args->kernel_height; ky++) {
    const int32_t position = y + args->pad_top - ky * args->dilation_y;
    const int32_t oy = position / args->stride_y;
    if (position < 0 || oy * args->stride_y != position || oy >= args->out_height)
      continue;
    add_kernel_row(args, weights + ky * args->kernel_width, gradient_row(args, rows, oy), input_gradient);
  }
}

void tinysdk_depthwise_input_gradient_f32(const tinysdk_conv2d_args *args, const float *gradient,
                                          const int8_t *weights, const int8_t *trained, const uint16_t *order,
                                          float *input_gradient, void *scratch) {
  const int32_t multiplier = args->out_channels / args->in_channels, taps = tinysdk_taps(args);
  float *const ring = gradient == input_gradient ? scratch : NULL;
  for (int32_t b = 0; b < args->batch; b++) {
    tinysdk_split split =
        tinysdk_split_start(weights, trained, order, args->trained_channels, args->in_channels);
    for (int32_t c = 0; c < args->in_channels; c++) {
      const tinysdk_place place = tinysdk_split_next(&split, c);
      const int32_t channel = b * args->in_channels + c;
      gradient_rows rows = {gradient + channel * multiplier * tinysdk_out_plane(args), ring, 0};
      for (int32_t y = 0; y < args->in_height; y++) {
        float *const row = input_gradient + channel * tinysdk_in_plane(args) + y * args->in_width;
        if (ring)
          load_rows(args, &rows, y);
        memset(row, 0, sizeof(float) * (uint32_t)args->in_width);
        for (int32_t j = 0; j < multiplier; j++) {
          const gradient_rows own = {rows.plane + j * tinysdk_out_plane(args), ring, rows.loaded};
          add_plane_row(args, place.base + (place.own * multiplier + j) * taps, &own, y, row);
        }
      }
    }
  }
}

int32_t tinysdk_depthwise_input_gradient_f32_scratch(const tinysdk_conv2d_args *args) {
  return ring_rows(args) * args->out_width * (int32_t)sizeof(float);
}
