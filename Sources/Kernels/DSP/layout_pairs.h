/* Layout `pairs`: the weights of two output channels a, b in one halfword, a + 256 b.
 *
 * A row holds both channels' weights in quads of taps k ... k + 3, padded with zeros: the words (k, k + 2)
 * and (k + 1, k + 3). As halves, a word gives a + 256 b; SXTB16 of it gives a alone. With an odd count of
 * output channels the last b is zero. */
#ifndef TINYSDK_DSP_LAYOUT_PAIRS_H
#define TINYSDK_DSP_LAYOUT_PAIRS_H

#include "../Portable/convolution.h"

/* The largest absolute sum of products and the largest bias of a channel: together they stay below 2^23, so
 * that 256 b fits 32 bits. */
#define TINYSDK_PAIR_PRODUCTS ((1 << 23) - (1 << 20))
#define TINYSDK_PAIR_BIAS (1 << 20)

/* Weights of one output channel. */
static inline int32_t tinysdk_pair_taps(const tinysdk_conv2d_args *args) {
  return args->in_channels / args->groups * tinysdk_taps(args);
}

/* Words of a row. */
static inline int32_t tinysdk_pair_words(int32_t taps) {
  return (taps + 3) / 4 * 2;
}

static inline int32_t tinysdk_pair_bytes(int32_t taps, int32_t outputs) {
  return (outputs + 1) / 2 * tinysdk_pair_words(taps) * 4;
}

/* Where weight `k` of the first channel of a row lies; the second channel's follows it. */
static inline int32_t tinysdk_pair_place(int32_t k) {
  return k / 4 * 8 + (k & 1) * 4 + (k & 2);
}

/* Whether a layer may be stored so: frozen weights in one tensor, one group, little padding. */
static inline int32_t tinysdk_is_pairable(const tinysdk_conv2d_args *args) {
  const int32_t taps = tinysdk_pair_taps(args);
  return args->weight_zero == 0 && args->trained_channels == 0 && args->groups == 1 &&
         4 * tinysdk_pair_bytes(taps, args->out_channels) <= 5 * taps * args->out_channels;
}

extern __typeof__(tinysdk_conv2d_1x1_s8_scratch) tinysdk_layout_pairs_bytes;
int32_t tinysdk_layout_pairs_pack(const tinysdk_conv2d_args *args, const int8_t *weights, int8_t *packed);
void tinysdk_layout_pairs_unpack(const tinysdk_conv2d_args *args, const int8_t *packed, int8_t *weights);

#endif
