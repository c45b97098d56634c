#include "../Portable/convolution.h"
#include "gradient_phases.h"
#include "instructions.h"

#include <math.h>
#include <string.h>

extern __typeof__(tinysdk_conv2d_input_gradient_f32) tinysdk_conv2d_input_gradient_f32_dsp;
extern __typeof__(tinysdk_conv2d_input_gradient_f32_scratch) tinysdk_conv2d_input_gradient_f32_dsp_scratch;
extern __typeof__(tinysdk_conv2d_input_gradient_f32_scratch)
    tinysdk_conv2d_input_gradient_f32_dsp_instructions;

/* Windows that share no pixel: a pixel takes one product of every output channel, and its sum stays in a
 * register. */
static int32_t windows_lie_apart(const tinysdk_conv2d_args *args) {
  return args->dilation_x == 1 && args->dilation_y == 1 &&
         (args->out_height == 1 || args->kernel_height <= args->stride_y) &&
         (args->out_width == 1 || args->kernel_width <= args->stride_x);
}

/* Neighbouring pixels read by neighbouring taps, and the way to the next output channel. */
typedef struct {
  const float *gradient;
  const int8_t *weights;
  int32_t plane;
  int32_t row;
  int32_t outputs;
} pixel_run;

static inline __attribute__((always_inline)) void sum_outputs(const pixel_run *run, int32_t first,
                                                              int32_t count, float *to) {
  const float *gradient = run->gradient;
  const int8_t *weights = run->weights + first;
  float sums[16] = {0};
#pragma GCC unroll 1
  for (int32_t o = run->outputs; o > 0; o--, gradient += run->plane, weights += run->row)
#pragma GCC unroll 16
    for (int32_t i = 0; i < count; i++)
      sums[i] = fmaf((float)weights[i], gradient[0], sums[i]);
  memcpy(to + first, sums, sizeof(float) * (uint32_t)count);
}

/* The last pixels may be computed twice. */
static inline __attribute__((always_inline)) void sum_tiles(const pixel_run *run, int32_t count, int32_t tile,
                                                            float *to) {
  for (int32_t i = 0; i < count; i += tile)
    sum_outputs(run, tinysdk_min(i, count - tile), tile, to);
}

static __attribute__((noinline)) void sum_run(const pixel_run *run, int32_t count, float *to) {
  if (count >= 16)
    sum_tiles(run, count, 16, to);
  else if (count >= 8)
    sum_tiles(run, count, 8, to);
  else if (count >= 4)
    sum_tiles(run, count, 4, to);
  else
    sum_tiles(run, count, 1, to);
}

/* One input channel's pixels in the window of one output position. */
static void sum_window(const tinysdk_conv2d_args *args, pixel_run run, int32_t oy, int32_t ox, float *to) {
  const int32_t y = oy * args->stride_y - args->pad_top, x = ox * args->stride_x - args->pad_left;
  const tinysdk_range rows = tinysdk_positions_inside(0, args->kernel_height, 1, y, args->in_height);
  const tinysdk_range columns = tinysdk_positions_inside(0, args->kernel_width, 1, x, args->in_width);
  int32_t count = columns.end - columns.first, runs = rows.end - rows.first;
  if (count <= 0)
    return;
  run.weights += rows.first * args->kernel_width + columns.first;
  to += (y + rows.first) * args->in_width + x + columns.first;
  if (count == args->in_width && count == args->kernel_width) {
    count *= tinysdk_max(runs, 0);
    runs = count > 0;
  }
  for (; runs > 0; runs--, run.weights += args->kernel_width, to += args->in_width)
    sum_run(&run, count, to);
}

static void sum_windows(const tinysdk_conv2d_args *args, const float *gradient, tinysdk_split split,
                        float *to) {
  const int32_t taps = tinysdk_taps(args);
  for (int32_t c = 0; c < args->in_channels; c++, to += tinysdk_in_plane(args)) {
    const tinysdk_place place = tinysdk_split_next(&split, c);
    for (int32_t oy = 0; oy < args->out_height; oy++)
      for (int32_t ox = 0; ox < args->out_width; ox++) {
        const pixel_run run = {gradient + oy * args->out_width + ox, place.base + place.own * taps,
                               tinysdk_out_plane(args), place.count * taps, args->out_channels};
        sum_window(args, run, oy, ox, to);
      }
  }
}

/* Windows that overlap. The gradient's plane lies between margins of zeros (to which every product adds +-0,
 * which no sum shows, being never -0). */
typedef struct {
  tinysdk_gradient_phases places;
  float *weights; /* of one channel and output channel, phase by phase */
  float *plane;
} gradient_phases;

static int32_t phases_bytes(const tinysdk_conv2d_args *args) {
  const tinysdk_gradient_phases phases = tinysdk_phases_of(args);
  return tinysdk_phases_bytes(&phases) +
         (tinysdk_taps(args) + phases.rows * phases.words) * (int32_t)sizeof(float);
}

/* `count` neighbouring elements of a phase go on by their taps. */
static inline __attribute__((always_inline)) void add_taps(const float *plane, const float *weights,
                                                           const int32_t *offsets, int32_t taps,
                                                           int32_t count, int32_t stride, float *to) {
  float sums[8];
#pragma GCC unroll 8
  for (int32_t i = 0; i < count; i++)
    sums[i] = to[i * stride];
#pragma GCC unroll 1
  for (int32_t t = 0; t < taps; t++) {
    const float *const from = plane + offsets[t];
#pragma GCC unroll 8
    for (int32_t i = 0; i < count; i++)
      sums[i] = fmaf(weights[t], from[i], sums[i]);
  }
#pragma GCC unroll 8
  for (int32_t i = 0; i < count; i++)
    to[i * stride] = sums[i];
}

static __attribute__((noinline)) void add_row(const float *plane, const float *weights,
                                              const int32_t *offsets, int32_t taps, int32_t count,
                                              int32_t stride, float *to) {
  for (; count >= 8; count -= 8, plane += 8, to += 8 * stride)
    add_taps(plane, weights, offsets, taps, 8, stride, to);
  for (; count >= 4; count -= 4, plane += 4, to += 4 * stride)
    add_taps(plane, weights, offsets, taps, 4, stride, to);
  for (; count > 0; count--, plane++, to += stride)
    add_taps(plane, weights, offsets, taps, 1, stride, to);
}

/* The elements of one input channel, one phase after the other, go on by one output channel. */
static void add_phases(const gradient_phases *phases, const int8_t *kernel, float *to) {
  const tinysdk_conv2d_args *const args = phases->places.args;
  const int32_t taps = tinysdk_taps(args);
  for (int32_t t = 0; t < taps; t++)
    phases->weights[t] = (float)kernel[phases->places.taps[t]];
  const int32_t *count = phases->places.counts, *offsets = phases->places.offsets;
  const float *weights = phases->weights;
  for (int32_t py = 0; py < args->stride_y; py++)
    for (int32_t px = 0; px < args->stride_x; offsets += *count, weights += *count, count++, px++) {
      const int32_t columns = (args->in_width - px + args->stride_x - 1) / args->stride_x;
      const float *plane = phases->plane;
      for (int32_t y = py; y < args->in_height; y += args->stride_y, plane += phases->places.words)
        add_row(plane, weights, offsets, *count, columns, args->stride_x, to + y * args->in_width + px);
    }
}

static void load_plane(const gradient_phases *phases, const float *gradient) {
  const tinysdk_conv2d_args *const args = phases->places.args;
  const int32_t rows = tinysdk_min(args->out_height, phases->places.rows - phases->places.above);
  const int32_t count = tinysdk_min(args->out_width, phases->places.words - phases->places.before);
  float *to = phases->plane + phases->places.above * phases->places.words + phases->places.before;
  for (int32_t y = 0; y < rows; y++, gradient += args->out_width, to += phases->places.words)
    memcpy(to, gradient, sizeof(float) * (uint32_t)count);
}

static void sum_phases(const tinysdk_conv2d_args *args, const float *gradient, tinysdk_split split,
                       const gradient_phases *phases, float *to) {
  const int32_t taps = tinysdk_taps(args), plane = tinysdk_in_plane(args);
  for (int32_t o = 0; o < args->out_channels; o++, gradient += tinysdk_out_plane(args)) {
    tinysdk_split channels = split;
    load_plane(phases, gradient);
    for (int32_t c = 0; c < args->in_channels; c++) {
      const tinysdk_place place = tinysdk_split_next(&channels, c);
      add_phases(phases, place.base + (o * place.count + place.own) * taps, to + c * plane);
    }
  }
}

void tinysdk_conv2d_input_gradient_f32_dsp(const tinysdk_conv2d_args *args, const float *gradient,
                                           const int8_t *weights, const int8_t *trained,
                                           const uint16_t *order, float *input_gradient, void *scratch) {
  const int32_t apart = windows_lie_apart(args), taps = tinysdk_taps(args);
  const int32_t ins = args->in_channels * tinysdk_in_plane(args);
  const int32_t outs = args->out_channels * tinysdk_out_plane(args);
  const tinysdk_split split =
      tinysdk_split_start(weights, trained, order, args->trained_channels, args->in_channels);
  gradient_phases phases = {.places = tinysdk_phases_of(args)};
  memset(input_gradient, 0, sizeof(float) * (uint32_t)(args->batch * ins));
  if (!apart) {
    phases.weights = tinysdk_list_phases(&phases.places, scratch);
    phases.plane = phases.weights + taps;
    memset(phases.plane, 0, sizeof(float) * (uint32_t)(phases.places.rows * phases.places.words));
  }
  for (int32_t b = 0; b < args->batch; b++, gradient += outs, input_gradient += ins)
    if (apart)
      sum_windows(args, gradient, split, input_gradient);
    else
      sum_phases(args, gradient, split, &phases, input_gradient);
}

int32_t tinysdk_conv2d_input_gradient_f32_dsp_scratch(const tinysdk_conv2d_args *args) {
  return windows_lie_apart(args) ? 0 : phases_bytes(args);
}

int32_t tinysdk_conv2d_input_gradient_f32_dsp_instructions(const tinysdk_conv2d_args *args) {
  if (args->weight_zero != 0 || args->groups != 1)
    return -1;
  const int64_t taps = tinysdk_taps(args), channels = (int64_t)args->batch * args->in_channels;
  const int64_t windows = channels * tinysdk_out_plane(args), pairs = channels * args->out_channels;
  const int64_t rows = tinysdk_min(args->in_height, args->stride_y) * args->stride_x;
  if (windows_lie_apart(args))
    return tinysdk_instruction_count(
        windows * (args->kernel_height * 60 + args->out_channels * (taps * 4 + (taps + 15) / 16 * 6)));
  const int64_t elements = tinysdk_in_plane(args), tiles = elements / 8 + args->in_height * rows * 2;
  return tinysdk_instruction_count(pairs *
                                   (taps * 8 + tiles * 20 + rows * 30 +
                                    (elements * 3 + tiles * 6) * taps / (args->stride_y * args->stride_x)));
}
