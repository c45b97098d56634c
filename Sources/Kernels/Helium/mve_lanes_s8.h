/* Vectors of sixteen int8 values, beside sixteen weights. */
#ifndef TINYSDK_MVE_LANES_H
#define TINYSDK_MVE_LANES_H

#include "mve.h"

enum { TINYSDK_MVE_LANES = 16 };

/* Up to how many vectors the weights of two channels take turns in the registers rather than stream: for
 * blocks of more than sixteen pixels, and for smaller ones. */
enum { TINYSDK_MVE_TURNS = 9, TINYSDK_MVE_SMALL_TURNS = 6 };

typedef int8_t tinysdk_mve_lane;
typedef int8x16_t tinysdk_mve_vector;

static inline mve_pred16_t tinysdk_mve_first_lanes(int32_t count) {
  return vctp8q((uint32_t)count);
}

static inline tinysdk_mve_vector tinysdk_mve_weights_at(const int8_t *from) {
  return vldrbq_s8(from);
}

static inline tinysdk_mve_vector tinysdk_mve_some_weights_at(const int8_t *from, mve_pred16_t some) {
  return vldrbq_z_s8(from, some);
}

/* A column's vector, aligned to 16. Word loads reach further from their base than byte loads. */
static inline tinysdk_mve_vector tinysdk_mve_aligned(const int8_t *from) {
  return vreinterpretq_s8_s32(vldrwq_s32((const int32_t *)(const void *)from));
}

static inline tinysdk_mve_vector tinysdk_mve_some_aligned(const int8_t *from, mve_pred16_t some) {
  return vldrbq_z_s8(from, some);
}

static inline int32_t tinysdk_mve_dot_of(tinysdk_mve_vector a, tinysdk_mve_vector b) {
  return vmladavq_s8(a, b);
}

static inline int32_t tinysdk_mve_add_dot(int32_t sum, tinysdk_mve_vector a, tinysdk_mve_vector b) {
  return vmladavaq_s8(sum, a, b);
}

static inline int32_t tinysdk_mve_add_some_dot(int32_t sum, tinysdk_mve_vector a, tinysdk_mve_vector b,
                                               mve_pred16_t some) {
  return vmladavaq_p_s8(sum, a, b, some);
}

static inline int32_t tinysdk_mve_add_lanes(int32_t sum, tinysdk_mve_vector a) {
  return vaddvaq_s8(sum, a);
}

static inline int32_t tinysdk_mve_add_some_lanes(int32_t sum, tinysdk_mve_vector a, mve_pred16_t some) {
  return vaddvaq_p_s8(sum, a, some);
}

/* Eight values, each `offsets` bytes from `to`. */
static inline void tinysdk_mve_scatter_eight(int8_t *to, uint16x8_t offsets, const tinysdk_mve_lane *from) {
  vstrbq_scatter_offset_s16(to, offsets, vldrbq_s16(from));
}

/* The same; those past `count` are 0. */
static inline void tinysdk_mve_scatter_some(int8_t *to, uint16x8_t offsets, const tinysdk_mve_lane *from,
                                            int32_t count) {
  vstrbq_scatter_offset_s16(to, offsets, vldrbq_z_s16(from, vctp16q((uint32_t)count)));
}

static inline tinysdk_mve_vector tinysdk_mve_some_lanes_at(const tinysdk_mve_lane *from, mve_pred16_t some) {
  return vldrbq_z_s8(from, some);
}

static inline void tinysdk_mve_store_some_lanes(tinysdk_mve_lane *to, tinysdk_mve_vector values,
                                                mve_pred16_t some) {
  vstrbq_p_s8(to, values, some);
}

/* Where a vector's elements lie. */
typedef uint8x16_t tinysdk_mve_places;

/* From a table of bytes. */
static inline tinysdk_mve_places tinysdk_mve_places_at(const uint8_t *table) {
  return vldrbq_u8(table);
}

static inline tinysdk_mve_vector tinysdk_mve_weights_from(const int8_t *from, tinysdk_mve_places places) {
  return vldrbq_gather_offset_s8(from, places);
}

static inline tinysdk_mve_vector tinysdk_mve_lanes_from(const tinysdk_mve_lane *from,
                                                        tinysdk_mve_places places) {
  return vldrbq_gather_offset_s8(from, places);
}

#endif
