#include "convolution.h"
#include "requantize.h"

#include <string.h>

/* Pixels worked on at once. Their columns are copied to the scratch first, so that the outputs may overwrite
 * the inputs. */
#define PIXELS 16

/* Input channels added in one step, so that the sums are loaded and stored once for all of them. */
#define CHANNELS 8

static void load_columns(const tinysdk_conv2d_args *args, const int8_t *input, const uint16_t *order,
                         int32_t count, int8_t *columns) {
  const int32_t plane = tinysdk_in_plane(args);
  for (int32_t k = 0; k < args->in_channels; k++) {
    memcpy(columns + k * PIXELS, input + (order ? order[k] : k) * plane, (uint32_t)count);
    memset(columns + k * PIXELS + count, 0, (uint32_t)(PIXELS - count));
  }
}

/* sums += weights * columns, with the input's zero point taken off at the end, through the sum of the
 * weights. Unsigned, so that no intermediate sum overflows. The last step may read columns past the last
 * channel, times zero. */
static inline void multiply_columns(const int8_t *restrict weights, const int8_t *restrict columns,
                                    int32_t channels, int32_t weight_zero, int32_t input_zero,
                                    int32_t *restrict sums) {
  uint32_t acc[PIXELS] = {0};
  uint32_t total = 0;
  for (int32_t k = 0; k < channels; k += CHANNELS) {
    const int8_t *restrict const c = columns + k * PIXELS;
    int16_t w[CHANNELS];
    for (int32_t j = 0; j < CHANNELS; j++) {
      w[j] = k + j < channels ? tinysdk_difference(weights[k + j], weight_zero) : 0;
      total += (uint32_t)w[j];
    }
    for (int32_t p = 0; p < PIXELS; p++)
      acc[p] += (uint32_t)(w[0] * c[p] + w[1] * c[PIXELS + p] + w[2] * c[2 * PIXELS + p] +
                           w[3] * c[3 * PIXELS + p] + w[4] * c[4 * PIXELS + p] + w[5] * c[5 * PIXELS + p] +
                           w[6] * c[6 * PIXELS + p] + w[7] * c[7 * PIXELS + p]);
  }
  for (int32_t p = 0; p < PIXELS; p++)
    sums[p] = (int32_t)((uint32_t)sums[p] + acc[p] - total * (uint32_t)input_zero);
}

/* All output channels of `count` pixels; element `first` is the first of them in output channel 0. */
static void convolve_pixels(const tinysdk_conv2d_args *args, const int8_t *columns, const int8_t *weights,
                            const int8_t *trained, const int32_t *bias,
                            const tinysdk_requantization *requantization, int32_t count, int32_t first,
                            int8_t *output, uint8_t *mask) {
  const int32_t learning = args->trained_channels, frozen = args->in_channels - learning;
  for (int32_t o = 0; o < args->out_channels; o++) {
    int32_t sums[PIXELS] = {0};
    if (learning > 0)
      multiply_columns(trained + o * learning, columns, learning, args->weight_zero, args->input_zero, sums);
    if (frozen > 0)
      multiply_columns(weights + o * frozen, columns + learning * PIXELS, frozen, args->weight_zero,
                       args->input_zero, sums);
    const tinysdk_output_stage stage = tinysdk_conv2d_stage(args, bias ? bias[o] : 0, requantization[o]);
    tinysdk_write_sums(&stage, sums, count, first + o * tinysdk_out_plane(args), output, mask);
  }
}

void tinysdk_conv2d_1x1_s8(const tinysdk_conv2d_args *args, const int8_t *input, const int8_t *weights,
                           const int8_t *trained, const uint16_t *order, const int32_t *bias,
                           const tinysdk_requantization *requantization, int8_t *output, uint8_t *mask,
                           void *scratch) {
  const int32_t plane = tinysdk_in_plane(args);
  for (int32_t i = 0; i < args->batch; i++) {
    /* Where the images grow, the last one goes first: in place, no output may reach an unread image. */
    const int32_t b = args->out_channels > args->in_channels ? args->batch - 1 - i : i;
    for (int32_t p = 0; p < plane; p += PIXELS) {
      const int32_t count = tinysdk_min(PIXELS, plane - p);
      load_columns(args, input + b * args->in_channels * plane + p, order, count, scratch);
      convolve_pixels(args, scratch, weights, trained, bias, requantization, count,
                      b * args->out_channels * plane + p, output, mask);
    }
  }
}

int32_t tinysdk_conv2d_1x1_s8_scratch(const tinysdk_conv2d_args *args) {
  return (args->in_channels + CHANNELS - 1) * PIXELS;
}
