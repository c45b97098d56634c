/* Float vectors, and when they may be used.
 *
 * Helium's float instructions flush subnormal numbers, so they equal scalar code only where none can occur.
 * Sums of products fma(weight, gradient, sum) with integer weights and gradients that are 0 or at least
 * 2^-103 in magnitude have none: every gradient is a multiple of 2^-126 (its last bit lies 23 below its
 * first), so is every exact and every rounded sum, and a multiple of 2^-126 is 0 or normal. Gradients are
 * checked before; one that is not finite counts as unsafe too, since vectors make all NaNs alike. */
#ifndef TINYSDK_MVE_FLOAT_H
#define TINYSDK_MVE_FLOAT_H

#include "mve.h"
#include "round.h"

#include <math.h>
#include <string.h>

#if defined(__ARM_FEATURE_MVE) && defined(__clang__)
/* The files are compiled without float vectors, so that none slips into scalar code; functions that may use
 * them say so. */
#define TINYSDK_MVE_FLOAT __attribute__((target("mve.fp")))
typedef float tinysdk_f32x4 __attribute__((vector_size(16)));
typedef int32_t tinysdk_s32x4 __attribute__((vector_size(16)));

TINYSDK_MVE_FLOAT static inline tinysdk_f32x4 tinysdk_f32x4_fill(float value) {
  const tinysdk_f32x4 result = {value, value, value, value};
  return result;
}

/* a * b + sum, rounded once */
TINYSDK_MVE_FLOAT static inline tinysdk_f32x4 tinysdk_f32x4_fma(tinysdk_f32x4 a, float b, tinysdk_f32x4 sum) {
  return __builtin_elementwise_fma(a, tinysdk_f32x4_fill(b), sum);
}

/* Two floats, aligned to 8, in one instruction: as one volatile number, which compilers do not take apart. */
TINYSDK_MVE_FLOAT static inline __attribute__((always_inline)) void tinysdk_load_pair(const float *from,
                                                                                      float pair[2]) {
  const uint64_t both = *(const volatile uint64_t *)(const volatile void *)from;
  const uint32_t first = (uint32_t)both, second = (uint32_t)(both >> 32);
  memcpy(&pair[0], &first, 4);
  memcpy(&pair[1], &second, 4);
}

TINYSDK_MVE_FLOAT static inline tinysdk_f32x4 tinysdk_f32x4_from(int32x4_t value) {
  return __builtin_convertvector((tinysdk_s32x4)value, tinysdk_f32x4);
}

TINYSDK_MVE_FLOAT static inline tinysdk_f32x4 tinysdk_f32x4_load(const float *from) {
  return (tinysdk_f32x4)vldrwq_s32((const int32_t *)(const void *)from);
}

TINYSDK_MVE_FLOAT static inline int32x4_t tinysdk_f32x4_bits(tinysdk_f32x4 value) {
  return (int32x4_t)value;
}

TINYSDK_MVE_FLOAT static inline tinysdk_f32x4 tinysdk_f32x4_of_bits(int32x4_t bits) {
  return (tinysdk_f32x4)bits;
}

TINYSDK_MVE_FLOAT static inline tinysdk_f32x4 tinysdk_f32x4_add(tinysdk_f32x4 a, tinysdk_f32x4 b) {
  return a + b;
}

TINYSDK_MVE_FLOAT static inline tinysdk_f32x4 tinysdk_f32x4_scale(tinysdk_f32x4 a, float b) {
  return a * tinysdk_f32x4_fill(b);
}

TINYSDK_MVE_FLOAT static inline tinysdk_f32x4 tinysdk_f32x4_multiply(tinysdk_f32x4 a, tinysdk_f32x4 b) {
  return a * b;
}

/* To the nearest integer, half to even, saturated; 0 for NaN. */
TINYSDK_MVE_FLOAT static inline int32x4_t tinysdk_f32x4_round(tinysdk_f32x4 value) {
  tinysdk_s32x4 result;
  __asm__("vcvtn.s32.f32 %q0, %q1" : "=w"(result) : "w"(value));
  return (int32x4_t)result;
}

#else
#define TINYSDK_MVE_FLOAT
typedef struct {
  float lane[4];
} tinysdk_f32x4;

static inline tinysdk_f32x4 tinysdk_f32x4_fill(float value) {
  const tinysdk_f32x4 result = {{value, value, value, value}};
  return result;
}

static inline tinysdk_f32x4 tinysdk_f32x4_fma(tinysdk_f32x4 a, float b, tinysdk_f32x4 sum) {
  for (int i = 0; i < 4; i++)
    sum.lane[i] = fmaf(a.lane[i], b, sum.lane[i]);
  return sum;
}

static inline void tinysdk_load_pair(const float *from, float pair[2]) {
  pair[0] = from[0];
  pair[1] = from[1];
}

static inline tinysdk_f32x4 tinysdk_f32x4_from(int32x4_t value) {
  int32_t lanes[4];
  vstrwq_s32(lanes, value);
  const tinysdk_f32x4 result = {{(float)lanes[0], (float)lanes[1], (float)lanes[2], (float)lanes[3]}};
  return result;
}

static inline tinysdk_f32x4 tinysdk_f32x4_load(const float *from) {
  const tinysdk_f32x4 result = {{from[0], from[1], from[2], from[3]}};
  return result;
}

static inline int32x4_t tinysdk_f32x4_bits(tinysdk_f32x4 value) {
  return vldrwq_s32((const int32_t *)(const void *)value.lane);
}

static inline tinysdk_f32x4 tinysdk_f32x4_of_bits(int32x4_t bits) {
  tinysdk_f32x4 result;
  vstrwq_s32((int32_t *)(void *)result.lane, bits);
  return result;
}

static inline tinysdk_f32x4 tinysdk_f32x4_add(tinysdk_f32x4 a, tinysdk_f32x4 b) {
  for (int i = 0; i < 4; i++)
    a.lane[i] += b.lane[i];
  return a;
}

static inline tinysdk_f32x4 tinysdk_f32x4_scale(tinysdk_f32x4 a, float b) {
  for (int i = 0; i < 4; i++)
    a.lane[i] *= b;
  return a;
}

static inline tinysdk_f32x4 tinysdk_f32x4_multiply(tinysdk_f32x4 a, tinysdk_f32x4 b) {
  for (int i = 0; i < 4; i++)
    a.lane[i] *= b.lane[i];
  return a;
}

static inline int32x4_t tinysdk_f32x4_round(tinysdk_f32x4 value) {
  int32_t lanes[4];
  for (int i = 0; i < 4; i++)
    lanes[i] = tinysdk_round_half_even(value.lane[i]);
  return vldrwq_s32(lanes);
}
#endif

/* The bits without the sign, moved up by one, of the smallest safe magnitude and of infinity. */
#define TINYSDK_MVE_SMALLEST (24u << 24)
#define TINYSDK_MVE_INFINITY (255u << 24)

/* The least magnitude above 0, less one, and the greatest of what was seen, lane by lane. */
typedef struct {
  uint32x4_t least;
  uint32x4_t greatest;
} tinysdk_mve_range;

static inline tinysdk_mve_range tinysdk_mve_range_start(void) {
  const tinysdk_mve_range range = {vdupq_n_u32(UINT32_MAX), vdupq_n_u32(0)};
  return range;
}

/* 0 becomes the greatest of all. */
static inline __attribute__((always_inline)) uint32x4_t tinysdk_mve_magnitude_less_one(uint32x4_t bits) {
  return vaddq_n_u32(vaddq_u32(bits, bits), UINT32_MAX);
}

static inline __attribute__((always_inline)) int32_t tinysdk_mve_is_safe_least(uint32x4_t least) {
  return vminvq_u32(UINT32_MAX, least) >= TINYSDK_MVE_SMALLEST - 1;
}

static inline __attribute__((always_inline)) void tinysdk_mve_range_add(tinysdk_mve_range *range,
                                                                        uint32x4_t bits) {
  range->least = vminq_u32(range->least, tinysdk_mve_magnitude_less_one(bits));
  range->greatest = vmaxq_u32(range->greatest, vaddq_u32(bits, bits));
}

/* Whether every value is 0 or at least of safe magnitude, perhaps not finite. */
static inline int32_t tinysdk_mve_not_tiny(const tinysdk_mve_range *range) {
  return tinysdk_mve_is_safe_least(range->least);
}

static inline tinysdk_mve_range tinysdk_mve_range_of(const float *values, int32_t count) {
  const uint32_t *bits = (const uint32_t *)(const void *)values;
  tinysdk_mve_range range = tinysdk_mve_range_start();
  for (int32_t i = count >> 3; i > 0; i--, bits += 8) {
    tinysdk_mve_range_add(&range, vldrwq_u32(bits));
    tinysdk_mve_range_add(&range, vldrwq_u32(bits + 4));
  }
  for (int32_t rest = count & 7; rest > 0; rest -= 4, bits += 4)
    tinysdk_mve_range_add(&range, vldrwq_z_u32(bits, vctp32q((uint32_t)rest)));
  return range;
}

/* Whether every value is 0 or of safe magnitude. */
static __attribute__((noinline, unused)) int32_t tinysdk_mve_safe(const float *values, int32_t count) {
  const tinysdk_mve_range range = tinysdk_mve_range_of(values, count);
  return tinysdk_mve_not_tiny(&range) && vmaxvq_u32(0, range.greatest) < TINYSDK_MVE_INFINITY;
}

#endif
