/* Sums to int8 outputs in three to five instructions, exactly as Portable's two roundings.
 *
 * single: floor((v * m + 2^(31 + k)) / 2^(32 + k)) = (floor(v * m / 2^32) + 2^(k - 1)) >> k for k = -1 -
 * shift
 * >= 1, since floors nest: SMMLA with the half (and the output's zero point << k) as its addend, then a
 * shift. A lone SMMLAR would need m scaled down, which drops bits of it: not the same function.
 *
 * tflite: the doubling high multiply is SMMLAR of 2 v; the second rounding, half away from zero, is (h + half
 * - (h < 0)) >> k for k = -shift >= 1. v's sign may stand for h's: they differ only where h = 0, and there
 * (half - 1) >> k is 0 as well. */
#ifndef TINYSDK_DSP_FINISH_H
#define TINYSDK_DSP_FINISH_H

#include "../Portable/requantize.h"
#include "leave.h"
#include "simd.h"

#include <stddef.h>

/* Bounds under which no step above leaves 32 bits: |2 v| < 2^31, |zero << k| + 2^30 < 2^31. */
#define TINYSDK_LARGEST_RIGHT 22

typedef struct {
  int32_t start; /* the bias */
  int32_t multiplier;
  int32_t addend;
  int32_t right; /* negative: only the exact general path serves this channel */
} tinysdk_channel;

/* A channel that gives one value whatever the sum is (a dead one, its bias at the end of 32 bits): that value
 * times two plus one, halved, in either rounding. Real networks have them, and the general path is slow. The
 * value is exact, or so far out on the same side that no clamp and no mask can tell, with the clamp's lower
 * end in `zero` or not. */
static inline int32_t tinysdk_is_constant(int32_t bias, tinysdk_requantization scale, int32_t rounding,
                                          int32_t zero, int64_t products, int32_t *value) {
  const int32_t low = tinysdk_offset(
      tinysdk_requantize(tinysdk_saturate_s32(bias - products), scale.multiplier, scale.shift, rounding),
      zero);
  const int32_t high = tinysdk_offset(
      tinysdk_requantize(tinysdk_saturate_s32(bias + products), scale.multiplier, scale.shift, rounding),
      zero);
  *value = tinysdk_clamp(low, -257, 512);
  return products < 1 << 30 && (low == high || high < -256 || low > 511);
}

/* What a channel beyond the bounds becomes. */
static __attribute__((noinline, unused)) tinysdk_channel
tinysdk_unusual_channel(int32_t bias, tinysdk_requantization scale, int32_t rounding, int32_t zero,
                        int32_t products) {
  int32_t value;
  if (tinysdk_is_constant(bias, scale, rounding, zero, products, &value))
    return (tinysdk_channel){0, 0, 2 * value + 1, 1};
  return (tinysdk_channel){bias, scale.multiplier, 0, -1};
}

/* `products` bounds the absolute sum of products; `scaled` says by which power of two the sums arrive too
 * large (single rounding only). */
static inline tinysdk_channel tinysdk_channel_of(int32_t bias, tinysdk_requantization scale, int32_t rounding,
                                                 int32_t zero, int32_t products, int32_t scaled) {
  const int32_t right = -scale.shift - (rounding == TINYSDK_ROUNDING_SINGLE ? 1 - scaled : 0);
  const int32_t most = (1 << (scaled > 0 ? 31 - scaled : 30)) - products;
  if (scale.shift > -2 || right > TINYSDK_LARGEST_RIGHT || bias <= -most || bias >= most)
    return tinysdk_unusual_channel(bias, scale, rounding, zero, products);
  return (tinysdk_channel){bias, scale.multiplier, zero * (1 << right) + (1 << (right - 1)), right};
}

static inline int32_t tinysdk_finish_single(int32_t sum, const tinysdk_channel *channel) {
  return tinysdk_smmla(sum, channel->multiplier, channel->addend) >> channel->right;
}

/* `twice` is twice the sum. */
static inline int32_t tinysdk_finish_tflite(int32_t twice, const tinysdk_channel *channel) {
  return (tinysdk_smmlar(twice, channel->multiplier, channel->addend) + (twice >> 31)) >> channel->right;
}

/* `rounding` is a constant where this is inlined. */
static inline int32_t tinysdk_finish(int32_t sum, const tinysdk_channel *channel, int32_t rounding) {
  return rounding == TINYSDK_ROUNDING_SINGLE ? tinysdk_finish_single(sum, channel)
                                             : tinysdk_finish_tflite(2 * sum, channel);
}

static inline uint32_t tinysdk_saturate_bytes(int32_t a, int32_t b, int32_t c, int32_t d) {
  return tinysdk_pack_bytes(tinysdk_ssat8(a), tinysdk_ssat8(b), tinysdk_ssat8(c), tinysdk_ssat8(d));
}

/* Whether int8's own range is the clamp and nobody asks for a mask. */
static inline int32_t tinysdk_is_plain(int32_t low, int32_t high, const uint8_t *mask) {
  return low == -128 && high == 127 && mask == NULL;
}

/* Four values become elements `first` ... of the output. Kept apart: it serves the layers that learn. */
static __attribute__((noinline, unused)) void tinysdk_write_four(const int32_t values[4], int32_t low,
                                                                 int32_t high, int32_t first, int8_t *output,
                                                                 uint8_t *mask) {
  tinysdk_leave_four(values[0], values[1], values[2], values[3], low, high, first, output, mask);
}

/* A block of raw sums (no bias yet) becomes outputs; a channel of any kind, any count up to TINYSDK_BLOCK. */
static inline void tinysdk_finish_row(const tinysdk_output_stage *stage, const tinysdk_channel *channel,
                                      int32_t *sums, int32_t count, int32_t first, int8_t *output,
                                      uint8_t *mask) {
  int32_t i = 0;
  if (channel->right >= 0) {
    for (; i + 4 <= count; i += 4) {
      int32_t values[4];
      for (int32_t j = 0; j < 4; j++)
        values[j] = tinysdk_finish(sums[i + j] + channel->start, channel, stage->rounding);
      tinysdk_write_four(values, stage->low, stage->high, first + i, output, mask);
    }
  }
  if (i < count)
    tinysdk_write_sums(stage, sums + i, count - i, first + i, output, mask);
}

#endif
