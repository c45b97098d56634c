/* What the routine of value_sums_arm.h computes. */
#ifndef TINYSDK_DSP_VALUE_SUMS_HOST_H
#define TINYSDK_DSP_VALUE_SUMS_HOST_H

static inline void tinysdk_sum_values(const uint32_t *values, const uint32_t *rows, int32_t fours,
                                      int32_t quads, int32_t *sums) {
  for (; quads > 0; quads--, sums += 8)
    for (int32_t p = 0; p < 2 * fours; p++, values += 4)
      for (int32_t i = 0; i < 8; i++)
        sums[i] = tinysdk_smlad(rows[2 * p + i / 4], values[i % 4], sums[i]);
}

#endif
