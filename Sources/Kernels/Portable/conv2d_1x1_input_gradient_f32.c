#include "convolution.h"

#include <math.h>
#include <string.h>

/* A register tile: input channels by pixels. The pixels' columns are copied to the scratch first, so that the
 * outputs may overwrite the inputs. */
#define CHANNELS 4
#define PIXELS 4

static void load_columns(const tinysdk_conv2d_args *args, const float *gradient, int32_t count,
                         float *columns) {
  const int32_t plane = tinysdk_out_plane(args);
  for (int32_t o = 0; o < args->out_channels; o++)
    for (int32_t p = 0; p < PIXELS; p++)
      columns[o * PIXELS + p] = p < count ? gradient[o * plane + p] : 0;
}

/* The gradients of the input channels at places[0] ... places[3], all pixels of the block. */
static void multiply_tile(const tinysdk_conv2d_args *args, const tinysdk_place *places, const float *columns,
                          float sums[CHANNELS][PIXELS]) {
  float acc[CHANNELS][PIXELS] = {{0}};
  for (int32_t o = 0; o < args->out_channels; o++) {
    for (int32_t j = 0; j < CHANNELS; j++) {
      const float weight = (float)(places[j].base[o * places[j].count + places[j].own] - args->weight_zero);
      for (int32_t p = 0; p < PIXELS; p++)
        acc[j][p] = fmaf(weight, columns[o * PIXELS + p], acc[j][p]);
    }
  }
  memcpy(sums, acc, sizeof(acc));
}

/* All input channels of `count` pixels. */
static void multiply_pixels(const tinysdk_conv2d_args *args, tinysdk_split split, const float *columns,
                            int32_t count, float *input_gradient) {
  for (int32_t c = 0; c < args->in_channels; c += CHANNELS) {
    const int32_t channels = tinysdk_min(CHANNELS, args->in_channels - c);
    tinysdk_place places[CHANNELS];
    /* A tile that reaches past the last channel computes that channel again. */
    for (int32_t j = 0; j < CHANNELS; j++)
      places[j] = j < channels ? tinysdk_split_next(&split, c + j) : places[j - 1];
    float sums[CHANNELS][PIXELS];
    multiply_tile(args, places, columns, sums);
    for (int32_t j = 0; j < channels; j++)
      memcpy(input_gradient + (c + j) * tinysdk_in_plane(args), sums[j], sizeof(float) * (uint32_t)count);
  }
}

void tinysdk_conv2d_1x1_input_gradient_f32(const tinysdk_conv2d_args *args, const float *gradient,
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
      load_columns(args, gradient + b * args->out_channels * plane + p, count, scratch);
      multiply_pixels(args, split, scratch, count, input_gradient + b * args->in_channels * plane + p);
    }
  }
}

int32_t tinysdk_conv2d_1x1_input_gradient_f32_scratch(const tinysdk_conv2d_args *args) {
  return args->out_channels * PIXELS * (int32_t)sizeof(float);
}
