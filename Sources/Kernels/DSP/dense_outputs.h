/* A dense layer's sums become outputs: each has a scale of its own, so what finish.h prepares once a channel
 * is done on the way. */
#ifndef TINYSDK_DSP_DENSE_OUTPUTS_H
#define TINYSDK_DSP_DENSE_OUTPUTS_H

#include "finish.h"

/* Sums of products and biases below this leave 32 bits nowhere. */
#define TINYSDK_DENSE_LARGEST (1 << 29)

/* Sums become values in place, up to the first one that only the exact path serves; returns how many did.
 * `half` is twice the output's zero point plus one; `single` is a constant where this is inlined. */
static inline __attribute__((always_inline)) int32_t tinysdk_scale_dense(int32_t *sums, const int32_t *bias,
                                                                         const tinysdk_requantization *scales,
                                                                         int32_t count, int32_t half,
                                                                         int32_t single) {
  const uint32_t shifts = TINYSDK_LARGEST_RIGHT - (single ? 0 : 1);
#pragma GCC unroll 1
  for (int32_t i = 0; i < count; i++) {
    const int32_t own = bias ? bias[i] : 0, multiplier = scales[i].multiplier, shift = scales[i].shift;
    if ((uint32_t)(-2 - shift) >= shifts ||
        (uint32_t)own + TINYSDK_DENSE_LARGEST >= 2u * TINYSDK_DENSE_LARGEST)
      return i;
    const int32_t right = single ? -1 - shift : -shift, value = sums[i] + own;
    const int32_t addend = half * (1 << (right - 1));
    sums[i] = single ? tinysdk_smmla(value, multiplier, addend) >> right
                     : (tinysdk_smmlar(2 * value, multiplier, addend) + (value >> 31)) >> right;
  }
  return count;
}

static __attribute__((noinline)) int32_t tinysdk_scale_dense_single(int32_t *sums, const int32_t *bias,
                                                                    const tinysdk_requantization *scales,
                                                                    int32_t count, int32_t half) {
  return tinysdk_scale_dense(sums, bias, scales, count, half, 1);
}

static __attribute__((noinline)) int32_t tinysdk_scale_dense_tflite(int32_t *sums, const int32_t *bias,
                                                                    const tinysdk_requantization *scales,
                                                                    int32_t count, int32_t half) {
  return tinysdk_scale_dense(sums, bias, scales, count, half, 0);
}

static __attribute__((noinline)) int32_t tinysdk_dense_value(const tinysdk_dense_args *args, int32_t sum,
                                                             int32_t bias, tinysdk_requantization scale) {
  return tinysdk_offset(
      tinysdk_requantize(tinysdk_saturating_add(sum, bias), scale.multiplier, scale.shift, args->rounding),
      args->output_zero);
}

static __attribute__((noinline)) void tinysdk_write_masked_dense(const tinysdk_dense_args *args,
                                                                 const int32_t *values, int32_t count,
                                                                 int32_t first, int8_t *output,
                                                                 uint8_t *mask) {
  tinysdk_write_outputs(values, count, args->clamp_min, args->clamp_max, first, output, mask);
}

/* Sums of `count` outputs, from element `first` on; `bias` and `scales` are theirs. */
static inline void tinysdk_write_dense(const tinysdk_dense_args *args, int32_t *sums, int32_t count,
                                       const int32_t *bias, const tinysdk_requantization *scales,
                                       int32_t first, int8_t *output, uint8_t *mask) {
  const int32_t half = 2 * args->output_zero + 1, low = args->clamp_min, high = args->clamp_max;
  for (int32_t i = 0; i < count; i++) {
    const int32_t *const own = bias ? bias + i : NULL;
    i += args->rounding == TINYSDK_ROUNDING_SINGLE
             ? tinysdk_scale_dense_single(sums + i, own, scales + i, count - i, half)
             : tinysdk_scale_dense_tflite(sums + i, own, scales + i, count - i, half);
    if (i < count)
      sums[i] = tinysdk_dense_value(args, sums[i], bias ? bias[i] : 0, scales[i]);
  }
  if (mask)
    tinysdk_write_masked_dense(args, sums, count, first, output, mask);
  else
#pragma GCC unroll 1
    for (int32_t i = 0; i < count; i++)
      output[first + i] = (int8_t)tinysdk_clamp(sums[i], low, high);
}

#endif
