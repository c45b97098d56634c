/* What integer gradients of either width share. */
#ifndef TINYSDK_GRADIENT_INTEGER_H
#define TINYSDK_GRADIENT_INTEGER_H

#include <stdint.h>
#include <string.h>

typedef int32_t tinysdk_gradient_sum;
typedef int32_t tinysdk_gradient_factor;

static inline int32_t tinysdk_multiply_add(int32_t gradient, int32_t factor, int32_t sum) {
  return sum + gradient * factor;
}

/* 2^exponent as a float: 0 below the smallest normal one, the largest power above it. */
static inline float tinysdk_power_of_two(int32_t exponent) {
  const uint32_t biased = exponent < -126 ? 0 : exponent > 127 ? 254 : (uint32_t)(exponent + 127);
  const uint32_t bits = biased << 23;
  float value;
  memcpy(&value, &bits, sizeof(value));
  return value;
}

static inline float tinysdk_gradient_value(int32_t sum, float unit) {
  return (float)sum * unit;
}

#endif
