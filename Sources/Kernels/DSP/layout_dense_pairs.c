#include "layout_dense_pairs.h"

#include <string.h>

int32_t tinysdk_layout_dense_pairs_bytes(const tinysdk_dense_args *args) {
  return tinysdk_dense_pairs(args) * tinysdk_dense_pair_bytes(args);
}

/* Where a pair lies. */
typedef struct {
  int32_t start;   /* of its first sum */
  int32_t weights; /* of its first word */
  int32_t step;    /* between words */
} pair_place;

static pair_place place_of(const tinysdk_dense_args *args, int32_t pair) {
  const int32_t pairs = tinysdk_dense_pairs(args);
  int32_t first = 0, group = tinysdk_dense_group(pairs);
  while (first + group <= pair) {
    first += group;
    group = tinysdk_dense_group(pairs - first);
  }
  const int32_t start = first * tinysdk_dense_pair_bytes(args) + (pair - first) * 4;
  return (pair_place){start, start + group * 8, group * 4};
}

/* Where the pair's weights of input k lie. */
static int32_t weights_at(pair_place place, int32_t k) {
  return place.weights + (k / 4 * 2 + (k & 1)) * place.step + (k & 2);
}

/* An output's share of the zero point, if all its sums stay within the bound. */
static int32_t share_of(const tinysdk_dense_args *args, const int8_t *weights, int32_t *share) {
  const int32_t zero = args->input_zero, largest = zero < 0 ? 127 - zero : zero + 128;
  int64_t sum = 0, absolute = 0;
  for (int32_t k = 0; k < args->in_count; k++) {
    sum += weights[k];
    absolute += weights[k] < 0 ? -weights[k] : weights[k];
  }
  *share = (int32_t)(-zero * sum);
  return absolute * largest <= TINYSDK_DENSE_PAIR_PRODUCTS;
}

static void put_word(int8_t *to, uint32_t word) {
  memcpy(to, &word, sizeof(word));
}

/* Nonzero where the pair cannot be packed; `b` may be NULL. */
static int32_t pack_pair(const tinysdk_dense_args *args, const int8_t *a, const int8_t *b, pair_place place,
                         int8_t *packed) {
  int32_t share_a, share_b = 0;
  if (!share_of(args, a, &share_a) || (b && !share_of(args, b, &share_b)))
    return 1;
  put_word(packed + place.start, (uint32_t)share_a);
  put_word(packed + place.start + place.step, (uint32_t)share_a + 256u * (uint32_t)share_b);
  for (int32_t k = 0; k < args->in_count; k++) {
    int8_t *const pair = packed + weights_at(place, k);
    pair[0] = a[k];
    if (b && a[k] < 0 && b[k] == -128)
      return 1; /* a + 256 b leaves 16 bits */
    if (b)
      pair[1] = (int8_t)(b[k] - (a[k] < 0));
  }
  return 0;
}

int32_t tinysdk_layout_dense_pairs_pack(const tinysdk_dense_args *args, const int8_t *weights,
                                        int8_t *packed) {
  if (!tinysdk_is_dense_pairable(args))
    return 1;
  memset(packed, 0, (size_t)tinysdk_layout_dense_pairs_bytes(args));
  for (int32_t o = 0; o < args->out_count; o += 2) {
    const int8_t *const a = weights + o * args->in_count;
    const int8_t *const b = o + 1 < args->out_count ? a + args->in_count : NULL;
    if (pack_pair(args, a, b, place_of(args, o / 2), packed))
      return 1;
  }
  return 0;
}

void tinysdk_layout_dense_pairs_unpack(const tinysdk_dense_args *args, const int8_t *packed,
                                       int8_t *weights) {
  for (int32_t o = 0; o < args->out_count; o++) {
    const pair_place place = place_of(args, o / 2);
    for (int32_t k = 0; k < args->in_count; k++) {
      const int8_t *const pair = packed + weights_at(place, k);
      weights[o * args->in_count + k] = o % 2 ? (int8_t)(pair[1] + (pair[0] < 0)) : pair[0];
    }
  }
}
