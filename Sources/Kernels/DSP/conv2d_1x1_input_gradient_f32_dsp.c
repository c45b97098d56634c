#include "../Portable/convolution.h"
#include "gradient_tile.h"
#include "instructions.h"

#include <string.h>

extern __typeof__(tinysdk_conv2d_1x1_input_gradient_f32) tinysdk_conv2d_1x1_input_gradient_f32_dsp;
extern __typeof__(tinysdk_conv2d_1x1_input_gradient_f32_scratch)
    tinysdk_conv2d_1x1_input_gradient_f32_dsp_scratch;
extern __typeof__(tinysdk_conv2d_1x1_input_gradient_f32_scratch)
    tinysdk_conv2d_1x1_input_gradient_f32_dsp_instructions;

#define PIXELS TINYSDK_GRADIENT_PIXELS

/* The block's gradients are copied out first, so that the outputs may overwrite them. */
static void load_columns(const float *gradient, int32_t outputs, int32_t plane, int32_t count,
                         float *columns) {
  for (int32_t o = 0; o < outputs; o++, gradient += plane, columns += PIXELS) {
    if (count == PIXELS)
      memcpy(columns, gradient, PIXELS * sizeof(float));
    else
      for (int32_t p = 0; p < PIXELS; p++)
        columns[p] = p < count ? gradient[p] : 0;
  }
}

static void store_pixels(float *to, const float *sums, int32_t count) {
  if (count == PIXELS)
    memcpy(to, sums, PIXELS * sizeof(float));
  else
    for (int32_t p = 0; p < count; p++)
      to[p] = sums[p];
}

/* All input channels of `count` pixels. */
static void multiply_pixels(const tinysdk_conv2d_args *args, tinysdk_split split, const float *columns,
                            int32_t count, float *input_gradient) {
  const int32_t plane = tinysdk_in_plane(args);
  for (int32_t c = 0; c < args->in_channels; c += 2) {
    const int32_t both = c + 1 < args->in_channels;
    const tinysdk_place first = tinysdk_split_next(&split, c);
    const tinysdk_place second = both ? tinysdk_split_next(&split, c + 1) : first;
    const tinysdk_gradient_channels channels = {{first.base + first.own, second.base + second.own},
                                                {first.count, second.count}};
    float sums[2 * PIXELS];
    tinysdk_gradient_tile(columns, &channels, args->out_channels, sums);
    store_pixels(input_gradient + c * plane, sums, count);
    if (both)
      store_pixels(input_gradient + (c + 1) * plane, sums + PIXELS, count);
  }
}

void tinysdk_conv2d_1x1_input_gradient_f32_dsp(const tinysdk_conv2d_args *args, const float *gradient,
                                               const int8_t *weights, const int8_t *trained,
                                               const uint16_t *order, float *input_gradient, void *scratch) {
  const int32_t plane = tinysdk_in_plane(args);
  const tinysdk_split split =
      tinysdk_split_start(weights, trained, order, args->trained_channels, args->in_channels);
  for (int32_t i = 0; i < args->batch; i++) {
    /* Where the images grow, the last one goes first: in place, no output may reach an unread image. */
    const int32_t b = args->in_channels > args->out_channels ? args->batch - 1 - i : i;
    for (int32_t p = 0; p < plane; p += PIXELS) {
      const int32_t count = tinysdk_min(PIXELS, plane - p);
      load_columns(gradient + b * args->out_channels * plane + p, args->out_channels, plane, count, scratch);
      multiply_pixels(args, split, scratch, count, input_gradient + b * args->in_channels * plane + p);
    }
  }
}

int32_t tinysdk_conv2d_1x1_input_gradient_f32_dsp_scratch(const tinysdk_conv2d_args *args) {
  return args->out_channels * PIXELS * (int32_t)sizeof(float);
}

int32_t tinysdk_conv2d_1x1_input_gradient_f32_dsp_instructions(const tinysdk_conv2d_args *args) {
  if (args->weight_zero != 0)
    return -1;
  const int64_t blocks = (int64_t)args->batch * ((tinysdk_in_plane(args) + PIXELS - 1) / PIXELS);
  return tinysdk_instruction_count(
      blocks * (args->out_channels * 16 + args->in_channels * (args->out_channels * 12 + 60)));
}
