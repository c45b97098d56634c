/* Vectors of eight 32-bit lanes. A host whose registers are shorter gets several registers for one. */
#ifndef TINYSDK_HOST_LANES_H
#define TINYSDK_HOST_LANES_H

#include <stdint.h>
#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "lanes are taken apart as little-endian");

/* Vectors are passed only between functions that are inlined. */
#pragma GCC diagnostic ignored "-Wpsabi"

#define HOST_LANES 8

typedef int8_t host_s8 __attribute__((vector_size(8)));
typedef int16_t host_s16x8 __attribute__((vector_size(16)));
typedef int16_t host_s16 __attribute__((vector_size(32)));
typedef int32_t host_s32 __attribute__((vector_size(32)));
typedef uint32_t host_u32 __attribute__((vector_size(32)));
typedef int64_t host_s64 __attribute__((vector_size(32)));
typedef uint64_t host_u64 __attribute__((vector_size(32)));
typedef float host_f32 __attribute__((vector_size(32)));
typedef float host_f32x4 __attribute__((vector_size(16)));

#define HOST_INLINE static inline __attribute__((always_inline))

/* For what would crowd the registers of the loops around it. */
#define HOST_OUTLINE static __attribute__((noinline, unused))

#ifdef __AVX2__
#include "lanes_avx2.h"
#else
#include "lanes_plain.h"
#endif

HOST_INLINE int32_t host_round_up(int32_t value, int32_t step) {
  return (value + step - 1) / step * step;
}

/* A number of instructions as the planner takes it. */
HOST_INLINE int32_t host_instructions(int64_t count) {
  return (int32_t)(count < INT32_MAX ? count : INT32_MAX);
}

HOST_INLINE host_s32 host_splat_s32(int32_t value) {
  return (host_s32){value, value, value, value, value, value, value, value};
}

HOST_INLINE host_f32 host_splat_f32(float value) {
  return (host_f32){value, value, value, value, value, value, value, value};
}

/* A byte in each of the lanes' bytes. */
HOST_INLINE host_s32 host_splat_byte(uint8_t value) {
  typedef uint8_t host_u8x32 __attribute__((vector_size(32)));
  return (host_s32)((host_u8x32){0} + value);
}

HOST_INLINE host_s32 host_load_s32(const int32_t *from) {
  host_s32 value;
  memcpy(&value, from, sizeof(value));
  return value;
}

HOST_INLINE void host_store_s32(int32_t *to, host_s32 value) {
  memcpy(to, &value, sizeof(value));
}

HOST_INLINE host_f32 host_load_f32(const float *from) {
  host_f32 value;
  memcpy(&value, from, sizeof(value));
  return value;
}

HOST_INLINE void host_store_f32(float *to, host_f32 value) {
  memcpy(to, &value, sizeof(value));
}

HOST_INLINE host_f32x4 host_load_f32x4(const float *from) {
  host_f32x4 value;
  memcpy(&value, from, sizeof(value));
  return value;
}

HOST_INLINE void host_store_f32x4(float *to, host_f32x4 value) {
  memcpy(to, &value, sizeof(value));
}

/* Eight bytes as 32-bit lanes. */
HOST_INLINE host_s32 host_widen_s8(const int8_t *from) {
  host_s8 value;
  memcpy(&value, from, sizeof(value));
  return __builtin_convertvector(value, host_s32);
}

HOST_INLINE host_s32 host_widen_s16(const int16_t *from) {
  host_s16x8 value;
  memcpy(&value, from, sizeof(value));
  return __builtin_convertvector(value, host_s32);
}

/* Sixteen bytes as 16-bit lanes. */
HOST_INLINE host_s16 host_widen_sixteen_s8(const int8_t *from) {
  typedef int8_t host_s8x16 __attribute__((vector_size(16)));
  host_s8x16 value;
  memcpy(&value, from, sizeof(value));
  return __builtin_convertvector(value, host_s16);
}

/* Lanes that hold 16-bit values, as the low and the high halves of one vector. */
HOST_INLINE host_s32 host_join_pairs(host_s32 low, host_s32 high) {
  return (host_s32)((host_u32)high << 16) | (low & 0xffff);
}

/* Every second byte of sixteen. */
HOST_INLINE host_s32 host_widen_even_s8(const int8_t *from) {
  host_s16x8 value;
  memcpy(&value, from, sizeof(value));
  return (host_s32)((host_u32) __builtin_convertvector(value, host_s32) << 24) >> 24;
}

/* Weights as floats, without their zero point. */
HOST_INLINE void host_widen_to_floats(const int8_t *restrict from, int32_t count, int32_t zero,
                                      float *restrict to) {
  int32_t i = 0;
  for (; i + HOST_LANES <= count; i += HOST_LANES)
    host_store_f32(to + i, __builtin_convertvector(host_widen_s8(from + i) - zero, host_f32));
  for (; i < count; i++)
    to[i] = (float)(from[i] - zero);
}

HOST_INLINE host_s32 host_select_s32(host_s32 condition, host_s32 yes, host_s32 no) {
  return (condition & yes) | (~condition & no);
}

HOST_INLINE host_s32 host_min_s32(host_s32 a, host_s32 b) {
  return host_select_s32(a < b, a, b);
}

HOST_INLINE host_s32 host_max_s32(host_s32 a, host_s32 b) {
  return host_select_s32(a > b, a, b);
}

#endif
