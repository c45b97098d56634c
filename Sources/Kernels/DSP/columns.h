/* Blocks of four pixels, widened once and multiplied with every output channel.
 *
 * A quad of channels k ... k + 3 is eight words: for each of the four pixels the values of (k, k + 2), then
 * for each those of (k + 1, k + 3), which is how SXTB16 splits four neighbouring weights. Values come without
 * their zero point; channels past the last one are zero. */
#ifndef TINYSDK_DSP_COLUMNS_H
#define TINYSDK_DSP_COLUMNS_H

#include "../Portable/convolution.h"
#include "finish.h"
#include "multiply.h"

#define TINYSDK_PIXELS 4

static inline int32_t tinysdk_quads(int32_t channels) {
  return (channels + 3) / 4;
}

/* Words of a block's columns; trained and frozen channels fill quads of their own. */
static inline int32_t tinysdk_column_words(int32_t trained, int32_t channels) {
  return 8 * (tinysdk_quads(trained) + tinysdk_quads(channels - trained));
}

/* Four bytes of each of four channels become a quad; `base` holds minus the zero point in both halves. */
static inline void tinysdk_widen_quad(const uint32_t bytes[4], uint32_t base, uint32_t *quad) {
  for (int32_t i = 0; i < 2; i++) {
    const uint32_t low = tinysdk_pack_low(bytes[i], bytes[i + 2]);
    const uint32_t high = tinysdk_pack_high(bytes[i], bytes[i + 2]);
    quad[4 * i] = tinysdk_sxtab16(base, low);
    quad[4 * i + 1] = tinysdk_sxtab16_odd(base, low);
    quad[4 * i + 2] = tinysdk_sxtab16(base, high);
    quad[4 * i + 3] = tinysdk_sxtab16_odd(base, high);
  }
}

static inline uint32_t tinysdk_zero_base(int32_t zero) {
  return ((uint32_t)-zero & 0xFFFFu) * 0x10001u;
}

/* The columns of `count` pixels of `channels` planes (positions NULL: 0, 1, ...). */
static inline void tinysdk_widen_planes(const int8_t *input, int32_t plane, const uint16_t *positions,
                                        int32_t channels, int32_t count, int32_t zero, uint32_t *columns) {
  const uint32_t base = tinysdk_zero_base(zero);
  int32_t k = 0;
  if (count == TINYSDK_PIXELS && positions == NULL)
    for (; k + 4 <= channels; k += 4, columns += 8) {
      const int8_t *const from = input + k * plane;
      const uint32_t bytes[4] = {tinysdk_load_word(from), tinysdk_load_word(from + plane),
                                 tinysdk_load_word(from + 2 * plane), tinysdk_load_word(from + 3 * plane)};
      tinysdk_widen_quad(bytes, base, columns);
    }
  for (; k < channels; k += 4, columns += 8) {
    uint32_t bytes[4];
    for (int32_t j = 0; j < 4; j++) {
      const int8_t *const from = input + (positions && k + j < channels ? positions[k + j] : k + j) * plane;
      bytes[j] = k + j >= channels         ? ((uint32_t)zero & 0xFFu) * 0x01010101u
                 : count == TINYSDK_PIXELS ? tinysdk_load_word(from)
                                           : tinysdk_load_tail(from, count);
    }
    tinysdk_widen_quad(bytes, base, columns);
  }
}

/* The sums of two output channels a, b for four pixels: a in sums[0..3], b in sums[4..7]. */
static inline void tinysdk_multiply_rows(const uint32_t *x, const int8_t *a, const int8_t *b,
                                         int32_t channels, int32_t sums[8]) {
  const int32_t whole = channels / 4, rest = channels % 4;
  if (whole > 0)
    tinysdk_multiply_quads(x, a, b, whole, sums);
  if (rest > 0) {
    /* No load may reach past the last row. */
    const uint32_t tail[2] = {tinysdk_load_tail(a + 4 * whole, rest), tinysdk_load_tail(b + 4 * whole, rest)};
    const int8_t *const bytes = (const int8_t *)tail;
    tinysdk_multiply_quads(x + 8 * whole, bytes, bytes + 4, 1, sums);
  }
}

/* Writes four pixels of one channel from sums that hold the bias. `rounding` and `plain` are constants where
 * this is inlined. */
static inline void tinysdk_finish_four(const tinysdk_conv2d_args *args, const int32_t *sums,
                                       const tinysdk_channel *channel, int32_t rounding, int32_t plain,
                                       int32_t first, int8_t *output, uint8_t *mask) {
  int32_t values[4];
  for (int32_t p = 0; p < 4; p++)
    values[p] = tinysdk_finish(sums[p], channel, rounding);
  if (plain)
    tinysdk_store_word(output + first, tinysdk_saturate_bytes(values[0], values[1], values[2], values[3]));
  else
    tinysdk_leave_four(values[0], values[1], values[2], values[3], args->clamp_min, args->clamp_max, first,
                       output, mask);
}

/* The same through the general path, for odd counts and channels. `sums` holds no bias. */
static inline void tinysdk_finish_exactly(const tinysdk_conv2d_args *args, int32_t *sums, int32_t bias,
                                          tinysdk_requantization scale, int32_t count, int32_t first,
                                          int8_t *output, uint8_t *mask) {
  const tinysdk_output_stage stage = tinysdk_conv2d_stage(args, bias, scale);
  tinysdk_write_sums(&stage, sums, count, first, output, mask);
}

/* What a block of pixels is multiplied with. */
typedef struct {
  const tinysdk_conv2d_args *args;
  const int8_t *trained; /* rows of `learning` weights, the first output channel's */
  const int8_t *frozen;
  int32_t learning;
  int32_t rest;
  const int32_t *bias; /* of the first output channel, or NULL */
  const tinysdk_requantization *requantization;
  const tinysdk_channel *channels;
  int32_t outputs;
  int8_t *output;
  uint8_t *mask;
} tinysdk_layer;

/* One pair of output channels o, other (equal at an odd end) for `count` pixels; `first` is o's element. */
static inline __attribute__((always_inline)) void
tinysdk_convolve_pair(const tinysdk_layer *layer, const uint32_t *columns, int32_t o, int32_t other,
                      int32_t count, int32_t first, int32_t plane, int32_t rounding, int32_t plain) {
  const tinysdk_channel *const a = layer->channels + o, *const b = layer->channels + other;
  const int32_t fast = (a->right | b->right) >= 0 && count == TINYSDK_PIXELS;
  const int32_t from_a = fast ? a->start : 0, from_b = fast ? b->start : 0;
  int32_t sums[8] = {from_a, from_a, from_a, from_a, from_b, from_b, from_b, from_b};
  if (layer->learning > 0)
    tinysdk_multiply_rows(columns, layer->trained + o * layer->learning,
                          layer->trained + other * layer->learning, layer->learning, sums);
  if (layer->rest > 0)
    tinysdk_multiply_rows(columns + 8 * tinysdk_quads(layer->learning), layer->frozen + o * layer->rest,
                          layer->frozen + other * layer->rest, layer->rest, sums);
  const int32_t second = first + (other - o) * plane;
  if (fast) {
    tinysdk_finish_four(layer->args, sums, a, rounding, plain, first, layer->output, layer->mask);
    tinysdk_finish_four(layer->args, sums + 4, b, rounding, plain, second, layer->output, layer->mask);
    return;
  }
  tinysdk_finish_exactly(layer->args, sums, layer->bias ? layer->bias[o] : 0, layer->requantization[o], count,
                         first, layer->output, layer->mask);
  if (other != o)
    tinysdk_finish_exactly(layer->args, sums + 4, layer->bias ? layer->bias[other] : 0,
                           layer->requantization[other], count, second, layer->output, layer->mask);
}

/* How many whole pairs the written-out routines may take: no load may reach past the last row. */
static inline int32_t tinysdk_runnable_pairs(const tinysdk_layer *layer, int32_t count) {
  const int32_t pairs = count == TINYSDK_PIXELS ? layer->outputs / 2 : 0;
  if ((layer->learning > 0 && layer->learning < 4) || (layer->rest > 0 && layer->rest < 4))
    return 0;
  const int32_t whole = layer->learning % 4 == 0 && layer->rest % 4 == 0;
  return !whole && layer->outputs % 2 == 0 && pairs > 0 ? pairs - 1 : pairs;
}

/* Pairs from output channel `o` on; returns how many are left. */
static inline int32_t tinysdk_run_one_tensor(const tinysdk_layer *layer, const uint32_t *columns, int32_t o,
                                             int32_t first, int32_t plane, int32_t pairs, int32_t rounding) {
  const int32_t row = layer->learning + layer->rest;
  const tinysdk_run run = {.weights = (layer->learning > 0 ? layer->trained : layer->frozen) + o * row,
                           .row = row,
                           .columns = columns,
                           .end = columns + 8 * tinysdk_quads(row),
                           .channels = layer->channels + o,
                           .output = layer->output + first,
                           .plane = plane,
                           .pairs = pairs,
                           .advance = 2 * row - 4 * tinysdk_quads(row)};
  return rounding == TINYSDK_ROUNDING_SINGLE ? tinysdk_run_single(&run) : tinysdk_run_tflite(&run);
}

/* The same for two tensors, or with a mask. */
static __attribute__((noinline, unused)) int32_t tinysdk_run_two_tensors(const tinysdk_layer *layer,
                                                                         const uint32_t *columns, int32_t o,
                                                                         int32_t first, int32_t plane,
                                                                         int32_t pairs) {
  const int32_t split = layer->learning > 0 && layer->rest > 0;
  const int32_t row = layer->learning > 0 ? layer->learning : layer->rest;
  const uint32_t *const end = columns + 8 * tinysdk_quads(row);
  const tinysdk_split_run run = {
      .first = {(layer->learning > 0 ? layer->trained : layer->frozen) + o * row, row, end},
      .second = {split ? layer->frozen + o * layer->rest : NULL, layer->rest,
                 split ? end + 8 * tinysdk_quads(layer->rest) : end},
      .columns = columns,
      .channels = layer->channels + o,
      .output = layer->output + first,
      .plane = plane,
      .pairs = pairs,
      .mask = layer->mask,
      .base = layer->output};
  return layer->args->rounding == TINYSDK_ROUNDING_SINGLE ? tinysdk_run_split_single(&run)
                                                          : tinysdk_run_split_tflite(&run);
}

static inline __attribute__((always_inline)) void
tinysdk_convolve_channels(const tinysdk_layer *layer, const uint32_t *columns, int32_t count, int32_t first,
                          int32_t plane, int32_t rounding, int32_t plain) {
  const int32_t one = layer->learning == 0 || layer->rest == 0;
  const int32_t nibbles = layer->mask == NULL || ((plane | first) & 3) == 0;
  const int32_t whole = layer->args->clamp_min == -128 && layer->args->clamp_max == 127;
  const int32_t runnable = whole && nibbles ? tinysdk_runnable_pairs(layer, count) : 0;
  for (int32_t o = 0; o < layer->outputs; o += 2) {
    if (o / 2 < runnable) {
      const int32_t pairs = runnable - o / 2;
      const int32_t left =
          plain && one ? tinysdk_run_one_tensor(layer, columns, o, first + o * plane, plane, pairs, rounding)
                       : tinysdk_run_two_tensors(layer, columns, o, first + o * plane, plane, pairs);
      o = 2 * (runnable - left);
      if (o >= layer->outputs)
        return;
    }
    tinysdk_convolve_pair(layer, columns, o, tinysdk_min(o + 1, layer->outputs - 1), count, first + o * plane,
                          plane, rounding, plain);
  }
}

/* All output channels of a block. One copy for each rounding, with and without what only training needs. */
static inline void tinysdk_convolve_columns(const tinysdk_layer *layer, const uint32_t *columns,
                                            int32_t count, int32_t first, int32_t plane) {
  const int32_t plain = tinysdk_is_plain(layer->args->clamp_min, layer->args->clamp_max, layer->mask);
  if (layer->args->rounding == TINYSDK_ROUNDING_SINGLE) {
    if (plain)
      tinysdk_convolve_channels(layer, columns, count, first, plane, TINYSDK_ROUNDING_SINGLE, 1);
    else
      tinysdk_convolve_channels(layer, columns, count, first, plane, TINYSDK_ROUNDING_SINGLE, 0);
  } else if (plain)
    tinysdk_convolve_channels(layer, columns, count, first, plane, TINYSDK_ROUNDING_TFLITE, 1);
  else
    tinysdk_convolve_channels(layer, columns, count, first, plane, TINYSDK_ROUNDING_TFLITE, 0);
}

/* Every output channel's constants, for sums of at most `taps` products of canonical weights. */
static inline void tinysdk_prepare_channels(const tinysdk_conv2d_args *args, int32_t taps,
                                            const int32_t *bias, const tinysdk_requantization *requantization,
                                            tinysdk_channel *channels) {
  for (int32_t o = 0; o < args->out_channels; o++)
    channels[o] = tinysdk_channel_of(bias ? bias[o] : 0, requantization[o], args->rounding, args->output_zero,
                                     taps * 255 * 128, 0);
}

#endif
