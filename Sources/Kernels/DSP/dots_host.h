/* What the routine of dots_arm.h computes. */
#ifndef TINYSDK_DSP_DOTS_HOST_H
#define TINYSDK_DSP_DOTS_HOST_H

static inline void tinysdk_dot_five(const uint32_t *x, const int8_t *weights, int32_t row, int32_t quads,
                                    int32_t *sums) {
  for (int32_t i = 0; i < 5; i++)
    for (int32_t q = 0; q < quads; q++) {
      const uint32_t word = tinysdk_load_word(weights + i * row + 4 * q);
      sums[i] = tinysdk_smlad(tinysdk_sxtb16(word), x[2 * q], sums[i]);
      sums[i] = tinysdk_smlad(tinysdk_sxtb16_odd(word), x[2 * q + 1], sums[i]);
    }
}

#endif
