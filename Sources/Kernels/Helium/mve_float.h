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

#include <math.h>

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

TINYSDK_MVE_FLOAT static inline tinysdk_f32x4 tinysdk_f32x4_from(int32x4_t value) {
  return __builtin_convertvector((tinysdk_s32x4)value, tinysdk_f32x4);
}

TINYSDK_MVE_FLOAT static inline tinysdk_f32x4 tinysdk_f32x4_load(const float *from) {
  return (tinysdk_f32x4)vldrwq_s32((const int32_t *)(const void *)from);
}

TINYSDK_MVE_FLOAT static inline int32x4_t tinysdk_f32x4_bits(tinysdk_f32x4 value) {
  return (int32x4_t)value;
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
#endif

/* The bits without the sign, moved up by one, of the smallest safe magnitude and of infinity. */
#define TINYSDK_MVE_SMALLEST (24u << 24)
#define TINYSDK_MVE_INFINITY (255u << 24)

/* Whether every value is 0 or of safe magnitude. */
static inline int32_t tinysdk_mve_safe(const float *values, int32_t count) {
  const uint32_t *const bits = (const uint32_t *)(const void *)values;
  uint32_t unsafe = 0;
  for (int32_t i = 0; i < count; i++) {
    const uint32_t magnitude = bits[i] << 1;
    unsafe |= (uint32_t)(magnitude != 0) &
              (uint32_t)(magnitude - TINYSDK_MVE_SMALLEST >= TINYSDK_MVE_INFINITY - TINYSDK_MVE_SMALLEST);
  }
  return unsafe == 0;
}

#endif
