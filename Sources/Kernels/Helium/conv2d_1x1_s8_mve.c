#include "mve_lanes_s8.h"

#include "convolution.h"
#include "mve_fours.h"

extern __typeof__(tinysdk_conv2d_1x1_s8) tinysdk_conv2d_1x1_s8_mve;
int32_t tinysdk_conv2d_1x1_s8_mve_scratch(const tinysdk_conv2d_args *args);
int32_t tinysdk_conv2d_1x1_s8_mve_instructions(const tinysdk_conv2d_args *args);

static int32_t vectors(const tinysdk_conv2d_args *args) {
  return tinysdk_mve_vectors(args->trained_channels, args->in_channels - args->trained_channels);
}

/* The columns of a block are copied before its outputs are written, so that these may overwrite the inputs.
 */
void tinysdk_conv2d_1x1_s8_mve(const tinysdk_conv2d_args *args, const int8_t *input, const int8_t *weights,
                               const int8_t *trained, const uint16_t *order, const int32_t *bias,
                               const tinysdk_requantization *requantization, int8_t *output, uint8_t *mask,
                               void *scratch) {
  const int32_t plane = tinysdk_in_plane(args), learning = args->trained_channels;
  const int32_t frozen = args->in_channels - learning;
  const int32_t pixels = tinysdk_mve_pixels(vectors(args), plane);
  const tinysdk_mve_weights both = {trained, weights, learning, frozen};
  tinysdk_mve_stage stage = tinysdk_mve_conv2d_stage(args);
  int8_t *const columns = scratch;
  for (int32_t i = 0; i < args->batch; i++) {
    /* Where the images grow, the last one goes first: in place, no output may reach an unread image. */
    const int32_t b = args->out_channels > args->in_channels ? args->batch - 1 - i : i;
    for (int32_t p = 0; p < plane; p += pixels) {
      const int8_t *const from = input + b * args->in_channels * plane + p;
      const tinysdk_mve_block block = {columns, pixels, tinysdk_min(pixels, plane - p),
                                       b * args->out_channels * plane + p, plane};
      if (learning > 0)
        tinysdk_mve_load_columns(from, plane, order, learning, block.count, columns);
      if (frozen > 0)
        tinysdk_mve_load_columns(from, plane, order ? order + learning : NULL, frozen, block.count,
                                 columns + tinysdk_mve_columns_bytes(learning, pixels));
      tinysdk_mve_convolve_shortly(&stage, args->input_zero, block, both, bias, requantization,
                                   args->out_channels, output, mask);
    }
  }
}

int32_t tinysdk_conv2d_1x1_s8_mve_scratch(const tinysdk_conv2d_args *args) {
  return vectors(args) * 16 * tinysdk_mve_pixels(vectors(args), tinysdk_in_plane(args));
}

int32_t tinysdk_conv2d_1x1_s8_mve_instructions(const tinysdk_conv2d_args *args) {
  if (args->weight_zero != 0 || args->in_channels > TINYSDK_MVE_CHANNELS)
    return -1;
  const int32_t plane = tinysdk_in_plane(args), pixels = tinysdk_mve_pixels(vectors(args), plane);
  const int32_t blocks = (plane + pixels - 1) / pixels, sixteens = (plane + 15) / 16;
  const int32_t outputs = args->out_channels, each = vectors(args);
  if (tinysdk_mve_goes_by_fours(args->trained_channels, args->in_channels - args->trained_channels))
    return args->batch * (sixteens * (args->in_channels * 7 + outputs * (75 + 28 * each)) +
                          blocks * outputs * (25 + 3 * each));
  return args->batch * (sixteens * (args->in_channels * 7 + outputs * (72 + 34 * each)) +
                        blocks * outputs * (80 + 4 * each));
}
