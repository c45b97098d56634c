#include "convolution.h"
#include "mve_columns.h"

extern __typeof__(tinysdk_conv2d_1x1_s8) tinysdk_conv2d_1x1_s8_mve;
int32_t tinysdk_conv2d_1x1_s8_mve_scratch(const tinysdk_conv2d_args *args);
int32_t tinysdk_conv2d_1x1_s8_mve_instructions(const tinysdk_conv2d_args *args);

/* Transposes `count` pixels of some input channels (NULL: 0, 1, ...) into columns. A function of its own, so
 * that its pointers stay in registers. */
static __attribute__((noinline)) void load_columns(const int8_t *input, int32_t plane, const uint16_t *order,
                                                   int32_t channels, int32_t count, int8_t *columns) {
  const tinysdk_mve_spread spread = tinysdk_mve_spread_over(channels);
  for (int32_t k = 0; k < channels; k++) {
    const int8_t *const pixels = input + (order ? order[k] : k) * plane;
    int8_t *const column = tinysdk_mve_column(columns, k);
    if (count == TINYSDK_MVE_PIXELS)
      tinysdk_mve_put_column(column, spread, pixels);
    else
      tinysdk_mve_put_some(column, spread, pixels, count);
  }
}

/* The columns of a block are copied before its outputs are written, so that these may overwrite the inputs.
 */
void tinysdk_conv2d_1x1_s8_mve(const tinysdk_conv2d_args *args, const int8_t *input, const int8_t *weights,
                               const int8_t *trained, const uint16_t *order, const int32_t *bias,
                               const tinysdk_requantization *requantization, int8_t *output, uint8_t *mask,
                               void *scratch) {
  const int32_t plane = tinysdk_in_plane(args), learning = args->trained_channels;
  const int32_t frozen = args->in_channels - learning;
  const tinysdk_mve_weights both = {trained, weights, learning, frozen};
  const tinysdk_mve_target target = tinysdk_mve_conv2d_target(args, output, mask);
  int8_t *const columns = scratch;
  for (int32_t i = 0; i < args->batch; i++) {
    /* Where the images grow, the last one goes first: in place, no output may reach an unread image. */
    const int32_t b = args->out_channels > args->in_channels ? args->batch - 1 - i : i;
    for (int32_t p = 0; p < plane; p += TINYSDK_MVE_PIXELS) {
      const int32_t count = tinysdk_min(TINYSDK_MVE_PIXELS, plane - p);
      const int8_t *const pixels = input + b * args->in_channels * plane + p;
      if (learning > 0)
        load_columns(pixels, plane, order, learning, count, columns);
      load_columns(pixels, plane, order ? order + learning : NULL, frozen, count,
                   columns + tinysdk_mve_columns_bytes(learning));
      tinysdk_mve_convolve(args, columns, both, bias, requantization, args->out_channels, count,
                           b * args->out_channels * plane + p, plane, &target);
    }
  }
}

int32_t tinysdk_conv2d_1x1_s8_mve_scratch(const tinysdk_conv2d_args *args) {
  return tinysdk_mve_split_bytes(args->trained_channels, args->in_channels - args->trained_channels);
}

int32_t tinysdk_conv2d_1x1_s8_mve_instructions(const tinysdk_conv2d_args *args) {
  if (args->weight_zero != 0 || args->in_channels > TINYSDK_MVE_CHANNELS)
    return -1;
  const int32_t vectors = tinysdk_mve_blocks(args->trained_channels) +
                          tinysdk_mve_blocks(args->in_channels - args->trained_channels);
  const int32_t blocks = (tinysdk_in_plane(args) + TINYSDK_MVE_PIXELS - 1) / TINYSDK_MVE_PIXELS;
  return args->batch * blocks * (args->in_channels * 8 + args->out_channels * (100 + 36 * vectors));
}
