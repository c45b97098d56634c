/* A float32 gradient as mantissas and one exponent. */
#ifndef TINYSDK_QUANTIZE_GRADIENT_H
#define TINYSDK_QUANTIZE_GRADIENT_H

#include "requantize.h"
#include "round.h"
#include "tinysdk_kernels.h"

/* The smallest exponent: a tensor of zeros has it. */
#define TINYSDK_SMALLEST_EXPONENT (-126)

/* Through bytes, as the mantissas may overwrite the floats. */
static inline float tinysdk_float_at(const float *input, int32_t index) {
  float value;
  memcpy(&value, input + index, sizeof(value));
  return value;
}

/* The bits of the largest finite magnitude: as integers they are in the same order. */
static inline uint32_t tinysdk_largest_magnitude(const float *input, int32_t count) {
  uint32_t largest = 0;
  for (int32_t i = 0; i < count; i++) {
    uint32_t bits;
    memcpy(&bits, input + i, sizeof(bits));
    bits &= 0x7FFFFFFF;
    if (bits < 0x7F800000 && bits > largest)
      largest = bits;
  }
  return largest;
}

/* The smallest exponent for which the largest magnitude rounds to at most 2^bits - 1. */
static inline int32_t tinysdk_exponent_for(uint32_t magnitude, int32_t bits) {
  float value;
  memcpy(&value, &magnitude, sizeof(value));
  const int32_t exponent =
      tinysdk_max((int32_t)(magnitude >> 23) - 127 - (bits - 1), TINYSDK_SMALLEST_EXPONENT);
  const int32_t rounded = tinysdk_round_half_even(value * tinysdk_power_of_two(-exponent));
  return exponent + (rounded >> bits);
}

static inline void tinysdk_quantize_gradient(const tinysdk_quantize_gradient_args *args, const float *input,
                                             tinysdk_gradient *output, int32_t *output_exponent) {
  const int32_t exponent = tinysdk_exponent_for(tinysdk_largest_magnitude(input, args->count), args->bits);
  const int32_t limit = (1 << args->bits) - 1;
  const float factor = tinysdk_power_of_two(-exponent);
  for (int32_t i = 0; i < args->count; i++)
    output[i] = (tinysdk_gradient)tinysdk_clamp(tinysdk_round_half_even(tinysdk_float_at(input, i) * factor),
                                                -limit, limit);
  output_exponent[0] = exponent;
}

#endif
