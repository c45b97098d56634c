/* What lanes_avx2.h does, in plain C. */
#ifndef TINYSDK_HOST_LANES_PLAIN_H
#define TINYSDK_HOST_LANES_PLAIN_H

#include <math.h>

HOST_INLINE host_s32 host_dot_pairs(host_s16 a, host_s16 b) {
  const host_s32 low = ((host_s32)((host_u32)a << 16) >> 16) * ((host_s32)((host_u32)b << 16) >> 16);
  return low + ((host_s32)a >> 16) * ((host_s32)b >> 16);
}

HOST_INLINE uint32_t host_lane_bits(host_s32 condition) {
  uint32_t bits = 0;
  for (int32_t i = 0; i < HOST_LANES; i++)
    bits |= (uint32_t)(condition[i] < 0) << i;
  return bits;
}

#ifdef __clang__

HOST_INLINE host_f32 host_fma(host_f32 a, host_f32 b, host_f32 c) {
  return __builtin_elementwise_fma(a, b, c);
}

HOST_INLINE host_f32x4 host_fma_x4(host_f32x4 a, host_f32x4 b, host_f32x4 c) {
  return __builtin_elementwise_fma(a, b, c);
}

#else

HOST_INLINE host_f32 host_fma(host_f32 a, host_f32 b, host_f32 c) {
  for (int32_t i = 0; i < HOST_LANES; i++)
    c[i] = fmaf(a[i], b[i], c[i]);
  return c;
}

HOST_INLINE host_f32x4 host_fma_x4(host_f32x4 a, host_f32x4 b, host_f32x4 c) {
  for (int32_t i = 0; i < HOST_LANES / 2; i++)
    c[i] = fmaf(a[i], b[i], c[i]);
  return c;
}

#endif

HOST_INLINE host_s64 host_multiply_even(host_s32 a, host_s32 factor) {
  host_s64 products;
  for (int32_t i = 0; i < HOST_LANES / 2; i++)
    products[i] = (int64_t)a[2 * i] * factor[2 * i];
  return products;
}

HOST_INLINE host_s64 host_multiply_odd(host_s32 a, host_s32 factor) {
  host_s64 products;
  for (int32_t i = 0; i < HOST_LANES / 2; i++)
    products[i] = (int64_t)a[2 * i + 1] * factor[2 * i + 1];
  return products;
}

HOST_INLINE host_s32 host_join_halves(host_u64 even, host_u64 odd) {
  host_s32 joined;
  for (int32_t i = 0; i < HOST_LANES / 2; i++) {
    joined[2 * i] = (int32_t)(uint32_t)even[i];
    joined[2 * i + 1] = (int32_t)(uint32_t)(odd[i] >> 32);
  }
  return joined;
}

HOST_INLINE void host_narrow_s16(int16_t *to, host_s32 value) {
  const host_s16x8 words = __builtin_convertvector(value, host_s16x8);
  memcpy(to, &words, sizeof(words));
}

HOST_INLINE void host_narrow_s8(int8_t *to, host_s32 value) {
  const host_s8 bytes = __builtin_convertvector(value, host_s8);
  memcpy(to, &bytes, sizeof(bytes));
}

#endif
