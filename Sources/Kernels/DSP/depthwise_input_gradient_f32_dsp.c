#include "../Portable/convolution.h"
#include "gradient_strip.h"
#include "instructions.h"

#include <string.h>

extern __typeof__(tinysdk_depthwise_input_gradient_f32) tinysdk_depthwise_input_gradient_f32_dsp;
extern __typeof__(tinysdk_depthwise_input_gradient_f32_scratch)
    tinysdk_depthwise_input_gradient_f32_dsp_scratch;
extern __typeof__(tinysdk_depthwise_input_gradient_f32_scratch)
    tinysdk_depthwise_input_gradient_f32_dsp_instructions;

/* Gradient rows kept at a time. Whole small planes; of larger ones, what a window spans is kept on. */
#define ROWS 16

/* Planes of at most so many rows have their rows' sums listed once. */
#define LISTED_ROWS 16

typedef struct {
  int32_t rows;
  int32_t newest;
  int32_t weight;
} row_sum;

/* One channel's gradients, copied between margins of zeros (to which every product adds +-0, which no sum
 * shows, being never -0), so that the outputs may overwrite them. */
typedef struct {
  const tinysdk_conv2d_args *args;
  const float *gradient;
  float *to;
  float *rest;    /* room for a strip that reaches past the row's end */
  float *weights; /* as floats; under stride 2 the even kernel rows come first */
  float *rows;
  int32_t words;  /* of a row with its margins */
  int32_t margin; /* the left one */
  int32_t first;  /* the row of gradients that lies first */
  int32_t loaded;
  int32_t count; /* of a row of inputs */
  int32_t whole; /* whether a plane's gradients are held whole, and its rows' sums listed */
  row_sum sums[LISTED_ROWS];
  tinysdk_gradient_strips strips;
} gradient_plane;

static int32_t row_words(const tinysdk_conv2d_args *args) {
  if (args->stride_x == 1)
    return (args->in_width + 3) / 4 * 4 + args->kernel_width - 1;
  return (args->in_width + 7) / 8 * 4 + args->kernel_width / 2;
}

static int32_t left_margin(const tinysdk_conv2d_args *args) {
  if (args->stride_x == 1)
    return args->kernel_width - 1 - args->pad_left;
  return args->kernel_width / 2 - (args->pad_left + 1) / 2;
}

static int32_t kept_rows(const tinysdk_conv2d_args *args) {
  return tinysdk_min(args->out_height, ROWS);
}

static void copy_words(const float *from, int32_t count, float *to) {
  for (; count >= 4; count -= 4, from += 4, to += 4)
    memcpy(to, from, 4 * sizeof(float));
  for (int32_t i = 0; i < count; i++)
    to[i] = from[i];
}

/* Makes row `last` of the gradients present, and as many more as there is room for. */
static __attribute__((noinline)) void load_rows(gradient_plane *plane, int32_t last) {
  const tinysdk_conv2d_args *const args = plane->args;
  const int32_t room = kept_rows(args), count = tinysdk_min(args->out_width, plane->words - plane->margin);
  if (last < plane->loaded || plane->loaded == args->out_height)
    return;
  if (plane->loaded > 0) {
    const int32_t keep = args->kernel_height - 1;
    memmove(plane->rows, plane->rows + (room - keep) * plane->words,
            sizeof(float) * (uint32_t)(keep * plane->words));
    plane->first = plane->loaded - keep;
  }
  const int32_t end = tinysdk_min(plane->first + room, args->out_height);
  for (; plane->loaded < end; plane->loaded++)
    copy_words(plane->gradient + plane->loaded * args->out_width, count,
               plane->rows + (plane->loaded - plane->first) * plane->words + plane->margin);
}

/* What row y of the inputs takes: `rows` kernel rows, from weight row `weight` on, with the gradients from
 * row `newest` up. */
static inline row_sum row_sum_at(const tinysdk_conv2d_args *args, int32_t stride, int32_t y) {
  const int32_t position = y + args->pad_top, parity = stride == 2 ? position & 1 : 0;
  const int32_t newest = stride == 2 ? position >> 1 : position, height = args->kernel_height;
  const int32_t taps = stride == 2 ? (height + 1 - parity) >> 1 : height;
  const int32_t skipped = tinysdk_max(0, newest + 1 - args->out_height);
  const row_sum sum = {tinysdk_min(taps, newest + 1) - skipped, newest - skipped,
                       skipped + (parity ? (height + 1) >> 1 : 0)};
  return sum;
}

/* One row of inputs from the buffer's row at `row`. The kind's constants are constants where this is inlined.
 */
static inline __attribute__((always_inline)) void sum_row(const gradient_plane *plane,
                                                          tinysdk_strip_kind eight, const float *row,
                                                          const float *weights, int32_t rows, float *to) {
  const tinysdk_strip_kind four = {eight.width, eight.stride, eight.odd, 4};
  const tinysdk_gradient_strips strips = plane->strips;
  const int32_t count = plane->count, step = 8 / eight.stride;
  int32_t x = 0;
  for (; x + 8 <= count; x += 8, row += step)
    tinysdk_gradient_strip(eight, &strips, row, weights, rows, to + x);
  if (eight.stride == 1 && count - x >= 4) {
    tinysdk_gradient_strip(four, &strips, row, weights, rows, to + x);
    x += 4, row += 4;
  }
  if (x < count) {
    tinysdk_gradient_strip(eight.stride == 1 ? four : eight, &strips, row, weights, rows, plane->rest);
    for (int32_t i = 0; i < count - x; i++)
      to[x + i] = plane->rest[i];
  }
}

/* All rows of one channel. */
static inline __attribute__((always_inline)) void sum_plane(gradient_plane *plane, int32_t width,
                                                            int32_t stride, int32_t odd) {
  const tinysdk_strip_kind kind = {width, stride, odd, 8};
  float *to = plane->to;
  for (int32_t y = 0; y < plane->args->in_height; y++, to += plane->count) {
    const row_sum sum = plane->whole ? plane->sums[y] : row_sum_at(plane->args, stride, y);
    if (sum.rows <= 0) {
      memset(to, 0, sizeof(float) * (uint32_t)plane->count);
      continue;
    }
    if (sum.newest >= plane->loaded)
      load_rows(plane, sum.newest);
    sum_row(plane, kind, plane->rows + (sum.newest - plane->first) * plane->words,
            plane->weights + sum.weight * width, sum.rows, to);
  }
}

/* A plane whose rows are all kept. */
static void load_plane(gradient_plane *plane) {
  const tinysdk_conv2d_args *const args = plane->args;
  const int32_t count = args->out_width;
  plane->first = plane->loaded = 0;
  if (!plane->whole || (count != 4 && count != 8) || count > plane->words - plane->margin)
    return;
  tinysdk_copy_gradient_rows(plane->gradient, count, args->out_height, plane->strips.pitch,
                             plane->rows + plane->margin);
  plane->loaded = args->out_height;
}

static void sum_any_plane(gradient_plane *plane) {
  const int32_t width = plane->args->kernel_width, stride = plane->args->stride_x;
  const int32_t odd = plane->args->pad_left & 1;
  if (stride == 1)
    width == 3   ? sum_plane(plane, 3, 1, 0)
    : width == 5 ? sum_plane(plane, 5, 1, 0)
                 : sum_plane(plane, 7, 1, 0);
  else if (odd)
    width == 3   ? sum_plane(plane, 3, 2, 1)
    : width == 5 ? sum_plane(plane, 5, 2, 1)
                 : sum_plane(plane, 7, 2, 1);
  else
    width == 3   ? sum_plane(plane, 3, 2, 0)
    : width == 5 ? sum_plane(plane, 5, 2, 0)
                 : sum_plane(plane, 7, 2, 0);
}

static void load_weights(const tinysdk_conv2d_args *args, const int8_t *weights, float *to) {
  const int32_t width = args->kernel_width, stride = args->stride_y;
  for (int32_t parity = 0; parity < stride; parity++)
    for (int32_t ky = parity; ky < args->kernel_height; ky += stride)
      for (int32_t kx = 0; kx < width; kx++)
        *to++ = (float)weights[ky * width + kx];
}

void tinysdk_depthwise_input_gradient_f32_dsp(const tinysdk_conv2d_args *args, const float *gradient,
                                              const int8_t *weights, const int8_t *trained,
                                              const uint16_t *order, float *input_gradient, void *scratch) {
  float *const room = scratch;
  const int32_t words = row_words(args), taps = tinysdk_taps(args);
  gradient_plane plane = {.args = args,
                          .rest = room + 8,
                          .weights = room + 16,
                          .rows = room + 16 + taps,
                          .words = words,
                          .margin = left_margin(args),
                          .count = args->in_width,
                          .whole = args->in_height <= LISTED_ROWS && args->out_height <= ROWS,
                          .strips = {room, words * (int32_t)sizeof(float)}};
  for (int32_t y = 0; plane.whole && y < args->in_height; y++)
    plane.sums[y] = row_sum_at(args, args->stride_y, y);
  memset(scratch, 0, (uint32_t)tinysdk_depthwise_input_gradient_f32_dsp_scratch(args));
  for (int32_t b = 0; b < args->batch; b++) {
    tinysdk_split split =
        tinysdk_split_start(weights, trained, order, args->trained_channels, args->in_channels);
    for (int32_t c = 0; c < args->in_channels; c++) {
      const tinysdk_place place = tinysdk_split_next(&split, c);
      const int32_t channel = b * args->in_channels + c;
      plane.gradient = gradient + channel * tinysdk_out_plane(args);
      plane.to = input_gradient + channel * tinysdk_in_plane(args);
      load_weights(args, place.base + place.own * taps, plane.weights);
      load_plane(&plane);
      sum_any_plane(&plane);
    }
  }
}

int32_t tinysdk_depthwise_input_gradient_f32_dsp_scratch(const tinysdk_conv2d_args *args) {
  return (16 + tinysdk_taps(args) + kept_rows(args) * row_words(args)) * (int32_t)sizeof(float);
}

int32_t tinysdk_depthwise_input_gradient_f32_dsp_instructions(const tinysdk_conv2d_args *args) {
  const int32_t width = args->kernel_width, height = args->kernel_height, stride = args->stride_x;
  if (args->weight_zero != 0 || args->out_channels != args->in_channels || args->dilation_x != 1 ||
      args->dilation_y != 1 || (width != 3 && width != 5 && width != 7) || height > 7 ||
      (stride != 1 && stride != 2) || args->stride_y != stride || args->pad_top >= height ||
      args->pad_left >= width)
    return -1;
  const int64_t planes = (int64_t)args->batch * args->in_channels;
  const int64_t rows = planes * args->in_height, sums = height * width * args->in_width / (stride * stride);
  const int64_t strips = (args->in_width + 7) / 8 * (5 * height / stride + 10);
  return tinysdk_instruction_count(rows * (sums + strips + 78) +
                                   planes * (4 * tinysdk_taps(args) + 60 + 2 * tinysdk_out_plane(args)));
}
