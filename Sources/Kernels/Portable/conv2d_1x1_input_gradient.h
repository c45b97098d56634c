/* The input gradient of a 1x1 convolution, for integer gradients, in place. */
#ifndef TINYSDK_CONV2D_1X1_INPUT_GRADIENT_H
#define TINYSDK_CONV2D_1X1_INPUT_GRADIENT_H

#include "convolution.h"
#include "narrow.h"

/* A register tile: input channels by pixels. The pixels' columns are copied to the scratch first, so that the
 * outputs may overwrite the inputs. */
#define TINYSDK_TILE_CHANNELS 4
#define TINYSDK_TILE_PIXELS 4

/* How far one image is written: channels before `channels` up to pixel `end`, the others up to `start`. */
typedef struct {
  int32_t image;
  int32_t channels;
  int32_t start;
  int32_t end;
} tinysdk_written_pixels;

/* Where the images grow, the last one goes first: in place, no output may reach an unread image. */
static inline int32_t tinysdk_last_image_first(const tinysdk_conv2d_args *args) {
  return args->in_channels > args->out_channels;
}

static inline void tinysdk_load_columns(const tinysdk_conv2d_args *args, const tinysdk_gradient *gradient,
                                        int32_t count, tinysdk_gradient *columns) {
  const int32_t plane = tinysdk_out_plane(args);
  for (int32_t o = 0; o < args->out_channels; o++)
    for (int32_t p = 0; p < TINYSDK_TILE_PIXELS; p++)
      columns[o * TINYSDK_TILE_PIXELS + p] = (tinysdk_gradient)(p < count ? gradient[o * plane + p] : 0);
}

/* The sums of the input channels at places[0] ... places[3], all pixels of the block. */
static inline void tinysdk_sum_tile(const tinysdk_conv2d_args *args, const tinysdk_place *places,
                                    const tinysdk_gradient *columns,
                                    int32_t sums[TINYSDK_TILE_CHANNELS][TINYSDK_TILE_PIXELS]) {
  int32_t acc[TINYSDK_TILE_CHANNELS][TINYSDK_TILE_PIXELS] = {{0}};
  for (int32_t o = 0; o < args->out_channels; o++)
    for (int32_t j = 0; j < TINYSDK_TILE_CHANNELS; j++) {
      const int32_t weight =
          tinysdk_difference(places[j].base[o * places[j].count + places[j].own], args->weight_zero);
      for (int32_t p = 0; p < TINYSDK_TILE_PIXELS; p++)
        acc[j][p] += weight * columns[o * TINYSDK_TILE_PIXELS + p];
    }
  for (int32_t j = 0; j < TINYSDK_TILE_CHANNELS; j++)
    for (int32_t p = 0; p < TINYSDK_TILE_PIXELS; p++)
      sums[j][p] = acc[j][p];
}

/* Shifts all that is written on: the images done and the part of this one. */
static inline void tinysdk_shift_pixels(const tinysdk_conv2d_args *args, tinysdk_narrowing *narrowing,
                                        tinysdk_written_pixels written, int32_t more) {
  const int32_t plane = tinysdk_in_plane(args), size = args->in_channels * plane;
  if (tinysdk_last_image_first(args))
    tinysdk_shift_written(narrowing, (written.image + 1) * size, args->batch * size, more);
  else
    tinysdk_shift_written(narrowing, 0, written.image * size, more);
  for (int32_t c = 0; c < args->in_channels; c++) {
    const int32_t first = written.image * size + c * plane;
    tinysdk_shift_written(narrowing, first, first + (c < written.channels ? written.end : written.start),
                          more);
  }
  narrowing->shift += more;
}

/* Writes one channel's pixels of the block. */
static inline void tinysdk_narrow_pixels(const tinysdk_conv2d_args *args, tinysdk_narrowing *narrowing,
                                         const int32_t *sums, tinysdk_written_pixels written) {
  const int32_t count = written.end - written.start;
  const int32_t first =
      (written.image * args->in_channels + written.channels) * tinysdk_in_plane(args) + written.start;
  if (tinysdk_write_mantissas(narrowing, sums, count, first))
    return;
  const int32_t shift = tinysdk_shift_for(narrowing, sums, count, first);
  tinysdk_shift_pixels(args, narrowing, written, shift - narrowing->shift);
  tinysdk_write_mantissas(narrowing, sums, count, first);
}

/* All input channels of a block of pixels. */
static inline void tinysdk_multiply_pixels(const tinysdk_conv2d_args *args, tinysdk_split split,
                                           const tinysdk_gradient *columns, tinysdk_narrowing *narrowing,
                                           tinysdk_written_pixels written) {
  while (written.channels < args->in_channels) {
    const int32_t channels = tinysdk_min(TINYSDK_TILE_CHANNELS, args->in_channels - written.channels);
    tinysdk_place places[TINYSDK_TILE_CHANNELS];
    /* A tile that reaches past the last channel computes that channel again. */
    for (int32_t j = 0; j < TINYSDK_TILE_CHANNELS; j++)
      places[j] = j < channels ? tinysdk_split_next(&split, written.channels + j) : places[j - 1];
    int32_t sums[TINYSDK_TILE_CHANNELS][TINYSDK_TILE_PIXELS];
    tinysdk_sum_tile(args, places, columns, sums);
    for (int32_t j = 0; j < channels; j++, written.channels++)
      tinysdk_narrow_pixels(args, narrowing, sums[j], written);
  }
}

static inline void tinysdk_conv2d_1x1_input_gradient(const tinysdk_conv2d_args *args,
                                                     const tinysdk_gradient *gradient,
                                                     const int32_t *gradient_exponent, const int8_t *weights,
                                                     const int8_t *trained, const uint16_t *order,
                                                     tinysdk_gradient *input_gradient,
                                                     int32_t *input_gradient_exponent, void *scratch) {
  const int32_t plane = tinysdk_in_plane(args);
  const tinysdk_split split =
      tinysdk_split_start(weights, trained, order, args->trained_channels, args->in_channels);
  tinysdk_narrowing narrowing = tinysdk_narrow_start(input_gradient, TINYSDK_MANTISSA_BITS);
  for (int32_t i = 0; i < args->batch; i++) {
    const int32_t b = tinysdk_last_image_first(args) ? args->batch - 1 - i : i;
    for (int32_t p = 0; p < plane; p += TINYSDK_TILE_PIXELS) {
      const int32_t end = tinysdk_min(p + TINYSDK_TILE_PIXELS, plane);
      const tinysdk_written_pixels written = {b, 0, p, end};
      tinysdk_load_columns(args, gradient + b * args->out_channels * plane + p, end - p, scratch);
      tinysdk_multiply_pixels(args, split, scratch, &narrowing, written);
    }
  }
  input_gradient_exponent[0] = gradient_exponent[0] + narrowing.shift;
}

static inline int32_t tinysdk_conv2d_1x1_input_gradient_bytes(const tinysdk_conv2d_args *args) {
  return args->out_channels * TINYSDK_TILE_PIXELS * (int32_t)sizeof(tinysdk_gradient);
}

#endif
