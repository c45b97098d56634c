#include "layout_pairs.h"

#include <string.h>

int32_t tinysdk_layout_pairs_bytes(const tinysdk_conv2d_args *args) {
  return tinysdk_pair_bytes(tinysdk_pair_taps(args), args->out_channels);
}

/* Whether every sum of this channel's products stays within the bound. */
static int32_t is_bounded(const tinysdk_conv2d_args *args, const int8_t *weights) {
  const int32_t largest = tinysdk_max(args->input_zero + 128, 127 - args->input_zero);
  int64_t sum = 0;
  for (int32_t k = 0; k < tinysdk_pair_taps(args); k++)
    sum += weights[k] < 0 ? -weights[k] : weights[k];
  return sum * largest <= TINYSDK_PAIR_PRODUCTS;
}

int32_t tinysdk_layout_pairs_pack(const tinysdk_conv2d_args *args, const int8_t *weights, int8_t *packed) {
  const int32_t taps = tinysdk_pair_taps(args);
  if (!tinysdk_is_pairable(args))
    return 1;
  memset(packed, 0, (size_t)tinysdk_layout_pairs_bytes(args));
  for (int32_t o = 0; o < args->out_channels; o++) {
    const int8_t *const from = weights + o * taps;
    int8_t *const row = packed + o / 2 * tinysdk_pair_words(taps) * 4;
    if (!is_bounded(args, from))
      return 1;
    for (int32_t k = 0; k < taps; k++) {
      int8_t *const pair = row + tinysdk_pair_place(k);
      if (o % 2 == 0)
        pair[0] = from[k];
      else if (pair[0] < 0 && from[k] == -128)
        return 1; /* a + 256 b leaves 16 bits */
      else
        pair[1] = (int8_t)(from[k] - (pair[0] < 0));
    }
  }
  return 0;
}

void tinysdk_layout_pairs_unpack(const tinysdk_conv2d_args *args, const int8_t *packed, int8_t *weights) {
  const int32_t taps = tinysdk_pair_taps(args);
  for (int32_t o = 0; o < args->out_channels; o++)
    for (int32_t k = 0; k < taps; k++) {
      const int8_t *const pair = packed + o / 2 * tinysdk_pair_words(taps) * 4 + tinysdk_pair_place(k);
      weights[o * taps + k] = o % 2 ? (int8_t)(pair[1] + (pair[0] < 0)) : pair[0];
    }
}
