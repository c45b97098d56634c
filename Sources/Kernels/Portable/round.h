/* float to integer, without the C library. */
#ifndef TINYSDK_ROUND_H
#define TINYSDK_ROUND_H

#include <stdint.h>

/* The nearest integer, half to even, saturated to 32 bits; 0 for NaN. */
static inline int32_t tinysdk_round_half_even(float value) {
  /* From 2^23 on, every float is an integer. Below, adding and taking off 2^23 leaves no fraction bits. */
  const float limit = 8388608.0f;
  if (value != value)
    return 0;
  if (value >= 2147483648.0f)
    return INT32_MAX;
  if (value < -2147483648.0f)
    return INT32_MIN;
  if (value >= limit || value <= -limit)
    return (int32_t)value;
  return (int32_t)(value < 0 ? (value - limit) + limit : (value + limit) - limit);
}

#endif
