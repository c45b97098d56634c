/* The square root for cores without one, bit by bit, rounded to nearest. */
#include <math.h>
#include <stdint.h>
#include <string.h>

float sqrtf(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  if (x != x || x == 0.0f || bits == 0x7F800000u)
    return x;
  if (bits >> 31 != 0)
    return NAN;
  int32_t exponent = (int32_t)(bits >> 23);
  uint32_t mantissa = bits & 0x7FFFFFu;
  if (exponent == 0)
    for (exponent = 1; (mantissa & 0x800000u) == 0; --exponent)
      mantissa <<= 1;
  mantissa |= 0x800000u;
  exponent -= 127;
  /* x = mantissa 2^(exponent - 23); with an even exponent, the root of mantissa 2^25 has 25 bits: one for
   * rounding. */
  uint64_t rest = (uint64_t)mantissa << ((exponent & 1) != 0 ? 26 : 25);
  uint64_t root = 0;
  for (uint64_t bit = (uint64_t)1 << 50; bit != 0; bit >>= 2) {
    const uint64_t trial = root + bit;
    root >>= 1;
    if (rest >= trial) {
      rest -= trial;
      root += bit;
    }
  }
  /* A root of 25 bits is never a tie: its square would have an odd bit below mantissa's. */
  const uint32_t rounded = (uint32_t)(root + 1) >> 1;
  const int32_t half = (exponent - (exponent & 1)) / 2;
  const uint32_t result = ((uint32_t)(half + 126) << 23) + rounded;
  float value;
  memcpy(&value, &result, sizeof value);
  return value;
}
