/* Canonical weights of one or two tensors become layout `pairs` in scratch: where they serve many pixels,
 * packing costs less than it saves. */
#ifndef TINYSDK_DSP_REPACK_H
#define TINYSDK_DSP_REPACK_H

#include "pairs.h"

/* Up to here no row of int8 weights breaks the bound on its products. */
#define TINYSDK_REPACKED_CHANNELS (TINYSDK_PAIR_PRODUCTS / (128 * 255))

static inline int32_t tinysdk_repacked_quads(const tinysdk_conv2d_args *args) {
  return tinysdk_quads(args->trained_channels) + tinysdk_quads(args->in_channels - args->trained_channels);
}

static inline int32_t tinysdk_is_repacked(const tinysdk_conv2d_args *args) {
  return args->weight_zero == 0 && args->in_channels <= TINYSDK_REPACKED_CHANNELS &&
         args->out_channels >= 2 && args->batch * tinysdk_in_plane(args) >= 4 * TINYSDK_PIXELS;
}

static inline int32_t tinysdk_repacked_bytes(const tinysdk_conv2d_args *args) {
  const int32_t quads = tinysdk_repacked_quads(args);
  return tinysdk_pair_room(args) * (int32_t)sizeof(tinysdk_pair) +
         (8 * quads + (args->out_channels + 1) / 2 * 2 * quads) * (int32_t)sizeof(uint32_t);
}

static inline uint32_t *tinysdk_repack_quad(uint32_t a, uint32_t b, uint32_t *to) {
  to[0] = tinysdk_add16(tinysdk_sxtb16(a), (b & 0x00FF00FFu) << 8);
  to[1] = tinysdk_add16(tinysdk_sxtb16_odd(a), b & 0xFF00FF00u);
  return to + 2;
}

/* A byte's upper bit is set where -128 may be among `b`, which does not fit beside a negative weight. */
static inline uint32_t tinysdk_find_least(uint32_t b) {
  const uint32_t other = b ^ 0x80808080u;
  return (other - 0x01010101u) & ~other & 0x80808080u;
}

/* A row of both channels; b is NULL behind the last one. `least` collects the bits above. */
static inline uint32_t *tinysdk_repack_row(const int8_t *a, const int8_t *b, int32_t channels, uint32_t *to,
                                           uint32_t *least) {
  uint32_t found = 0;
  int32_t k = 0;
  for (; b && k + 4 <= channels; k += 4) {
    const uint32_t second = tinysdk_load_word(b + k);
    found |= tinysdk_find_least(second);
    to = tinysdk_repack_quad(tinysdk_load_word(a + k), second, to);
  }
  for (; k < channels; k += 4) {
    const int32_t count = tinysdk_min(4, channels - k);
    const uint32_t second = b ? tinysdk_load_tail(b + k, count) : 0;
    found |= tinysdk_find_least(second);
    to = tinysdk_repack_quad(tinysdk_load_tail(a + k, count), second, to);
  }
  *least |= found;
  return to;
}

/* Whether all weights fit. */
static inline int32_t tinysdk_repack(const tinysdk_conv2d_args *args, const int8_t *frozen,
                                     const int8_t *trained, uint32_t *to) {
  const int32_t learning = args->trained_channels, rest = args->in_channels - learning;
  uint32_t least = 0;
  for (int32_t o = 0; o < args->out_channels; o += 2) {
    const int32_t both = o + 1 < args->out_channels;
    if (learning > 0)
      to = tinysdk_repack_row(trained, both ? trained + learning : NULL, learning, to, &least);
    if (rest > 0)
      to = tinysdk_repack_row(frozen, both ? frozen + rest : NULL, rest, to, &least);
    trained += learning > 0 ? 2 * learning : 0;
    frozen += rest > 0 ? 2 * rest : 0;
  }
  return least == 0;
}

#endif
