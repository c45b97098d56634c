/* Sums of products for blocks of pixels, whose inputs were transposed so that one vector holds as many
 * channels (or kernel taps) of one pixel as it has lanes; mve_lanes_s8.h or mve_lanes_s16.h comes first.
 *
 * Columns of `count` channels, with L lanes: [pixel / 4][channel / L][pixel % 4][channel % L], whole blocks
 * of L channels. What lies past the last channel is multiplied by zero. */
#ifndef TINYSDK_MVE_COLUMNS_H
#define TINYSDK_MVE_COLUMNS_H

#include "mve_outputs.h"

/* Pixels of a block, at most: what is done once per output channel pays for as many. */
#define TINYSDK_MVE_PIXELS 64

/* The block's columns shall take no more memory than those of sixteen pixels of a wide layer. */
#define TINYSDK_MVE_COLUMNS 8192

/* Vectors of weights held in registers at once, and output channels worked on at once. */
#define TINYSDK_MVE_HELD 6
#define TINYSDK_MVE_OUTPUTS 3

/* Up to here the byte offsets of a column's sixteen pixels fit 16 bits. */
#define TINYSDK_MVE_CHANNELS (256 * TINYSDK_MVE_LANES)

static inline int32_t tinysdk_mve_blocks(int32_t count) {
  return (count + TINYSDK_MVE_LANES - 1) / TINYSDK_MVE_LANES;
}

/* Pixels of a block: 16, 32 or 64, by the vectors that one pixel takes. */
static inline int32_t tinysdk_mve_pixels(int32_t vectors, int32_t plane) {
  int32_t pixels = 16;
  while (pixels < TINYSDK_MVE_PIXELS && pixels < plane && 2 * pixels * vectors * 16 <= TINYSDK_MVE_COLUMNS)
    pixels *= 2;
  return pixels;
}

static inline int32_t tinysdk_mve_columns_bytes(int32_t count, int32_t pixels) {
  return tinysdk_mve_blocks(count) * 16 * pixels;
}

/* Where the sixteen pixels of one channel go: two vectors of byte offsets. */
typedef struct {
  uint16x8_t low;
  uint16x8_t high;
} tinysdk_mve_spread;

static inline tinysdk_mve_spread tinysdk_mve_spread_over(int32_t count) {
  uint16_t offsets[16];
  for (int32_t p = 0; p < 16; p++)
    offsets[p] = (uint16_t)((p >> 2) * tinysdk_mve_blocks(count) * 64 + (p & 3) * 16);
  const tinysdk_mve_spread spread = {vldrhq_u16(offsets), vldrhq_u16(offsets + 8)};
  return spread;
}

static inline int8_t *tinysdk_mve_column(int8_t *columns, int32_t channel) {
  return columns + channel / TINYSDK_MVE_LANES * 64 +
         channel % TINYSDK_MVE_LANES * (int32_t)sizeof(tinysdk_mve_lane);
}

/* Up to a vector of channels of sixteen pixels. */
static inline __attribute__((always_inline)) void tinysdk_mve_put_channels(int8_t *column,
                                                                           tinysdk_mve_spread spread,
                                                                           const tinysdk_mve_lane *pixels,
                                                                           int32_t plane, int32_t channels) {
  do {
    tinysdk_mve_scatter_eight(column, spread.low, pixels);
    tinysdk_mve_scatter_eight(column, spread.high, pixels + 8);
    pixels += plane;
    column += sizeof(tinysdk_mve_lane);
  } while (--channels > 0);
}

/* The first `count` pixels of one channel; the others become zeros. */
static inline void tinysdk_mve_put_some(int8_t *column, tinysdk_mve_spread spread,
                                        const tinysdk_mve_lane *pixels, int32_t count) {
  tinysdk_mve_scatter_some(column, spread.low, pixels, count);
  tinysdk_mve_scatter_some(column, spread.high, pixels + 8, tinysdk_max(count - 8, 0));
}

/* Transposes `count` pixels of planes that follow each other into columns. */
static __attribute__((noinline, unused)) void tinysdk_mve_load_planes(const tinysdk_mve_lane *input,
                                                                      int32_t plane, int32_t channels,
                                                                      int32_t count, int8_t *columns) {
  const tinysdk_mve_spread spread = tinysdk_mve_spread_over(channels);
  for (int32_t p = 0; p < count; p += 16) {
    const tinysdk_mve_lane *pixels = input + p;
    for (int32_t k = 0; k < channels; k += TINYSDK_MVE_LANES) {
      const int32_t some = tinysdk_min(TINYSDK_MVE_LANES, channels - k);
      if (p + 16 <= count)
        tinysdk_mve_put_channels(columns, spread, pixels, plane, some);
      else
        for (int32_t i = 0; i < some; i++)
          tinysdk_mve_put_some(tinysdk_mve_column(columns, i), spread, pixels + i * plane, count - p);
      pixels += TINYSDK_MVE_LANES * plane;
      columns += 64;
    }
    columns += tinysdk_mve_blocks(channels) * 192;
  }
}

/* The same for planes in some order. */
static __attribute__((noinline, unused)) void
tinysdk_mve_load_ordered_planes(const tinysdk_mve_lane *input, int32_t plane, const uint16_t *order,
                                int32_t channels, int32_t count, int8_t *columns) {
  const tinysdk_mve_spread spread = tinysdk_mve_spread_over(channels);
  for (int32_t p = 0; p < count; p += 16) {
    for (int32_t k = 0; k < channels; k++) {
      int8_t *const column = tinysdk_mve_column(columns, k);
      const tinysdk_mve_lane *const pixels = input + p + order[k] * plane;
      if (p + 16 <= count)
        tinysdk_mve_put_channels(column, spread, pixels, plane, 1);
      else
        tinysdk_mve_put_some(column, spread, pixels, count - p);
    }
    columns += tinysdk_mve_blocks(channels) * 256;
  }
}

/* Of some planes (NULL: 0, 1, ...). */
static inline void tinysdk_mve_load_columns(const tinysdk_mve_lane *input, int32_t plane,
                                            const uint16_t *order, int32_t channels, int32_t count,
                                            int8_t *columns) {
  if (order)
    tinysdk_mve_load_ordered_planes(input, plane, order, channels, count, columns);
  else
    tinysdk_mve_load_planes(input, plane, channels, count, columns);
}

/* Sums and sums of weights of the output channels worked on. */
typedef struct {
  int32_t sums[TINYSDK_MVE_OUTPUTS][TINYSDK_MVE_PIXELS];
  int32_t totals[TINYSDK_MVE_OUTPUTS];
} tinysdk_mve_sums;

/* Where one tensor's weights and columns lie: `count` positions, output channels `count` bytes apart up to
 * the last one; channels past it repeat it. */
typedef struct {
  const int8_t *weights[TINYSDK_MVE_OUTPUTS];
  const int8_t *columns;
  int32_t count;
  int32_t groups; /* of four pixels */
} tinysdk_mve_product;

/* `outputs` output channels from `from` on by `held` vectors of weights each, from vector `skip` on, all in
 * registers, added to the sums unless `first`. All but `skip` are constants where this is inlined. */
static inline __attribute__((always_inline)) void tinysdk_mve_dot(const tinysdk_mve_product *product,
                                                                  int32_t from, int32_t outputs, int32_t skip,
                                                                  int32_t held, int32_t first,
                                                                  tinysdk_mve_sums *sums) {
  const mve_pred16_t tail = tinysdk_mve_first_lanes(product->count - TINYSDK_MVE_LANES * (skip + held - 1));
  const int32_t pitch = 64 * tinysdk_mve_blocks(product->count);
  tinysdk_mve_vector w[TINYSDK_MVE_HELD];
  for (int32_t h = 0; h < outputs; h++) {
    const int8_t *const weights = product->weights[from + h] + TINYSDK_MVE_LANES * skip;
    int32_t total = first ? 0 : sums->totals[from + h];
    for (int32_t k = 0; k < held; k++) {
      w[h * held + k] = k + 1 < held ? tinysdk_mve_weights_at(weights + TINYSDK_MVE_LANES * k)
                                     : tinysdk_mve_some_weights_at(weights + TINYSDK_MVE_LANES * k, tail);
      total = tinysdk_mve_add_lanes(total, w[h * held + k]);
    }
    sums->totals[from + h] = total;
  }
  const int8_t *columns = product->columns + 64 * skip;
  int32_t *to = sums->sums[from];
  for (int32_t g = 0; g < product->groups; g++) {
    for (int32_t p = 0; p < 4; p += 2) {
      int32_t even[TINYSDK_MVE_OUTPUTS], odd[TINYSDK_MVE_OUTPUTS];
      for (int32_t h = 0; h < outputs; h++) {
        even[h] = first ? 0 : to[h * TINYSDK_MVE_PIXELS + p];
        odd[h] = first ? 0 : to[h * TINYSDK_MVE_PIXELS + p + 1];
      }
      for (int32_t k = 0; k < held; k++) {
        const tinysdk_mve_vector pixel = tinysdk_mve_aligned(columns + 64 * k + 16 * p);
        for (int32_t h = 0; h < outputs; h++)
          even[h] = first && k == 0 ? tinysdk_mve_dot_of(w[h * held], pixel)
                                    : tinysdk_mve_add_dot(even[h], w[h * held + k], pixel);
      }
      for (int32_t k = 0; k < held; k++) {
        const tinysdk_mve_vector pixel = tinysdk_mve_aligned(columns + 64 * k + 16 * (p + 1));
        for (int32_t h = 0; h < outputs; h++)
          odd[h] = first && k == 0 ? tinysdk_mve_dot_of(w[h * held], pixel)
                                   : tinysdk_mve_add_dot(odd[h], w[h * held + k], pixel);
      }
      for (int32_t h = 0; h < outputs; h++) {
        to[h * TINYSDK_MVE_PIXELS + p] = even[h];
        to[h * TINYSDK_MVE_PIXELS + p + 1] = odd[h];
      }
    }
    columns += pitch;
    to += 4;
  }
}

/* Three output channels of one or two vectors. */
static __attribute__((noinline)) void tinysdk_mve_dot_three(const tinysdk_mve_product *product, int32_t first,
                                                            tinysdk_mve_sums *sums) {
  const int32_t held = tinysdk_mve_blocks(product->count);
  if (held == 1 && first)
    tinysdk_mve_dot(product, 0, 3, 0, 1, 1, sums);
  else if (held == 1)
    tinysdk_mve_dot(product, 0, 3, 0, 1, 0, sums);
  else if (first)
    tinysdk_mve_dot(product, 0, 3, 0, 2, 1, sums);
  else
    tinysdk_mve_dot(product, 0, 3, 0, 2, 0, sums);
}

/* Two output channels of any length, three vectors each at once. */
static __attribute__((noinline)) void tinysdk_mve_dot_two(const tinysdk_mve_product *product, int32_t first,
                                                          tinysdk_mve_sums *sums) {
  const int32_t vectors = tinysdk_mve_blocks(product->count);
  int32_t skip = 0;
  if (first && vectors >= 3) {
    tinysdk_mve_dot(product, 0, 2, 0, 3, 1, sums);
    skip = 3;
  } else if (first) {
    tinysdk_mve_dot(product, 0, 2, 0, 1, 1, sums);
    skip = 1;
  }
  for (; vectors - skip >= 3; skip += 3)
    tinysdk_mve_dot(product, 0, 2, skip, 3, 0, sums);
  if (vectors - skip == 2)
    tinysdk_mve_dot(product, 0, 2, skip, 2, 0, sums);
  else if (vectors - skip == 1)
    tinysdk_mve_dot(product, 0, 2, skip, 1, 0, sums);
}

/* Three output channels by two pixels: weights and columns stream past six sums. A function of its own for
 * the registers' sake: of these, only every second one can hold a sum. `product` has a position. */
static __attribute__((noinline)) void tinysdk_mve_stream_tile(const tinysdk_mve_product *product,
                                                              const int8_t *columns, int32_t first,
                                                              int32_t *to) {
  int32_t *const next = to + TINYSDK_MVE_PIXELS, *const last = next + TINYSDK_MVE_PIXELS;
  const int8_t *wa = product->weights[0], *wb = product->weights[1], *wc = product->weights[2];
  int32_t a0 = 0, a1 = 0, b0 = 0, b1 = 0, c0 = 0, c1 = 0, rest = product->count;
  do {
    const mve_pred16_t p = tinysdk_mve_first_lanes(rest);
    const tinysdk_mve_vector even = tinysdk_mve_some_aligned(columns, p);
    const tinysdk_mve_vector odd = tinysdk_mve_some_aligned(columns + 16, p);
    const tinysdk_mve_vector a = tinysdk_mve_some_weights_at(wa, p);
    const tinysdk_mve_vector b = tinysdk_mve_some_weights_at(wb, p);
    const tinysdk_mve_vector c = tinysdk_mve_some_weights_at(wc, p);
    a0 = tinysdk_mve_add_some_dot(a0, a, even, p);
    a1 = tinysdk_mve_add_some_dot(a1, a, odd, p);
    b0 = tinysdk_mve_add_some_dot(b0, b, even, p);
    b1 = tinysdk_mve_add_some_dot(b1, b, odd, p);
    c0 = tinysdk_mve_add_some_dot(c0, c, even, p);
    c1 = tinysdk_mve_add_some_dot(c1, c, odd, p);
    columns += 64;
    wa += TINYSDK_MVE_LANES;
    wb += TINYSDK_MVE_LANES;
    wc += TINYSDK_MVE_LANES;
    rest -= TINYSDK_MVE_LANES;
  } while (rest > 0);
  to[0] = first ? a0 : to[0] + a0;
  to[1] = first ? a1 : to[1] + a1;
  next[0] = first ? b0 : next[0] + b0;
  next[1] = first ? b1 : next[1] + b1;
  last[0] = first ? c0 : last[0] + c0;
  last[1] = first ? c1 : last[1] + c1;
}

static inline __attribute__((always_inline)) void
tinysdk_mve_stream_pixels(const tinysdk_mve_product *product, int32_t first, tinysdk_mve_sums *sums) {
  const int32_t pitch = tinysdk_mve_blocks(product->count) * 64;
  const int8_t *columns = product->columns;
  int32_t *to = sums->sums[0];
  const int32_t *const end = to + 4 * product->groups;
  do {
    tinysdk_mve_stream_tile(product, columns, first, to);
    tinysdk_mve_stream_tile(product, columns + 32, first, to + 2);
    columns += pitch;
    to += 4;
  } while (to < end);
}

/* The sums of the three channels' weights. */
static inline void tinysdk_mve_add_totals(const tinysdk_mve_product *product, int32_t *totals) {
  const int8_t *a = product->weights[0], *b = product->weights[1], *c = product->weights[2];
  int32_t first = totals[0], second = totals[1], third = totals[2];
  for (int32_t rest = product->count; rest > 0; rest -= TINYSDK_MVE_LANES) {
    const mve_pred16_t p = tinysdk_mve_first_lanes(rest);
    first = tinysdk_mve_add_some_lanes(first, tinysdk_mve_some_weights_at(a, p), p);
    second = tinysdk_mve_add_some_lanes(second, tinysdk_mve_some_weights_at(b, p), p);
    third = tinysdk_mve_add_some_lanes(third, tinysdk_mve_some_weights_at(c, p), p);
    a += TINYSDK_MVE_LANES;
    b += TINYSDK_MVE_LANES;
    c += TINYSDK_MVE_LANES;
  }
  totals[0] = first;
  totals[1] = second;
  totals[2] = third;
}

static __attribute__((noinline)) void tinysdk_mve_stream(const tinysdk_mve_product *product, int32_t first,
                                                         tinysdk_mve_sums *sums) {
  if (first)
    sums->totals[0] = sums->totals[1] = sums->totals[2] = 0;
  tinysdk_mve_add_totals(product, sums->totals);
  if (first)
    tinysdk_mve_stream_pixels(product, 1, sums);
  else
    tinysdk_mve_stream_pixels(product, 0, sums);
}

/* How many output channels are worked on at once, by the vectors of the longer tensor. Where three channels'
 * weights do not fit the registers, two take turns in them, if there are the pixels to make that worth while;
 * else, and where turns would be many, the weights stream. */
static inline int32_t tinysdk_mve_outputs_at_once(int32_t vectors, int32_t groups) {
  return vectors > 2 && groups >= 4 && vectors <= (groups > 4 ? TINYSDK_MVE_TURNS : TINYSDK_MVE_SMALL_TURNS)
             ? 2
             : 3;
}

static inline void tinysdk_mve_multiply(const tinysdk_mve_product *product, int32_t outputs, int32_t first,
                                        tinysdk_mve_sums *sums) {
  if (outputs == 2)
    tinysdk_mve_dot_two(product, first, sums);
  else if (tinysdk_mve_blocks(product->count) > 2)
    tinysdk_mve_stream(product, first, sums);
  else
    tinysdk_mve_dot_three(product, first, sums);
}

/* The weights of some output channels, as one tensor or as two that split the input positions. */
typedef struct {
  const int8_t *trained;
  const int8_t *frozen;
  int32_t trained_count; /* positions (channels times taps) of one output channel in each tensor */
  int32_t frozen_count;
} tinysdk_mve_weights;

/* Where the frozen positions' columns start, and how long all columns are. */
static inline int32_t tinysdk_mve_vectors(int32_t trained_count, int32_t frozen_count) {
  return tinysdk_mve_blocks(trained_count) + tinysdk_mve_blocks(frozen_count);
}

/* A block of `count` pixels in columns of `pixels`; element `first` is its first output in channel 0, `plane`
 * elements lie between channels. */
typedef struct {
  const int8_t *columns;
  int32_t pixels;
  int32_t count;
  int32_t first;
  int32_t plane;
} tinysdk_mve_block;

/* Output channels o, o + 1, ... of one tensor; past the last one, that one again. */
static inline void tinysdk_mve_set_weights(tinysdk_mve_product *product, const int8_t *weights,
                                           int32_t outputs) {
  const int32_t count = product->count;
  product->weights[0] = weights;
  product->weights[1] = weights += outputs > 1 ? count : 0;
  product->weights[2] = weights + (outputs > 2 ? count : 0);
}

/* Sums of the next `outputs` output channels, `step` at once, by both tensors. */
static __attribute__((noinline, unused)) void
tinysdk_mve_multiply_both(tinysdk_mve_product *both, int32_t outputs, int32_t step, tinysdk_mve_sums *sums) {
  for (int32_t i = 0; i < 2; i++)
    if (both[i].count > 0) {
      const int8_t *const weights = both[i].weights[0];
      tinysdk_mve_set_weights(&both[i], weights, outputs);
      tinysdk_mve_multiply(&both[i], step, i == 0 || both[0].count == 0, sums);
      both[i].weights[0] = weights + outputs * both[i].count;
    }
}

/* Where some output channels' sums of a block go. */
typedef struct {
  tinysdk_mve_stage *stage;
  int32_t input_zero;
  int32_t *sums; /* TINYSDK_MVE_PIXELS of each channel */
  const int32_t *totals;
  tinysdk_mve_block block; /* `first` is the first channel's first output */
  int8_t *output;
  uint8_t *mask;
} tinysdk_mve_target;

static __attribute__((noinline, unused)) void tinysdk_mve_write_channel(const tinysdk_mve_target *to,
                                                                        int32_t h, int32_t bias,
                                                                        tinysdk_requantization scale) {
  int32_t *const sums = to->sums + h * TINYSDK_MVE_PIXELS;
  const int32_t fold = -to->totals[h] * to->input_zero;
  tinysdk_mve_set_scale(to->stage, tinysdk_mve_fold(bias, fold, sums, TINYSDK_MVE_PIXELS), scale);
  tinysdk_mve_write_sums(to->stage, sums, to->block.count, to->block.first + h * to->block.plane, to->output,
                         to->mask);
}

/* The common case in one go: whole sixteens, whole bytes of the mask, and no channel that is shifted left or
 * whose zero points' share does not fit the bias. `single` is a constant where this is inlined. */
static inline __attribute__((always_inline)) void
tinysdk_mve_write_whole_channels(const tinysdk_mve_target *to, const int32_t *bias,
                                 const tinysdk_requantization *requantization, int32_t channels,
                                 int32_t single) {
  tinysdk_mve_stage stage = *to->stage;
  const int32_t blocks = to->block.count >> 4, plane = to->block.plane;
  int32_t element = to->block.first;
  for (int32_t h = 0; h < channels; h++, element += plane) {
    const tinysdk_requantization scale = requantization[h];
    const int32_t own = bias ? bias[h] : 0, fold = -to->totals[h] * to->input_zero;
    if (__builtin_add_overflow(own, fold, &stage.bias) || scale.shift > (single ? -2 : 0)) {
      tinysdk_mve_write_channel(to, h, own, scale);
      continue;
    }
    stage.multiplier = scale.multiplier;
    stage.right = single ? scale.shift + 1 : scale.shift;
    stage.nudge = scale.shift >> 31;
    tinysdk_mve_write_blocks(&stage, to->sums + h * TINYSDK_MVE_PIXELS, blocks, single, 0,
                             to->output + element, to->mask ? to->mask + (element >> 3) : to->mask);
  }
}

static __attribute__((noinline, unused)) void
tinysdk_mve_write_single(const tinysdk_mve_target *to, const int32_t *bias,
                         const tinysdk_requantization *requantization, int32_t channels) {
  tinysdk_mve_write_whole_channels(to, bias, requantization, channels, 1);
}

static __attribute__((noinline, unused)) void
tinysdk_mve_write_tflite(const tinysdk_mve_target *to, const int32_t *bias,
                         const tinysdk_requantization *requantization, int32_t channels) {
  tinysdk_mve_write_whole_channels(to, bias, requantization, channels, 0);
}

static inline void tinysdk_mve_write_channels(const tinysdk_mve_target *to, const int32_t *bias,
                                              const tinysdk_requantization *requantization,
                                              int32_t channels) {
  const int32_t odd = to->mask ? (to->block.first | to->block.plane) & 7 : 0;
  if (odd || (to->block.count & 15))
    for (int32_t h = 0; h < channels; h++)
      tinysdk_mve_write_channel(to, h, bias ? bias[h] : 0, requantization[h]);
  else if (to->stage->single)
    tinysdk_mve_write_single(to, bias, requantization, channels);
  else
    tinysdk_mve_write_tflite(to, bias, requantization, channels);
}

/* `outputs` output channels of a block. `bias` may be NULL. */
static __attribute__((noinline, unused)) void
tinysdk_mve_convolve(tinysdk_mve_stage *stage, int32_t input_zero, tinysdk_mve_block block,
                     tinysdk_mve_weights weights, const int32_t *bias,
                     const tinysdk_requantization *requantization, int32_t outputs, int8_t *output,
                     uint8_t *mask) {
  const int32_t groups = (block.count + 3) >> 2;
  const int8_t *const frozen = block.columns + tinysdk_mve_columns_bytes(weights.trained_count, block.pixels);
  tinysdk_mve_product both[2] = {{{weights.trained}, block.columns, weights.trained_count, groups},
                                 {{weights.frozen}, frozen, weights.frozen_count, groups}};
  const int32_t longer = tinysdk_max(weights.trained_count, weights.frozen_count);
  const int32_t step = tinysdk_mve_outputs_at_once(tinysdk_mve_blocks(longer), groups);
  tinysdk_mve_sums sums;
  tinysdk_mve_target to = {stage, input_zero, sums.sums[0], sums.totals, block, output, mask};
  for (int32_t o = 0; o < outputs; o += step) {
    const int32_t together = tinysdk_min(step, outputs - o);
    tinysdk_mve_multiply_both(both, together, step, &sums);
    tinysdk_mve_write_channels(&to, bias ? bias + o : bias, requantization + o, together);
    to.block.first += together * block.plane;
  }
}

#endif
