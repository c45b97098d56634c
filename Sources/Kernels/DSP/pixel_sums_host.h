/* What the routine of pixel_sums_arm.h computes. */
#ifndef TINYSDK_DSP_PIXEL_SUMS_HOST_H
#define TINYSDK_DSP_PIXEL_SUMS_HOST_H

static inline void tinysdk_sum_pixels(const uint32_t *columns, const uint32_t *weights, const uint32_t *end,
                                      int32_t groups, int32_t *sums) {
  for (int32_t g = 0; g < groups; g++, sums += 4) {
    for (int32_t p = 0; p < 4; p++)
      sums[p] = sums[2 * TINYSDK_BLOCK_PIXELS + p] = 0;
    for (const uint32_t *w = weights; w < end; w += 4, columns += 4)
      for (int32_t p = 0; p < 4; p++) {
        sums[p] = tinysdk_smlad(w[0], columns[p], sums[p]);
        sums[2 * TINYSDK_BLOCK_PIXELS + p] =
            tinysdk_smlad(w[1], columns[p], sums[2 * TINYSDK_BLOCK_PIXELS + p]);
      }
  }
}

#endif
