/* Quads of input channels out of weights in layout `pairs`. */
#ifndef TINYSDK_DSP_QUADS_H
#define TINYSDK_DSP_QUADS_H

#include "join_quads.h"
#include "layout_pairs.h"

static inline int32_t tinysdk_quad_of(int32_t channels, int32_t k) {
  (void)channels;
  return k & ~3;
}

/* Pair by pair of output channels, the weights of input channels k, k + 2, k + 1 and k + 3. */
static __attribute__((noinline)) void tinysdk_split_quad(const int8_t *weights, int32_t channels, int32_t k,
                                                         int32_t outputs, uint32_t *to) {
  const int32_t row = tinysdk_pair_words(channels) * 4;
  const int8_t *from = weights + tinysdk_pair_place(k);
#pragma GCC unroll 4
  for (int32_t pairs = (outputs + 1) / 2; pairs > 0; pairs--, from += row)
    to = tinysdk_join_packed(from, to);
}

#endif
