/* Quads of input channels out of weights in layout `pairs`. */
#ifndef TINYSDK_DSP_QUADS_H
#define TINYSDK_DSP_QUADS_H

#include "join_quads.h"
#include "layout_pairs.h"

static inline int32_t tinysdk_quad_of(int32_t channels, int32_t k) {
  (void)channels;
  return k & ~3;
}

/* Output channels o and o + 2 share words, then o + 1 and o + 3. */
#define TINYSDK_SHARED_APART 2

/* Four by four output channels, the weights of input channels k, k + 2, k + 1 and k + 3. */
static __attribute__((noinline)) void tinysdk_split_quad(const int8_t *weights, int32_t channels, int32_t k,
                                                         int32_t outputs, uint32_t *to) {
  const int32_t row = tinysdk_pair_words(channels) * 4;
  const int8_t *from = weights + tinysdk_pair_place(k);
  const int32_t pairs = (outputs + 1) / 2, twos = pairs / 2;
  if (twos > 0)
    tinysdk_join_packed(from, row, twos, to);
  if (pairs & 1) {
    from += 2 * twos * row;
    const uint32_t words[4] = {tinysdk_load_word(from), tinysdk_load_word(from + 4)};
    tinysdk_join_packed((const int8_t *)words, 8, 1, to + 8 * twos);
  }
}

#endif
