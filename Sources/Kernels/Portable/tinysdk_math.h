/* exp and log of floats out of explicit fused steps, so that every target computes the same bits. */
#ifndef TINYSDK_MATH_H
#define TINYSDK_MATH_H

#include <math.h>
#include <stdint.h>
#include <string.h>

/* ln 2 in two parts: the upper one has few enough bits that small multiples of it are exact. */
#define TINYSDK_LN2_HIGH 0x1.62e4p-1f
#define TINYSDK_LN2_LOW 0x1.7f7d1cp-20f

static inline float tinysdk_float_from_bits(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof(value));
  return value;
}

static inline uint32_t tinysdk_bits_of_float(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof(bits));
  return bits;
}

/* 2^exponent, -126 <= exponent <= 127. */
static inline float tinysdk_power_of_two(int32_t exponent) {
  return tinysdk_float_from_bits((uint32_t)(exponent + 127) << 23);
}

/* e^x. x = n ln 2 + r with |r| <= ln 2 / 2; e^r is its Taylor polynomial of degree 7 (next term 5e-9). */
static inline float tinysdk_expf(float x) {
  if (x != x)
    return x;
  if (x > 89.0f)
    return INFINITY;
  if (x < -104.0f)
    return 0.0f;
  const float scaled = x * 0x1.715476p+0f;
  const int32_t n = (int32_t)(scaled < 0 ? scaled - 0.5f : scaled + 0.5f);
  const float r = fmaf((float)-n, TINYSDK_LN2_LOW, fmaf((float)-n, TINYSDK_LN2_HIGH, x));
  float sum = 1.0f / 5040;
  sum = fmaf(sum, r, 1.0f / 720);
  sum = fmaf(sum, r, 1.0f / 120);
  sum = fmaf(sum, r, 1.0f / 24);
  sum = fmaf(sum, r, 1.0f / 6);
  sum = fmaf(sum, r, 0.5f);
  sum = fmaf(sum * r, r, r) + 1.0f;
  /* In two factors, since 2^n itself may leave the normal floats. */
  const int32_t half = n / 2;
  return sum * tinysdk_power_of_two(half) * tinysdk_power_of_two(n - half);
}

/* ln x. x = 2^n (1 + f) with 1 + f near 1; ln(1 + f) = f - s (f - R) with s = f / (2 + f), where
 * s R + 2 s = 2 artanh s, R = 2/3 s^2 + 2/5 s^4 + ... (next term 2e-9). */
static inline float tinysdk_logf(float x) {
  if (x != x || x < 0)
    return NAN;
  if (x == 0)
    return -INFINITY;
  if (x > 0x1.fffffep+127f)
    return x;
  const int32_t subnormal = x < 0x1p-126f;
  const uint32_t bits = tinysdk_bits_of_float(subnormal ? x * 0x1p+24f : x);
  /* The mantissa lies in [sqrt 1/2, sqrt 2) = [0x3f3504f3, ...). */
  const int32_t n = ((int32_t)(bits - 0x3f3504f3u) >> 23) - (subnormal ? 24 : 0);
  const float f = tinysdk_float_from_bits(((bits - 0x3f3504f3u) & 0x007fffffu) + 0x3f3504f3u) - 1.0f;
  const float s = f / (2.0f + f), square = s * s;
  float tail = 2.0f / 9;
  tail = fmaf(tail, square, 2.0f / 7);
  tail = fmaf(tail, square, 2.0f / 5);
  tail = fmaf(tail, square, 2.0f / 3);
  const float correction = fmaf((float)n, TINYSDK_LN2_LOW, -s * fmaf(-tail, square, f));
  return fmaf((float)n, TINYSDK_LN2_HIGH, f + correction);
}

#endif
