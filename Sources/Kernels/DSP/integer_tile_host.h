/* What the routine of integer_tile_arm.h computes. */
#ifndef TINYSDK_DSP_INTEGER_TILE_HOST_H
#define TINYSDK_DSP_INTEGER_TILE_HOST_H

static inline void tinysdk_integer_tile(const uint32_t *columns, const int8_t *weights, int32_t stride,
                                        int32_t pairs, int32_t *sums) {
  for (int32_t o = 0; o < pairs; o++, weights += 2 * stride)
    for (int32_t i = 0; i < 8; i++) {
      const uint32_t pair = tinysdk_halves(weights[i / 4], weights[stride + i / 4]);
      sums[i] = tinysdk_smlad(pair, columns[4 * o + i % 4], sums[i]);
    }
}

#endif
