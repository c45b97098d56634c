/* Weight gradients, one tile of registers at a time, handed to whoever stores or applies them. Written once
 * for float and integer gradients: gradient_f32.h, gradient_g16.h or gradient_g8.h comes first. */
#ifndef TINYSDK_WEIGHT_GRADIENT_H
#define TINYSDK_WEIGHT_GRADIENT_H

#include "convolution.h"

/* Weights worked on at once, along each axis of a tile. */
#define TINYSDK_TILE 4

/* Receives one weight's gradient: the output channel, the element of the weight tensor, the value. */
typedef void tinysdk_gradient_sink(void *context, int32_t output, int32_t index,
                                   tinysdk_gradient_sum gradient);

typedef struct {
  const tinysdk_conv2d_args *args;
  const tinysdk_gradient *gradient;
  const int8_t *saved;
  int32_t own_channels; /* planes of `saved` per group (depthwise: in all) */
  tinysdk_gradient_sink *sink;
  void *context;
} tinysdk_weight_gradient;

static inline int32_t tinysdk_is_depthwise(const tinysdk_conv2d_args *args) {
  return args->groups == args->in_channels;
}

/* A 1x1 layer of one group: four outputs by four inputs, all pixels of all images in order. Tiles that reach
 * past the last channel compute it again, which nobody receives. */
static inline void tinysdk_weight_gradient_tile(const tinysdk_weight_gradient *job, int32_t o, int32_t k) {
  const tinysdk_conv2d_args *const args = job->args;
  const int32_t plane = tinysdk_out_plane(args), outputs = args->out_channels, inputs = job->own_channels;
  int32_t from[TINYSDK_TILE], with[TINYSDK_TILE];
  tinysdk_gradient_sum sums[TINYSDK_TILE][TINYSDK_TILE] = {{0}};
  for (int32_t i = 0; i < TINYSDK_TILE; i++) {
    from[i] = tinysdk_min(o + i, outputs - 1) * plane;
    with[i] = tinysdk_min(k + i, inputs - 1) * plane;
  }
  for (int32_t b = 0; b < args->batch; b++) {
    const tinysdk_gradient *const gradient = job->gradient + b * outputs * plane;
    const int8_t *const saved = job->saved + b * inputs * plane;
    for (int32_t p = 0; p < plane; p++) {
      tinysdk_gradient_factor value[TINYSDK_TILE];
      for (int32_t j = 0; j < TINYSDK_TILE; j++)
        value[j] = (tinysdk_gradient_factor)(saved[with[j] + p] - args->input_zero);
      for (int32_t i = 0; i < TINYSDK_TILE; i++)
        for (int32_t j = 0; j < TINYSDK_TILE; j++)
          sums[i][j] = tinysdk_multiply_add(gradient[from[i] + p], value[j], sums[i][j]);
    }
  }
  for (int32_t i = 0; i < tinysdk_min(TINYSDK_TILE, outputs - o); i++)
    for (int32_t j = 0; j < tinysdk_min(TINYSDK_TILE, inputs - k); j++)
      job->sink(job->context, o + i, (o + i) * inputs + k + j, sums[i][j]);
}

/* Up to four neighbouring taps of one kernel row. */
typedef struct {
  int32_t offset[TINYSDK_TILE];        /* input column minus output column * stride */
  tinysdk_range columns[TINYSDK_TILE]; /* output columns at which the tap reads the image */
  tinysdk_range common;                /* those at which all taps do */
} tinysdk_tap_group;

static inline tinysdk_tap_group tinysdk_tap_group_at(const tinysdk_conv2d_args *args, int32_t kx) {
  tinysdk_tap_group taps = {.common = {0, args->out_width}};
  for (int32_t i = 0; i < TINYSDK_TILE; i++) {
    /* A group that reaches past the last tap computes it again, which nobody receives. */
    const int32_t tap = tinysdk_min(kx + i, args->kernel_width - 1);
    taps.offset[i] = tap * args->dilation_x - args->pad_left;
    taps.columns[i] =
        tinysdk_positions_inside(0, args->out_width, args->stride_x, taps.offset[i], args->in_width);
    taps.common.first = tinysdk_max(taps.common.first, taps.columns[i].first);
    taps.common.end = tinysdk_min(taps.common.end, taps.columns[i].end);
  }
  if (taps.common.end < taps.common.first)
    taps.common.end = taps.common.first = tinysdk_min(taps.common.first, args->out_width);
  return taps;
}

/* Output columns [from, to), some of them outside the image for some taps. */
static inline void tinysdk_add_border(const tinysdk_conv2d_args *args, const tinysdk_tap_group *taps,
                                      const tinysdk_gradient *gradient, const int8_t *row, int32_t from,
                                      int32_t to, tinysdk_gradient_sum *sums) {
  for (int32_t x = from; x < to; x++)
    for (int32_t i = 0; i < TINYSDK_TILE; i++)
      if (x >= taps->columns[i].first && x < taps->columns[i].end)
        sums[i] = tinysdk_multiply_add(
            gradient[x],
            (tinysdk_gradient_factor)(row[x * args->stride_x + taps->offset[i]] - args->input_zero), sums[i]);
}

/* One output row: the sums of the group's taps go on. */
static inline void tinysdk_add_row(const tinysdk_conv2d_args *args, const tinysdk_tap_group *taps,
                                   const tinysdk_gradient *gradient, const int8_t *row,
                                   tinysdk_gradient_sum *sums) {
  tinysdk_add_border(args, taps, gradient, row, 0, taps->common.first, sums);
  tinysdk_gradient_sum acc[TINYSDK_TILE];
  for (int32_t i = 0; i < TINYSDK_TILE; i++)
    acc[i] = sums[i];
  for (int32_t x = taps->common.first; x < taps->common.end; x++)
    for (int32_t i = 0; i < TINYSDK_TILE; i++)
      acc[i] = tinysdk_multiply_add(
          gradient[x],
          (tinysdk_gradient_factor)(row[x * args->stride_x + taps->offset[i]] - args->input_zero), acc[i]);
  for (int32_t i = 0; i < TINYSDK_TILE; i++)
    sums[i] = acc[i];
  tinysdk_add_border(args, taps, gradient, row, taps->common.end, args->out_width, sums);
}

/* All taps between one plane of `saved` and one output plane; `index` is the first one's weight. */
static inline void tinysdk_weight_gradient_taps(const tinysdk_weight_gradient *job, int32_t o,
                                                int32_t saved_plane, int32_t saved_planes, int32_t index) {
  const tinysdk_conv2d_args *const args = job->args;
  for (int32_t ky = 0; ky < args->kernel_height; ky++) {
    const int32_t dy = ky * args->dilation_y - args->pad_top;
    const tinysdk_range rows =
        tinysdk_positions_inside(0, args->out_height, args->stride_y, dy, args->in_height);
    for (int32_t kx = 0; kx < args->kernel_width; kx += TINYSDK_TILE) {
      const tinysdk_tap_group taps = tinysdk_tap_group_at(args, kx);
      tinysdk_gradient_sum sums[TINYSDK_TILE] = {0};
      for (int32_t b = 0; b < args->batch; b++) {
        const tinysdk_gradient *const gradient =
            job->gradient + (b * args->out_channels + o) * tinysdk_out_plane(args);
        const int8_t *const saved = job->saved + (b * saved_planes + saved_plane) * tinysdk_in_plane(args);
        for (int32_t oy = rows.first; oy < rows.end; oy++)
          tinysdk_add_row(args, &taps, gradient + oy * args->out_width,
                          saved + (oy * args->stride_y + dy) * args->in_width, sums);
      }
      for (int32_t i = 0; i < tinysdk_min(TINYSDK_TILE, args->kernel_width - kx); i++)
        job->sink(job->context, o, index + ky * args->kernel_width + kx + i, sums[i]);
    }
  }
}

static inline void tinysdk_depthwise_weight_gradient(const tinysdk_weight_gradient *job,
                                                     const uint16_t *order) {
  const int32_t multiplier = job->args->out_channels / job->args->in_channels;
  for (int32_t k = 0; k < job->own_channels; k++)
    for (int32_t j = 0; j < multiplier; j++)
      tinysdk_weight_gradient_taps(job, (order ? order[k] : k) * multiplier + j, k, job->own_channels,
                                   (k * multiplier + j) * tinysdk_taps(job->args));
}

static inline void tinysdk_grouped_weight_gradient(const tinysdk_weight_gradient *job) {
  const int32_t groups = job->args->groups, own = job->own_channels;
  const int32_t outputs = job->args->out_channels / groups;
  for (int32_t o = 0; o < job->args->out_channels; o++)
    for (int32_t k = 0; k < own; k++)
      tinysdk_weight_gradient_taps(job, o, o / outputs * own + k, groups * own,
                                   (o * own + k) * tinysdk_taps(job->args));
}

/* Computes every weight's gradient once and hands it to the sink. */
static inline void tinysdk_each_weight_gradient(const tinysdk_conv2d_args *args,
                                                const tinysdk_gradient *gradient, const int8_t *saved,
                                                const uint16_t *order, tinysdk_gradient_sink *sink,
                                                void *context) {
  const int32_t depthwise = tinysdk_is_depthwise(args);
  const int32_t all = depthwise ? args->in_channels : args->in_channels / args->groups;
  const int32_t own = args->trained_channels > 0 ? args->trained_channels : all;
  const tinysdk_weight_gradient job = {args, gradient, saved, own, sink, context};
  const int32_t pointwise = tinysdk_taps(args) == 1 && args->groups == 1 && args->pad_top == 0 &&
                            args->pad_left == 0 && args->in_height == args->out_height &&
                            args->in_width == args->out_width;
  if (pointwise)
    for (int32_t o = 0; o < args->out_channels; o += TINYSDK_TILE)
      for (int32_t k = 0; k < own; k += TINYSDK_TILE)
        tinysdk_weight_gradient_tile(&job, o, k);
  else if (depthwise)
    tinysdk_depthwise_weight_gradient(&job, order);
  else
    tinysdk_grouped_weight_gradient(&job);
}

#endif
