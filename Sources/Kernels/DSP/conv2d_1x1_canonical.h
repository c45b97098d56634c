/* The 1x1 convolution from canonical weights, some of which may learn. */
#ifndef TINYSDK_DSP_CONV2D_1X1_CANONICAL_H
#define TINYSDK_DSP_CONV2D_1X1_CANONICAL_H

#include "columns.h"
#include "instructions.h"
#include "repack.h"

/* The columns of a block: channels that learn first. */
static inline void tinysdk_widen_split_block(const tinysdk_conv2d_args *args, const int8_t *from,
                                             const uint16_t *order, int32_t count, uint32_t *columns) {
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
} tinysdk_pointwise_layer;

static inline void tinysdk_convolve_blocks_1x1(tinysdk_pointwise_layer *layer, const int8_t *input,
                                               const uint16_t *order, uint32_t *columns) {
  const tinysdk_conv2d_args *const args = layer->rows.args;
  const int32_t plane = tinysdk_in_plane(args);
  for (int32_t i = 0; i < args->batch; i++) {
    /* Where the images grow, the last one goes first: in place, no output may reach an unread image. */
    const int32_t b = args->out_channels > args->in_channels ? args->batch - 1 - i : i;
    for (int32_t p = 0; p < plane; p += TINYSDK_PIXELS) {
      const int32_t count = tinysdk_min(TINYSDK_PIXELS, plane - p),
                    first = b * args->out_channels * plane + p;
      tinysdk_widen_split_block(args, input + b * args->in_channels * plane + p, order, count, columns);
      if (layer->repacked)
        tinysdk_convolve_pairs(&layer->pairs, count, first);
      else
        tinysdk_convolve_columns(&layer->rows, columns, count, first, plane);
    }
  }
}

static inline void tinysdk_convolve_1x1_canonical(tinysdk_pointwise_layer *layer, const int8_t *input,
                                                  const uint16_t *order, void *scratch) {
  const tinysdk_conv2d_args *const args = layer->rows.args;
  const int32_t quads = tinysdk_repacked_quads(args);
  tinysdk_pair *const pairs = scratch;
  uint32_t *const paired_columns = (uint32_t *)(pairs + tinysdk_pair_room(args));
  uint32_t *const packed = paired_columns + 8 * quads;
  tinysdk_channel *const channels = scratch;
  uint32_t *const columns = (uint32_t *)(channels + args->out_channels);
  layer->rows.channels = channels;
  layer->pairs.pairs = pairs;
  layer->pairs.taps = 4 * quads;
  layer->repacked =
      tinysdk_is_repacked(args) && tinysdk_repack(args, layer->rows.frozen, layer->rows.trained, packed);
  if (layer->repacked) {
    layer->pairs.weights = (const int8_t *)packed;
    tinysdk_prepare_pairs(&layer->pairs);
  } else
    tinysdk_prepare_channels(args, args->in_channels, layer->rows.bias, layer->rows.requantization, channels);
  tinysdk_convolve_blocks_1x1(layer, input, order, layer->repacked ? paired_columns : columns);
}

static inline int32_t tinysdk_1x1_canonical_scratch(const tinysdk_conv2d_args *args) {
  const int32_t rows =
      args->out_channels * (int32_t)sizeof(tinysdk_channel) +
      tinysdk_column_words(args->trained_channels, args->in_channels) * (int32_t)sizeof(uint32_t);
  return tinysdk_is_repacked(args) ? tinysdk_max(rows, tinysdk_repacked_bytes(args)) : rows;
}

static inline int32_t tinysdk_1x1_canonical_cost(const tinysdk_conv2d_args *args,
                                                 const tinysdk_pair_costs *costs) {
  if (!tinysdk_is_packable(args, args->in_channels))
    return -1;
  const int64_t plane = tinysdk_in_plane(args), blocks = args->batch * ((plane + 3) / 4);
  if (tinysdk_is_repacked(args)) {
    const int64_t whole = args->batch * (plane / 4), quads = tinysdk_repacked_quads(args);
    const int64_t repacked = (int64_t)args->out_channels * quads * 10 + blocks * (quads * 35 + 60);
    return tinysdk_instruction_count(repacked * costs->other / 100 +
                                     tinysdk_pair_cost(args, costs, whole, blocks - whole));
  }
  return tinysdk_instruction_count(
      (blocks * (args->in_channels * 7 + args->out_channels * (args->in_channels * 4 + 36) + 80) +
       args->out_channels * 24) *
      costs->other / 100);
}

#endif
