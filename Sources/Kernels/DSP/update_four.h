/* The update rule of tinysdk_update_s8 for four weights at a time. */
#ifndef TINYSDK_DSP_UPDATE_FOUR_H
#define TINYSDK_DSP_UPDATE_FOUR_H

#include "../Portable/update.h"
#include "simd.h"
#include "weight_tile.h"

static inline uint32_t tinysdk_moved(int32_t fine, float step, float gradient) {
  /* Portable's bound is larger by one, where the weight saturates all the same. */
  return (uint32_t)tinysdk_ssat16(fine - tinysdk_ssat18(tinysdk_round_quickly((step * gradient) * 256.0f)));
}

/* Both halves to within +-127 * 256, by saturation at either end. */
static inline uint32_t tinysdk_limited(uint32_t fine) {
  return tinysdk_qadd16(tinysdk_qsub16(tinysdk_qadd16(fine, 0x00FF00FFu), 0x01FF01FFu), 0x01000100u);
}

/* Four neighbouring weights with their residuals, as pairs of 16 bits. */
static inline void tinysdk_update_four(float step, const float *sums, int8_t *weights, int8_t *residual) {
  const uint32_t high = 0xFF00FF00u, w = tinysdk_load_word(weights), r = tinysdk_load_word(residual);
  const uint32_t even = tinysdk_sxtab16(w << 8 & high, r), odd = tinysdk_sxtab16_odd(w & high, r);
  const uint32_t fine0 = tinysdk_moved((int16_t)(uint16_t)even, step, sums[0]);
  const uint32_t fine1 = tinysdk_moved((int16_t)(uint16_t)odd, step, sums[1]);
  const uint32_t fine2 = tinysdk_moved((int32_t)even >> 16, step, sums[2]);
  const uint32_t fine3 = tinysdk_moved((int32_t)odd >> 16, step, sums[3]);
  const uint32_t new_even = tinysdk_limited(tinysdk_pack_low(fine0, fine2));
  const uint32_t new_odd = tinysdk_limited(tinysdk_pack_low(fine1, fine3));
  const uint32_t half = 0x00800080u;
  tinysdk_store_word(weights,
                     (tinysdk_qadd16(new_even, half) >> 8 & ~high) | (tinysdk_qadd16(new_odd, half) & high));
  tinysdk_store_word(residual, (new_even & ~high) | (new_odd << 8 & high));
}

#endif
