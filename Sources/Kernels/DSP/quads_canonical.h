/* Quads of input channels out of rows of weights, one row per output channel. */
#ifndef TINYSDK_DSP_QUADS_H
#define TINYSDK_DSP_QUADS_H

#include "../Portable/requantize.h"
#include "join_quads.h"

/* The quad that holds channel k: as no load may reach past a row, the last one reaches back. */
static inline int32_t tinysdk_quad_of(int32_t channels, int32_t k) {
  return tinysdk_max(0, tinysdk_min(k, channels - 4));
}

/* Output channels o and o + 1 share words. */
#define TINYSDK_SHARED_APART 1

/* Pair by pair of output channels, the weights of input channels k, k + 2, k + 1 and k + 3. */
static __attribute__((noinline)) void tinysdk_split_quad(const int8_t *weights, int32_t channels, int32_t k,
                                                         int32_t outputs, uint32_t *to) {
  const int8_t *row = weights + k;
  const int32_t rest = tinysdk_min(channels, 4), whole = rest == 4 ? outputs / 2 : 0;
#pragma GCC unroll 4
  for (int32_t pairs = whole; pairs > 0; pairs--, row += 2 * channels)
    to = tinysdk_join_rows(row, channels, to);
  for (int32_t o = 2 * whole; o < outputs; o += 2, row += 2 * channels) {
    const uint32_t words[2] = {tinysdk_load_tail(row, rest),
                               o + 1 < outputs ? tinysdk_load_tail(row + channels, rest) : 0};
    to = tinysdk_join_rows((const int8_t *)words, 4, to);
  }
}

#endif
