/* Helium's integer arithmetic in C, under the names of arm_mve.h. */
#ifndef TINYSDK_MVE_EMULATED_ARITHMETIC_H
#define TINYSDK_MVE_EMULATED_ARITHMETIC_H

#include "mve_emulated_memory.h"

/* ---- across lanes, and sums of products */

static inline int32_t vmladavaq_s8(int32_t sum, int8x16_t a, int8x16_t b) {
  for (int i = 0; i < 16; i++)
    sum = (int32_t)((uint32_t)sum + (uint32_t)(a.lane[i] * b.lane[i]));
  return sum;
}

static inline int32_t vmladavaq_p_s8(int32_t sum, int8x16_t a, int8x16_t b, mve_pred16_t predicate) {
  for (int i = 0; i < 16; i++)
    if (tinysdk_lane_on(predicate, i))
      sum = (int32_t)((uint32_t)sum + (uint32_t)(a.lane[i] * b.lane[i]));
  return sum;
}

static inline int32_t vmladavq_s8(int8x16_t a, int8x16_t b) {
  return vmladavaq_s8(0, a, b);
}

static inline int32_t vmladavaq_s16(int32_t sum, int16x8_t a, int16x8_t b) {
  for (int i = 0; i < 8; i++)
    sum = (int32_t)((uint32_t)sum + (uint32_t)(a.lane[i] * b.lane[i]));
  return sum;
}

static inline int32_t vmladavaq_p_s16(int32_t sum, int16x8_t a, int16x8_t b, mve_pred16_t predicate) {
  for (int i = 0; i < 8; i++)
    if (tinysdk_lane_on(predicate, 2 * i))
      sum = (int32_t)((uint32_t)sum + (uint32_t)(a.lane[i] * b.lane[i]));
  return sum;
}

static inline int32_t vmladavq_s16(int16x8_t a, int16x8_t b) {
  return vmladavaq_s16(0, a, b);
}

static inline int32_t vaddvaq_s16(int32_t sum, int16x8_t a) {
  for (int i = 0; i < 8; i++)
    sum += a.lane[i];
  return sum;
}

static inline int32_t vaddvaq_s8(int32_t sum, int8x16_t a) {
  for (int i = 0; i < 16; i++)
    sum += a.lane[i];
  return sum;
}

static inline int32_t vaddvaq_p_s16(int32_t sum, int16x8_t a, mve_pred16_t predicate) {
  for (int i = 0; i < 8; i++)
    if (tinysdk_lane_on(predicate, 2 * i))
      sum += a.lane[i];
  return sum;
}

static inline int32_t vaddvaq_p_s8(int32_t sum, int8x16_t a, mve_pred16_t predicate) {
  for (int i = 0; i < 16; i++)
    if (tinysdk_lane_on(predicate, i))
      sum += a.lane[i];
  return sum;
}

static inline int32x4_t vmlaq_n_s32(int32x4_t sum, int32x4_t a, int32_t b) {
  TINYSDK_EACH(int32x4_t, 4, (int32_t)((uint32_t)sum.lane[i] + (uint32_t)a.lane[i] * (uint32_t)b));
}

/* a * b + sum */
static inline int32x4_t vmlasq_n_s32(int32x4_t a, int32x4_t b, int32_t sum) {
  TINYSDK_EACH(int32x4_t, 4, (int32_t)((uint32_t)a.lane[i] * (uint32_t)b.lane[i] + (uint32_t)sum));
}

static inline uint32_t vmaxavq_s32(uint32_t greatest, int32x4_t a) {
  for (int i = 0; i < 4; i++) {
    const uint32_t magnitude = a.lane[i] < 0 ? 0u - (uint32_t)a.lane[i] : (uint32_t)a.lane[i];
    greatest = magnitude > greatest ? magnitude : greatest;
  }
  return greatest;
}

static inline uint32_t vminvq_u32(uint32_t least, uint32x4_t a) {
  for (int i = 0; i < 4; i++)
    least = a.lane[i] < least ? a.lane[i] : least;
  return least;
}

static inline uint32_t vmaxvq_u32(uint32_t greatest, uint32x4_t a) {
  for (int i = 0; i < 4; i++)
    greatest = a.lane[i] > greatest ? a.lane[i] : greatest;
  return greatest;
}

/* The greatest magnitude. */
static inline uint32_t vmaxavq_p_s32(uint32_t greatest, int32x4_t a, mve_pred16_t predicate) {
  for (int i = 0; i < 4; i++) {
    const uint32_t magnitude = a.lane[i] < 0 ? 0u - (uint32_t)a.lane[i] : (uint32_t)a.lane[i];
    if (tinysdk_lane_on(predicate, 4 * i) && magnitude > greatest)
      greatest = magnitude;
  }
  return greatest;
}

/* ---- lane by lane */

static inline int32x4_t vaddq_s32(int32x4_t a, int32x4_t b) {
  TINYSDK_EACH(int32x4_t, 4, (int32_t)((uint32_t)a.lane[i] + (uint32_t)b.lane[i]));
}

static inline int32x4_t vaddq_n_s32(int32x4_t a, int32_t b) {
  return vaddq_s32(a, vdupq_n_s32(b));
}

static inline int32x4_t vqaddq_s32(int32x4_t a, int32x4_t b) {
  TINYSDK_EACH(int32x4_t, 4, (int32_t)tinysdk_saturated((int64_t)a.lane[i] + b.lane[i], 32));
}

static inline int32x4_t vqaddq_n_s32(int32x4_t a, int32_t b) {
  return vqaddq_s32(a, vdupq_n_s32(b));
}

static inline int32x4_t vqaddq_m_n_s32(int32x4_t inactive, int32x4_t a, int32_t b, mve_pred16_t predicate) {
  TINYSDK_EACH(int32x4_t, 4,
               tinysdk_lane_on(predicate, 4 * i) ? (int32_t)tinysdk_saturated((int64_t)a.lane[i] + b, 32)
                                                 : inactive.lane[i]);
}

static inline int16x8_t vqaddq_n_s16(int16x8_t a, int16_t b) {
  TINYSDK_EACH(int16x8_t, 8, (int16_t)tinysdk_saturated((int64_t)a.lane[i] + b, 16));
}

static inline int8x16_t vmaxq_s8(int8x16_t a, int8x16_t b) {
  TINYSDK_EACH(int8x16_t, 16, a.lane[i] > b.lane[i] ? a.lane[i] : b.lane[i]);
}

static inline int8x16_t vminq_s8(int8x16_t a, int8x16_t b) {
  TINYSDK_EACH(int8x16_t, 16, a.lane[i] < b.lane[i] ? a.lane[i] : b.lane[i]);
}

static inline int16x8_t vmaxq_s16(int16x8_t a, int16x8_t b) {
  TINYSDK_EACH(int16x8_t, 8, a.lane[i] > b.lane[i] ? a.lane[i] : b.lane[i]);
}

static inline int16x8_t vminq_s16(int16x8_t a, int16x8_t b) {
  TINYSDK_EACH(int16x8_t, 8, a.lane[i] < b.lane[i] ? a.lane[i] : b.lane[i]);
}

static inline uint16x8_t vaddq_n_u16(uint16x8_t a, uint16_t b) {
  TINYSDK_EACH(uint16x8_t, 8, (uint16_t)(a.lane[i] + b));
}

static inline int32x4_t vandq_s32(int32x4_t a, int32x4_t b) {
  TINYSDK_EACH(int32x4_t, 4, a.lane[i] & b.lane[i]);
}

static inline int32x4_t vsubq_s32(int32x4_t a, int32x4_t b) {
  TINYSDK_EACH(int32x4_t, 4, (int32_t)((uint32_t)a.lane[i] - (uint32_t)b.lane[i]));
}

static inline int32x4_t vqsubq_s32(int32x4_t a, int32x4_t b) {
  TINYSDK_EACH(int32x4_t, 4, (int32_t)tinysdk_saturated((int64_t)a.lane[i] - b.lane[i], 32));
}

/* Products of the even lanes, and of the odd ones. */
static inline int32x4_t vmullbq_int_s16(int16x8_t a, int16x8_t b) {
  TINYSDK_EACH(int32x4_t, 4, a.lane[2 * i] * b.lane[2 * i]);
}

static inline int32x4_t vmulltq_int_s16(int16x8_t a, int16x8_t b) {
  TINYSDK_EACH(int32x4_t, 4, a.lane[2 * i + 1] * b.lane[2 * i + 1]);
}

static inline int16x8_t vandq_s16(int16x8_t a, int16x8_t b) {
  TINYSDK_EACH(int16x8_t, 8, (int16_t)(a.lane[i] & b.lane[i]));
}

static inline uint8x16_t vqaddq_u8(uint8x16_t a, uint8x16_t b) {
  TINYSDK_EACH(uint8x16_t, 16, (uint8_t)(a.lane[i] + b.lane[i] > 255 ? 255 : a.lane[i] + b.lane[i]));
}

static inline uint8x16_t vminq_u8(uint8x16_t a, uint8x16_t b) {
  TINYSDK_EACH(uint8x16_t, 16, a.lane[i] < b.lane[i] ? a.lane[i] : b.lane[i]);
}

static inline int32x4_t vminq_s32(int32x4_t a, int32x4_t b) {
  TINYSDK_EACH(int32x4_t, 4, a.lane[i] < b.lane[i] ? a.lane[i] : b.lane[i]);
}

static inline int32x4_t vmaxq_s32(int32x4_t a, int32x4_t b) {
  TINYSDK_EACH(int32x4_t, 4, a.lane[i] > b.lane[i] ? a.lane[i] : b.lane[i]);
}

static inline int32x4_t vshlq_n_s32(int32x4_t a, int32_t shift) {
  TINYSDK_EACH(int32x4_t, 4, (int32_t)((uint32_t)a.lane[i] << shift));
}

static inline int32x4_t vshrq_n_s32(int32x4_t a, int32_t shift) {
  TINYSDK_EACH(int32x4_t, 4, a.lane[i] >> shift);
}

static inline uint32x4_t vaddq_u32(uint32x4_t a, uint32x4_t b) {
  TINYSDK_EACH(uint32x4_t, 4, a.lane[i] + b.lane[i]);
}

static inline uint32x4_t vaddq_n_u32(uint32x4_t a, uint32_t b) {
  TINYSDK_EACH(uint32x4_t, 4, a.lane[i] + b);
}

static inline int32x4_t vmulq_n_s32(int32x4_t a, int32_t b) {
  TINYSDK_EACH(int32x4_t, 4, (int32_t)((uint32_t)a.lane[i] * (uint32_t)b));
}

static inline uint32x4_t vmulq_n_u32(uint32x4_t a, uint32_t b) {
  TINYSDK_EACH(uint32x4_t, 4, a.lane[i] * b);
}

static inline uint32x4_t vminq_u32(uint32x4_t a, uint32x4_t b) {
  TINYSDK_EACH(uint32x4_t, 4, a.lane[i] < b.lane[i] ? a.lane[i] : b.lane[i]);
}

static inline uint32x4_t vmaxq_u32(uint32x4_t a, uint32x4_t b) {
  TINYSDK_EACH(uint32x4_t, 4, a.lane[i] > b.lane[i] ? a.lane[i] : b.lane[i]);
}

/* floor(a * b / 2^32) */
static inline int32x4_t vmulhq_s32(int32x4_t a, int32x4_t b) {
  TINYSDK_EACH(int32x4_t, 4, (int32_t)((int64_t)a.lane[i] * b.lane[i] >> 32));
}

/* floor((2 a b + 2^31) / 2^32), saturated */
static inline int32x4_t vqrdmulhq_n_s32(int32x4_t a, int32_t b) {
  TINYSDK_EACH(int32x4_t, 4, (int32_t)tinysdk_saturated(((int64_t)a.lane[i] * b + (1 << 30)) >> 31, 32));
}

static inline int32x4_t vqrdmulhq_s32(int32x4_t a, int32x4_t b) {
  TINYSDK_EACH(int32x4_t, 4,
               (int32_t)tinysdk_saturated(((int64_t)a.lane[i] * b.lane[i] + (1 << 30)) >> 31, 32));
}

/* Only to the left here. */
static inline int32x4_t vqshlq_s32(int32x4_t a, int32x4_t shift) {
  TINYSDK_EACH(int32x4_t, 4,
               (int32_t)tinysdk_saturated((int64_t)a.lane[i] * ((int64_t)1 << shift.lane[i]), 32));
}

/* Only to the right here. */
static inline int32x4_t vrshlq_s32(int32x4_t a, int32x4_t shift) {
  TINYSDK_EACH(int32x4_t, 4,
               (int32_t)(((int64_t)a.lane[i] + (((int64_t)1 << -shift.lane[i]) >> 1)) >> -shift.lane[i]));
}

/* To the right where the shift is negative. */
static inline int32x4_t vshlq_r_s32(int32x4_t a, int32_t shift) {
  TINYSDK_EACH(int32x4_t, 4, shift < 0 ? a.lane[i] >> -shift : (int32_t)((uint32_t)a.lane[i] << shift));
}

static inline int32x4_t vqshlq_r_s32(int32x4_t a, int32_t shift) {
  TINYSDK_EACH(int32x4_t, 4, (int32_t)tinysdk_saturated((int64_t)a.lane[i] * ((int64_t)1 << shift), 32));
}

/* Only to the right here: -31 <= shift <= 0. Half up. */
static inline int32x4_t vrshlq_n_s32(int32x4_t a, int32_t shift) {
  TINYSDK_EACH(int32x4_t, 4, (int32_t)(((int64_t)a.lane[i] + (((int64_t)1 << -shift) >> 1)) >> -shift));
}

/* ---- comparisons */

static inline int16x8_t vpselq_s16(int16x8_t a, int16x8_t b, mve_pred16_t predicate) {
  TINYSDK_EACH(int16x8_t, 8, tinysdk_lane_on(predicate, 2 * i) ? a.lane[i] : b.lane[i]);
}

static inline int32x4_t vpselq_s32(int32x4_t a, int32x4_t b, mve_pred16_t predicate) {
  TINYSDK_EACH(int32x4_t, 4, tinysdk_lane_on(predicate, 4 * i) ? a.lane[i] : b.lane[i]);
}

static inline mve_pred16_t vcmpneq_n_s32(int32x4_t a, int32_t b) {
  uint32_t predicate = 0;
  for (int i = 0; i < 4; i++)
    predicate |= (a.lane[i] != b ? 15u : 0u) << 4 * i;
  return (mve_pred16_t)predicate;
}

static inline mve_pred16_t vcmpneq_n_s16(int16x8_t a, int16_t b) {
  uint32_t predicate = 0;
  for (int i = 0; i < 8; i++)
    predicate |= (a.lane[i] != b ? 3u : 0u) << 2 * i;
  return (mve_pred16_t)predicate;
}

static inline mve_pred16_t vcmpneq_s32(int32x4_t a, int32x4_t b) {
  mve_pred16_t predicate = 0;
  for (int i = 0; i < 4; i++)
    predicate |= (mve_pred16_t)((a.lane[i] != b.lane[i] ? 15 : 0) << 4 * i);
  return predicate;
}

static inline mve_pred16_t vcmpgtq_n_s32(int32x4_t a, int32_t b) {
  mve_pred16_t predicate = 0;
  for (int i = 0; i < 4; i++)
    predicate |= (mve_pred16_t)((a.lane[i] > b ? 15 : 0) << 4 * i);
  return predicate;
}

static inline mve_pred16_t vcmpltq_n_s32(int32x4_t a, int32_t b) {
  uint32_t predicate = 0;
  for (int i = 0; i < 4; i++)
    predicate |= (a.lane[i] < b ? 15u : 0u) << 4 * i;
  return (mve_pred16_t)predicate;
}

static inline mve_pred16_t vcmpgeq_n_s16(int16x8_t a, int16_t b) {
  uint32_t predicate = 0;
  for (int i = 0; i < 8; i++)
    predicate |= (a.lane[i] >= b ? 3u : 0u) << 2 * i;
  return (mve_pred16_t)predicate;
}

static inline mve_pred16_t vcmpleq_m_n_s16(int16x8_t a, int16_t b, mve_pred16_t within) {
  uint32_t predicate = 0;
  for (int i = 0; i < 8; i++)
    predicate |= (a.lane[i] <= b ? 3u : 0u) << 2 * i;
  return (mve_pred16_t)(predicate & within);
}

static inline uint16x8_t vpselq_u16(uint16x8_t a, uint16x8_t b, mve_pred16_t predicate) {
  TINYSDK_EACH(uint16x8_t, 8, tinysdk_lane_on(predicate, 2 * i) ? a.lane[i] : b.lane[i]);
}

static inline mve_pred16_t vcmpeqq_s8(int8x16_t a, int8x16_t b) {
  uint32_t predicate = 0;
  for (int i = 0; i < 16; i++)
    predicate |= (uint32_t)(a.lane[i] == b.lane[i]) << i;
  return (mve_pred16_t)predicate;
}

static inline mve_pred16_t vcmpeqq_s16(int16x8_t a, int16x8_t b) {
  uint32_t predicate = 0;
  for (int i = 0; i < 8; i++)
    predicate |= (a.lane[i] == b.lane[i] ? 3u : 0u) << 2 * i;
  return (mve_pred16_t)predicate;
}

static inline mve_pred16_t vcmpgtq_m_s16(int16x8_t a, int16x8_t b, mve_pred16_t within) {
  uint32_t predicate = 0;
  for (int i = 0; i < 8; i++)
    predicate |= (a.lane[i] > b.lane[i] ? 3u : 0u) << 2 * i;
  return (mve_pred16_t)(predicate & within);
}

/* ---- narrowing into every second lane: the bottom ones are even, the top ones odd */

static inline int16x8_t vqmovnbq_s32(int16x8_t into, int32x4_t from) {
  for (int i = 0; i < 4; i++)
    into.lane[2 * i] = (int16_t)tinysdk_saturated(from.lane[i], 16);
  return into;
}

static inline int16x8_t vqmovntq_s32(int16x8_t into, int32x4_t from) {
  for (int i = 0; i < 4; i++)
    into.lane[2 * i + 1] = (int16_t)tinysdk_saturated(from.lane[i], 16);
  return into;
}

/* The low halves. */
static inline int16x8_t vmovntq_s32(int16x8_t into, int32x4_t from) {
  for (int i = 0; i < 4; i++)
    into.lane[2 * i + 1] = (int16_t)from.lane[i];
  return into;
}

static inline int8x16_t vqmovnbq_s16(int8x16_t into, int16x8_t from) {
  for (int i = 0; i < 8; i++)
    into.lane[2 * i] = (int8_t)tinysdk_saturated(from.lane[i], 8);
  return into;
}

static inline int8x16_t vqmovntq_s16(int8x16_t into, int16x8_t from) {
  for (int i = 0; i < 8; i++)
    into.lane[2 * i + 1] = (int8_t)tinysdk_saturated(from.lane[i], 8);
  return into;
}

#endif
