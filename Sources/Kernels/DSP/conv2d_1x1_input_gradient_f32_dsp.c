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

/* All input channels of `count` pixels. */
static void multiply_pixels(const tinysdk_conv2d_args *args, tinysdk_split split, const float *columns,
                            int32_t count, float *input_gradient) {
  const int32_t plane = tinysdk_in_plane(args);
  for (int32_t c = 0; c < args->in_channels; c++, input_gradient += plane) {
    const tinysdk_place place = tinysdk_split_next(&split, c);
    const int8_t *const weights = place.base + place.own;
    if (count == PIXELS) {
      tinysdk_gradient_tile(columns, weights, place.count, args->out_channels, input_gradient);
      continue;
    }
    float sums[PIXELS];
    tinysdk_gradient_tile(columns, weights, place.count, args->out_channels, sums);
    for (int32_t p = 0; p < count; p++)
      input_gradient[p] = sums[p];
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
      blocks * (args->out_channels * 30 + args->in_channels * (args->out_channels * 43 / 2 + 60)));
}
