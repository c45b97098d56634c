/* Rounding of float64 values: the definition that the integer roundings approximate. */
#ifndef TINYSDK_EXACT_H
#define TINYSDK_EXACT_H

#include "requantize.h"

#include <math.h>

/* Half to even, plus the zero point; beyond +-2^24 only the sign still matters to the clamp and the mask. */
static inline int32_t tinysdk_round_exactly(double value, int32_t zero) {
  return (int32_t)fmin(fmax(rint(value), -0x1p24), 0x1p24) + zero;
}

/* (sum + bias) * scale, the sum in 64 bits. */
static inline int32_t tinysdk_scale_exactly(int32_t sum, int32_t bias, double scale, int32_t zero) {
  return tinysdk_round_exactly((double)((int64_t)sum + bias) * scale, zero);
}

#endif
