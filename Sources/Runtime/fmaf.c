/* The fused multiply-add for cores without one: newlib's rounds twice.
 *
 * The product of two floats is exact in double. Their sum with the third is rounded to odd, which keeps
 * enough for the one rounding to float that follows (Boldo and Melquiond, "Emulation of a FMA and
 * Correctly-Rounded Sums: Proved Algorithms Using Rounding to Odd", 2008). */
#include <math.h>
#include <stdint.h>
#include <string.h>

static uint64_t bits_of(double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

/* a + b - sum, exactly (Knuth's two-sum). */
static double lost(double a, double b, double sum) {
  const double part = sum - a;
  return (a - (sum - part)) + (b - part);
}

float fmaf(float x, float y, float z) {
  const double product = (double)x * (double)y;
  const double sum = product + (double)z;
  const double error = lost(product, (double)z, sum);
  uint64_t bits = bits_of(sum);
  /* Not so for an infinity or no number, whose error is no number, or where nothing was lost. */
  if ((error < 0.0 || error > 0.0) && (bits & 1u) == 0)
    bits += (error > 0.0) == (sum > 0.0) ? 1u : UINT64_MAX;
  double odd;
  memcpy(&odd, &bits, sizeof odd);
  return (float)odd;
}
