/* Layout `dense_pairs`: the weights of two outputs a, b in one halfword, a + 256 b, as in layout `pairs`.
 *
 * Groups of up to three pairs that are multiplied at once. First what their sums start from, the shares A and
 * B of the input's zero point (-zero * sum of weights): all A, then all A + 256 B. Then quad of inputs by
 * quad: the words (k, k + 2) of all pairs, then their words (k + 1, k + 3). Inputs past the last one and a
 * last b without an output have zeros. */
#ifndef TINYSDK_DSP_LAYOUT_DENSE_PAIRS_H
#define TINYSDK_DSP_LAYOUT_DENSE_PAIRS_H

#include "tinysdk_kernels.h"

/* The largest absolute sum of products: 256 times as much fits 32 bits. */
#define TINYSDK_DENSE_PAIR_PRODUCTS ((1 << 23) - 1)

#define TINYSDK_DENSE_GROUP 3

static inline int32_t tinysdk_dense_pairs(const tinysdk_dense_args *args) {
  return (args->out_count + 1) / 2;
}

/* Pairs of the next group, when so many are left: none stays alone that need not. */
static inline int32_t tinysdk_dense_group(int32_t left) {
  return left == 3 || left > 4 ? TINYSDK_DENSE_GROUP : left < 2 ? left : 2;
}

/* Bytes of a pair. */
static inline int32_t tinysdk_dense_pair_bytes(const tinysdk_dense_args *args) {
  return 8 + (args->in_count + 3) / 4 * 8;
}

/* Whether a layer may be stored so: frozen weights in one tensor, little padding. */
static inline int32_t tinysdk_is_dense_pairable(const tinysdk_dense_args *args) {
  const int64_t bytes = (int64_t)tinysdk_dense_pairs(args) * tinysdk_dense_pair_bytes(args);
  return args->weight_zero == 0 && args->trained_channels == 0 &&
         4 * bytes <= 5ll * args->in_count * args->out_count;
}

int32_t tinysdk_layout_dense_pairs_bytes(const tinysdk_dense_args *args);
int32_t tinysdk_layout_dense_pairs_pack(const tinysdk_dense_args *args, const int8_t *weights,
                                        int8_t *packed);
void tinysdk_layout_dense_pairs_unpack(const tinysdk_dense_args *args, const int8_t *packed, int8_t *weights);

#endif
