/* What the assembly of mve_fours_arm.h computes. */
#ifndef TINYSDK_MVE_FOURS_HOST_H
#define TINYSDK_MVE_FOURS_HOST_H

static inline void tinysdk_mve_multiply_four(const tinysdk_mve_four *four) {
  const int32_t pitch = 4 * 16 * tinysdk_mve_blocks(four->count);
  for (int32_t h = 0; h < TINYSDK_MVE_FOUR; h++)
    for (int32_t p = 0; p < 4 * four->groups; p++) {
      int32_t *const sum = four->sums + h * TINYSDK_MVE_PIXELS + p;
      *sum = 0;
      for (int32_t k = 0; k < four->count; k++)
        *sum += four->weights[h][k] * four->columns[p / 4 * pitch + k / 16 * 64 + p % 4 * 16 + k % 16];
    }
}

#endif
