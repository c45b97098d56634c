/* The few operations that AVX2 has an instruction for and vector expressions do not reach. lanes_plain.h says
 * the same without it. */
#ifndef TINYSDK_HOST_LANES_AVX2_H
#define TINYSDK_HOST_LANES_AVX2_H

#include <immintrin.h>

/* Lane i: a[2i] * b[2i] + a[2i + 1] * b[2i + 1]. */
HOST_INLINE host_s32 host_dot_pairs(host_s16 a, host_s16 b) {
  return (host_s32)_mm256_madd_epi16((__m256i)a, (__m256i)b);
}

/* Bit i: lane i of a comparison's result. */
HOST_INLINE uint32_t host_lane_bits(host_s32 condition) {
  return (uint32_t)_mm256_movemask_ps((__m256)condition);
}

/* a * b + c in one rounding. */
HOST_INLINE host_f32 host_fma(host_f32 a, host_f32 b, host_f32 c) {
  return (host_f32)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
}

HOST_INLINE host_f32x4 host_fma_x4(host_f32x4 a, host_f32x4 b, host_f32x4 c) {
  return (host_f32x4)_mm_fmadd_ps((__m128)a, (__m128)b, (__m128)c);
}

/* 64-bit products of the even and of the odd lanes with a factor that is the same in every lane. */
HOST_INLINE host_s64 host_multiply_even(host_s32 a, host_s32 factor) {
  return (host_s64)_mm256_mul_epi32((__m256i)a, (__m256i)factor);
}

HOST_INLINE host_s64 host_multiply_odd(host_s32 a, host_s32 factor) {
  return (host_s64)_mm256_mul_epi32(_mm256_shuffle_epi32((__m256i)a, 0xf5), (__m256i)factor);
}

/* The even lanes' low halves and the odd lanes' high halves of 64-bit values. */
HOST_INLINE host_s32 host_join_halves(host_u64 even, host_u64 odd) {
  return (host_s32)_mm256_blend_epi32((__m256i)even, (__m256i)odd, 0xaa);
}

/* Writes lanes that hold int16 values as such. */
HOST_INLINE void host_narrow_s16(int16_t *to, host_s32 value) {
  const __m128i words =
      _mm_packs_epi32(_mm256_castsi256_si128((__m256i)value), _mm256_extracti128_si256((__m256i)value, 1));
  memcpy(to, &words, sizeof(words));
}

/* Writes lanes that hold int8 values as bytes. */
HOST_INLINE void host_narrow_s8(int8_t *to, host_s32 value) {
  const __m128i words =
      _mm_packs_epi32(_mm256_castsi256_si128((__m256i)value), _mm256_extracti128_si256((__m256i)value, 1));
  const int64_t bytes = _mm_cvtsi128_si64(_mm_packs_epi16(words, words));
  memcpy(to, &bytes, sizeof(bytes));
}

#endif
