/* What the assembly of update_four_arm.h computes. */
#ifndef TINYSDK_DSP_UPDATE_FOUR_HOST_H
#define TINYSDK_DSP_UPDATE_FOUR_HOST_H

/* `change` saturates to 32 bits: so large a one moves any weight to its limit. */
static inline uint32_t tinysdk_moved(int32_t fine, int32_t change) {
  return (uint32_t)tinysdk_ssat16(tinysdk_qsub(fine, change));
}

/* Both halves to within +-127 * 256, by saturation at either end. */
static inline uint32_t tinysdk_limited(uint32_t fine) {
  return tinysdk_qadd16(tinysdk_qsub16(tinysdk_qadd16(fine, 0x00FF00FFu), 0x01FF01FFu), 0x01000100u);
}

/* Four neighbouring weights with their residuals, as pairs of 16 bits, and by how much they shrink. */
static inline void tinysdk_move_four(const int32_t changes[4], int8_t *weights, int8_t *residual) {
  const uint32_t high = 0xFF00FF00u, w = tinysdk_load_word(weights), r = tinysdk_load_word(residual);
  const uint32_t even = tinysdk_sxtab16(w << 8 & high, r), odd = tinysdk_sxtab16_odd(w & high, r);
  const uint32_t fine0 = tinysdk_moved((int16_t)(uint16_t)even, changes[0]);
  const uint32_t fine1 = tinysdk_moved((int16_t)(uint16_t)odd, changes[1]);
  const uint32_t fine2 = tinysdk_moved((int32_t)even >> 16, changes[2]);
  const uint32_t fine3 = tinysdk_moved((int32_t)odd >> 16, changes[3]);
  const uint32_t new_even = tinysdk_limited(tinysdk_pack_low(fine0, fine2));
  const uint32_t new_odd = tinysdk_limited(tinysdk_pack_low(fine1, fine3));
  const uint32_t half = 0x00800080u;
  tinysdk_store_word(weights,
                     (tinysdk_qadd16(new_even, half) >> 8 & ~high) | (tinysdk_qadd16(new_odd, half) & high));
  tinysdk_store_word(residual, (new_even & ~high) | (new_odd << 8 & high));
}

/* Changes of step * sum, in 256ths. */
static inline void tinysdk_update_four(float step, const float *sums, int8_t *weights, int8_t *residual) {
  int32_t changes[4];
  for (int32_t i = 0; i < 4; i++)
    changes[i] = tinysdk_round_quickly((step * sums[i]) * 256.0f);
  tinysdk_move_four(changes, weights, residual);
}

/* Changes of factor * sum. */
static inline void tinysdk_move_by_sums(float factor, const int32_t *sums, int8_t *weights,
                                        int8_t *residual) {
  int32_t changes[4];
  for (int32_t i = 0; i < 4; i++)
    changes[i] = tinysdk_round_quickly(factor * (float)sums[i]);
  tinysdk_move_four(changes, weights, residual);
}

#endif
