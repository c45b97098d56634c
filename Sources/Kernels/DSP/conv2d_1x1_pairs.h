/* The 1x1 convolution from weights in layout `pairs`, for any of its loops. */
#ifndef TINYSDK_DSP_CONV2D_1X1_PAIRS_H
#define TINYSDK_DSP_CONV2D_1X1_PAIRS_H

#include "instructions.h"
#include "pairs.h"

/* Blocks and channels that are not whole. */
static __attribute__((noinline)) void tinysdk_widen_rest(const int8_t *input, int32_t plane, int32_t channels,
                                                         int32_t count, int32_t zero, uint32_t *columns) {
  tinysdk_widen_planes(input, plane, NULL, channels, count, zero, columns);
}

static inline void tinysdk_widen_block(const tinysdk_conv2d_args *args, const int8_t *input, int32_t count,
                                       uint32_t *columns) {
  const int32_t plane = tinysdk_in_plane(args), zero = args->input_zero;
  const int32_t quads = count == TINYSDK_PIXELS ? args->in_channels / 4 : 0;
  if (quads > 0)
    tinysdk_widen_quads(input, plane, tinysdk_zero_base(zero), columns, quads);
  if (4 * quads < args->in_channels)
    tinysdk_widen_rest(input + 4 * quads * plane, plane, args->in_channels - 4 * quads, count, zero,
                       columns + 8 * quads);
}

static inline void tinysdk_convolve_1x1_pairs(tinysdk_paired_layer *layer, const int8_t *input) {
  const tinysdk_conv2d_args *const args = layer->args;
  const int32_t plane = tinysdk_in_plane(args);
  uint32_t *const columns = (uint32_t *)(layer->pairs + tinysdk_pair_room(args));
  tinysdk_prepare_pairs(layer);
  for (int32_t i = 0; i < args->batch; i++) {
    /* Where the images grow, the last one goes first: in place, no output may reach an unread image. */
    const int32_t b = args->out_channels > args->in_channels ? args->batch - 1 - i : i;
    for (int32_t p = 0; p < plane; p += TINYSDK_PIXELS) {
      const int32_t count = tinysdk_min(TINYSDK_PIXELS, plane - p);
      tinysdk_widen_block(args, input + b * args->in_channels * plane + p, count, columns);
      tinysdk_convolve_pairs(layer, count, b * args->out_channels * plane + p);
    }
  }
}

static inline int32_t tinysdk_1x1_pairs_scratch(const tinysdk_conv2d_args *args) {
  return tinysdk_pair_room(args) * (int32_t)sizeof(tinysdk_pair) +
         tinysdk_column_words(0, args->in_channels) * (int32_t)sizeof(uint32_t);
}

static inline int32_t tinysdk_1x1_pairs_cost(const tinysdk_conv2d_args *args,
                                             const tinysdk_pair_costs *costs) {
  if (!tinysdk_is_pairable(args))
    return -1;
  const int64_t plane = tinysdk_in_plane(args), blocks = args->batch * (plane / TINYSDK_PIXELS);
  const int64_t rest = args->batch * (plane % TINYSDK_PIXELS > 0), quads = tinysdk_quads(args->in_channels);
  return tinysdk_instruction_count(
      ((blocks * quads * costs->widened_quad + rest * quads * 90 * costs->other) / 100 +
       (blocks + rest) * 35 * costs->other / 100 + tinysdk_pair_cost(args, costs, blocks, rest)));
}

#endif
