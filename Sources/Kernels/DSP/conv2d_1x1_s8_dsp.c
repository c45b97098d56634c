#include "columns.h"
#include "instructions.h"
#include "repack.h"

extern __typeof__(tinysdk_conv2d_1x1_s8) tinysdk_conv2d_1x1_s8_dsp;
extern __typeof__(tinysdk_conv2d_1x1_s8_scratch) tinysdk_conv2d_1x1_s8_dsp_scratch;
extern __typeof__(tinysdk_conv2d_1x1_s8_scratch) tinysdk_conv2d_1x1_s8_dsp_instructions;

/* The columns of a block: channels that learn first. */
static void widen_block(const tinysdk_conv2d_args *args, const int8_t *from, const uint16_t *order,
                        int32_t count, uint32_t *columns) {
  const int32_t plane = tinysdk_in_plane(args), learning = args->trained_channels;
  tinysdk_widen_planes(from, plane, order, learning, count, args->input_zero, columns);
  tinysdk_widen_planes(order ? from : from + learning * plane, plane, order ? order + learning : NULL,
                       args->in_channels - learning, count, args->input_zero,
                       columns + 8 * tinysdk_quads(learning));
}

/* What either way does with a block's columns. */
typedef struct {
  tinysdk_layer rows;
  tinysdk_paired_layer pairs;
  int32_t repacked;
} pointwise_layer;

static void convolve_blocks(pointwise_layer *layer, const int8_t *input, const uint16_t *order,
                            uint32_t *columns) {
  const tinysdk_conv2d_args *const args = layer->rows.args;
  const int32_t plane = tinysdk_in_plane(args);
  for (int32_t i = 0; i < args->batch; i++) {
    /* Where the images grow, the last one goes first: in place, no output may reach an unread image. */
    const int32_t b = args->out_channels > args->in_channels ? args->batch - 1 - i : i;
    for (int32_t p = 0; p < plane; p += TINYSDK_PIXELS) {
      const int32_t count = tinysdk_min(TINYSDK_PIXELS, plane - p),
                    first = b * args->out_channels * plane + p;
      widen_block(args, input + b * args->in_channels * plane + p, order, count, columns);
      if (layer->repacked)
        tinysdk_convolve_pairs(&layer->pairs, count, first);
      else
        tinysdk_convolve_columns(&layer->rows, columns, count, first, plane);
    }
  }
}

void tinysdk_conv2d_1x1_s8_dsp(const tinysdk_conv2d_args *args, const int8_t *input, const int8_t *weights,
                               const int8_t *trained, const uint16_t *order, const int32_t *bias,
                               const tinysdk_requantization *requantization, int8_t *output, uint8_t *mask,
                               void *scratch) {
  const int32_t learning = args->trained_channels, quads = tinysdk_repacked_quads(args);
  tinysdk_pair *const pairs = scratch;
  uint32_t *const paired_columns = (uint32_t *)(pairs + tinysdk_pair_room(args));
  uint32_t *const packed = paired_columns + 8 * quads;
  tinysdk_channel *const channels = scratch;
  uint32_t *const columns = (uint32_t *)(channels + args->out_channels);
  pointwise_layer layer = {.rows = {args, trained, weights, learning, args->in_channels - learning, bias,
                                    requantization, channels, args->out_channels, output, mask},
                           .pairs = {.args = args,
                                     .bias = bias,
                                     .requantization = requantization,
                                     .pairs = pairs,
                                     .taps = 4 * quads,
                                     .output = output,
                                     .mask = mask}};
  layer.repacked = tinysdk_is_repacked(args) && tinysdk_repack(args, weights, trained, packed);
  if (layer.repacked) {
    layer.pairs.weights = (const int8_t *)packed;
    tinysdk_prepare_pairs(&layer.pairs);
  } else
    tinysdk_prepare_channels(args, args->in_channels, bias, requantization, channels);
  convolve_blocks(&layer, input, order, layer.repacked ? paired_columns : columns);
}

int32_t tinysdk_conv2d_1x1_s8_dsp_scratch(const tinysdk_conv2d_args *args) {
  const int32_t rows =
      args->out_channels * (int32_t)sizeof(tinysdk_channel) +
      tinysdk_column_words(args->trained_channels, args->in_channels) * (int32_t)sizeof(uint32_t);
  return tinysdk_is_repacked(args) ? tinysdk_max(rows, tinysdk_repacked_bytes(args)) : rows;
}

int32_t tinysdk_conv2d_1x1_s8_dsp_instructions(const tinysdk_conv2d_args *args) {
  if (!tinysdk_is_packable(args, args->in_channels))
    return -1;
  const int64_t plane = tinysdk_in_plane(args), blocks = args->batch * ((plane + 3) / 4);
  if (tinysdk_is_repacked(args)) {
    const int64_t whole = args->batch * (plane / 4), quads = tinysdk_repacked_quads(args);
    return tinysdk_instruction_count((int64_t)args->out_channels * quads * 10 + blocks * (quads * 35 + 60) +
                                     tinysdk_pair_instructions(args, whole, blocks - whole));
  }
  return tinysdk_instruction_count(
      blocks * (args->in_channels * 7 + args->out_channels * (args->in_channels * 4 + 36) + 80) +
      args->out_channels * 24);
}
