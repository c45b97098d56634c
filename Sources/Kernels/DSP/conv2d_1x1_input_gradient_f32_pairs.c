#include "instructions.h"
#include "pairs_gradient.h"

#include <string.h>

extern __typeof__(tinysdk_conv2d_1x1_input_gradient_f32) tinysdk_conv2d_1x1_input_gradient_f32_pairs;
extern __typeof__(tinysdk_conv2d_1x1_input_gradient_f32_scratch)
    tinysdk_conv2d_1x1_input_gradient_f32_pairs_scratch;
extern __typeof__(tinysdk_conv2d_1x1_input_gradient_f32_scratch)
    tinysdk_conv2d_1x1_input_gradient_f32_pairs_instructions;

#define PIXELS TINYSDK_PAIRS_PIXELS

/* Whole pairs of output channels: the last one may be zeros. */
static int32_t column_count(const tinysdk_conv2d_args *args) {
  return (args->out_channels + 1) / 2 * 2 * PIXELS;
}

/* The block's gradients are copied out first, so that the outputs may overwrite them. */
static void load_columns(const float *gradient, int32_t outputs, int32_t plane, int32_t count,
                         float *columns) {
  for (int32_t o = 0; o < outputs; o++, gradient += plane, columns += PIXELS)
    if (count == PIXELS)
      memcpy(columns, gradient, PIXELS * sizeof(float));
    else
      for (int32_t p = 0; p < PIXELS; p++)
        columns[p] = p < count ? gradient[p] : 0;
  if (outputs % 2)
    memset(columns, 0, PIXELS * sizeof(float));
}

/* All input channels of fewer than sixteen pixels. */
static void multiply_rest(tinysdk_gradient_run run, int32_t count) {
  float *to = run.output;
  float sums[PIXELS];
  const int32_t channels = run.last, plane = run.plane / (int32_t)sizeof(float);
  run.output = sums;
  for (int32_t c = 0; c < channels; c++, to += plane) {
    run.channel = c;
    run.last = c + 1;
    tinysdk_run_gradient(&run);
    for (int32_t p = 0; p < count; p++)
      to[p] = sums[p];
  }
}

void tinysdk_conv2d_1x1_input_gradient_f32_pairs(const tinysdk_conv2d_args *args, const float *gradient,
                                                 const int8_t *weights, const int8_t *trained,
                                                 const uint16_t *order, float *input_gradient,
                                                 void *scratch) {
  (void)trained, (void)order;
  const int32_t plane = tinysdk_in_plane(args);
  tinysdk_gradient_run run = {.row = tinysdk_pair_words(args->in_channels) * 4,
                              .plane = plane * (int32_t)sizeof(float),
                              .columns = scratch,
                              .weights = weights,
                              .end = (const float *)scratch + column_count(args),
                              .last = args->in_channels};
  for (int32_t i = 0; i < args->batch; i++) {
    /* Where the images grow, the last one goes first: in place, no output may reach an unread image. */
    const int32_t b = args->in_channels > args->out_channels ? args->batch - 1 - i : i;
    for (int32_t p = 0; p < plane; p += PIXELS) {
      const int32_t count = tinysdk_min(PIXELS, plane - p);
      load_columns(gradient + b * args->out_channels * plane + p, args->out_channels, plane, count, scratch);
      run.output = input_gradient + b * args->in_channels * plane + p;
      if (count == PIXELS)
        tinysdk_run_gradient(&run);
      else
        multiply_rest(run, count);
    }
  }
}

int32_t tinysdk_conv2d_1x1_input_gradient_f32_pairs_scratch(const tinysdk_conv2d_args *args) {
  return column_count(args) * (int32_t)sizeof(float);
}

int32_t tinysdk_conv2d_1x1_input_gradient_f32_pairs_instructions(const tinysdk_conv2d_args *args) {
  if (!tinysdk_is_pairable(args))
    return -1;
  const int32_t plane = tinysdk_in_plane(args);
  const int64_t blocks = plane / PIXELS, rest = plane % PIXELS > 0;
  const int64_t outputs = column_count(args) / PIXELS;
  const int64_t multiplied = args->in_channels * (outputs * 22 + 16);
  return tinysdk_instruction_count(args->batch * (blocks * (outputs * 14 + 60 + multiplied) +
                                                  rest * (outputs * 90 + 60 + multiplied +
                                                          args->in_channels * (40 + plane % PIXELS * 6))));
}
