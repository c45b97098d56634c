/* Helium's vectors and their ways to memory and back in C, under the names of arm_mve.h. A predicate holds
 * one bit per byte. */
#ifndef TINYSDK_MVE_EMULATED_MEMORY_H
#define TINYSDK_MVE_EMULATED_MEMORY_H

#include <stdint.h>
#include <string.h>

typedef struct {
  int8_t lane[16];
} int8x16_t;
typedef struct {
  int16_t lane[8];
} int16x8_t;
typedef struct {
  int32_t lane[4];
} int32x4_t;
typedef struct {
  uint8_t lane[16];
} uint8x16_t;
typedef struct {
  uint16_t lane[8];
} uint16x8_t;
typedef struct {
  uint32_t lane[4];
} uint32x4_t;
typedef struct {
  int32x4_t val[4];
} int32x4x4_t;
typedef struct {
  int32x4_t val[2];
} int32x4x2_t;
typedef uint16_t mve_pred16_t;

#define TINYSDK_EACH(type, count, expression)                                                                \
  type result;                                                                                               \
  for (int i = 0; i < (count); i++)                                                                          \
    result.lane[i] = (expression);                                                                           \
  return result

static inline int64_t tinysdk_saturated(int64_t value, int bits) {
  const int64_t limit = (int64_t)1 << (bits - 1);
  return value < -limit ? -limit : value >= limit ? limit - 1 : value;
}

static inline int tinysdk_lane_on(mve_pred16_t predicate, int byte) {
  return predicate >> byte & 1;
}

static inline mve_pred16_t vctp8q(uint32_t count) {
  return (mve_pred16_t)(count >= 16 ? 0xFFFF : (1u << count) - 1);
}

static inline mve_pred16_t vctp16q(uint32_t count) {
  return (mve_pred16_t)(count >= 8 ? 0xFFFF : (1u << 2 * count) - 1);
}

static inline mve_pred16_t vctp32q(uint32_t count) {
  return (mve_pred16_t)(count >= 4 ? 0xFFFF : (1u << 4 * count) - 1);
}

static inline int8x16_t vdupq_n_s8(int8_t value) {
  TINYSDK_EACH(int8x16_t, 16, value);
}

static inline int32x4_t vdupq_n_s32(int32_t value) {
  TINYSDK_EACH(int32x4_t, 4, value);
}

static inline int8x16_t vreinterpretq_s8_s32(int32x4_t value) {
  int8x16_t result;
  memcpy(&result, &value, sizeof(result));
  return result;
}

static inline uint32x4_t vreinterpretq_u32_s32(int32x4_t value) {
  TINYSDK_EACH(uint32x4_t, 4, (uint32_t)value.lane[i]);
}

static inline int16x8_t vreinterpretq_s16_s32(int32x4_t value) {
  int16x8_t result;
  memcpy(&result, &value, sizeof(result));
  return result;
}

static inline uint8x16_t vdupq_n_u8(uint8_t value) {
  TINYSDK_EACH(uint8x16_t, 16, value);
}

static inline uint32x4_t vdupq_n_u32(uint32_t value) {
  TINYSDK_EACH(uint32x4_t, 4, value);
}

static inline uint16x8_t vdupq_n_u16(uint16_t value) {
  TINYSDK_EACH(uint16x8_t, 8, value);
}

/* start, start + step, ... */
static inline uint32x4_t vidupq_n_u32(uint32_t start, int32_t step) {
  TINYSDK_EACH(uint32x4_t, 4, start + (uint32_t)(step * i));
}

static inline int16x8_t vdupq_n_s16(int16_t value) {
  TINYSDK_EACH(int16x8_t, 8, value);
}

/* ---- loads */

static inline int8x16_t vldrbq_s8(const int8_t *from) {
  TINYSDK_EACH(int8x16_t, 16, from[i]);
}

static inline int8x16_t vldrbq_z_s8(const int8_t *from, mve_pred16_t predicate) {
  TINYSDK_EACH(int8x16_t, 16, tinysdk_lane_on(predicate, i) ? from[i] : 0);
}

static inline int16x8_t vldrbq_s16(const int8_t *from) {
  TINYSDK_EACH(int16x8_t, 8, from[i]);
}

static inline int16x8_t vldrbq_z_s16(const int8_t *from, mve_pred16_t predicate) {
  TINYSDK_EACH(int16x8_t, 8, tinysdk_lane_on(predicate, 2 * i) ? from[i] : 0);
}

static inline int32x4_t vldrbq_s32(const int8_t *from) {
  TINYSDK_EACH(int32x4_t, 4, from[i]);
}

static inline int32x4_t vldrbq_z_s32(const int8_t *from, mve_pred16_t predicate) {
  TINYSDK_EACH(int32x4_t, 4, tinysdk_lane_on(predicate, 4 * i) ? from[i] : 0);
}

static inline int32x4_t vldrwq_s32(const int32_t *from) {
  TINYSDK_EACH(int32x4_t, 4, from[i]);
}

static inline int32x4_t vldrwq_z_s32(const int32_t *from, mve_pred16_t predicate) {
  TINYSDK_EACH(int32x4_t, 4, tinysdk_lane_on(predicate, 4 * i) ? from[i] : 0);
}

static inline uint32x4_t vldrwq_u32(const uint32_t *from) {
  TINYSDK_EACH(uint32x4_t, 4, from[i]);
}

static inline uint8x16_t vldrbq_u8(const uint8_t *from) {
  TINYSDK_EACH(uint8x16_t, 16, from[i]);
}

static inline uint16x8_t vldrhq_u16(const uint16_t *from) {
  TINYSDK_EACH(uint16x8_t, 8, from[i]);
}

static inline int32x4x2_t vld2q_s32(const int32_t *from) {
  int32x4x2_t result;
  for (int i = 0; i < 8; i++)
    result.val[i % 2].lane[i / 2] = from[i];
  return result;
}

static inline int32x4x4_t vld4q_s32(const int32_t *from) {
  int32x4x4_t result;
  for (int i = 0; i < 16; i++)
    result.val[i % 4].lane[i / 4] = from[i];
  return result;
}

static inline int8x16_t vldrbq_gather_offset_z_s8(const int8_t *from, uint8x16_t offset,
                                                  mve_pred16_t predicate) {
  TINYSDK_EACH(int8x16_t, 16, tinysdk_lane_on(predicate, i) ? from[offset.lane[i]] : 0);
}

static inline int16x8_t vldrbq_gather_offset_z_s16(const int8_t *from, uint16x8_t offset,
                                                   mve_pred16_t predicate) {
  TINYSDK_EACH(int16x8_t, 8, tinysdk_lane_on(predicate, 2 * i) ? from[offset.lane[i]] : 0);
}

static inline uint32x4_t vldrwq_z_u32(const uint32_t *from, mve_pred16_t predicate) {
  TINYSDK_EACH(uint32x4_t, 4, tinysdk_lane_on(predicate, 4 * i) ? from[i] : 0);
}

static inline int32x4_t vldrwq_gather_shifted_offset_s32(const int32_t *from, uint32x4_t offset) {
  TINYSDK_EACH(int32x4_t, 4, from[offset.lane[i]]);
}

static inline int32x4_t vldrwq_gather_shifted_offset_z_s32(const int32_t *from, uint32x4_t offset,
                                                           mve_pred16_t predicate) {
  TINYSDK_EACH(int32x4_t, 4, tinysdk_lane_on(predicate, 4 * i) ? from[offset.lane[i]] : 0);
}

static inline int32x4_t vldrbq_gather_offset_s32(const int8_t *from, uint32x4_t offset) {
  TINYSDK_EACH(int32x4_t, 4, from[offset.lane[i]]);
}

static inline uint32x4_t vldrhq_z_u32(const uint16_t *from, mve_pred16_t predicate) {
  TINYSDK_EACH(uint32x4_t, 4, tinysdk_lane_on(predicate, 4 * i) ? from[i] : 0);
}

static inline int16x8_t vldrhq_s16(const int16_t *from) {
  TINYSDK_EACH(int16x8_t, 8, from[i]);
}

static inline int16x8_t vldrhq_z_s16(const int16_t *from, mve_pred16_t predicate) {
  TINYSDK_EACH(int16x8_t, 8, tinysdk_lane_on(predicate, 2 * i) ? from[i] : 0);
}

static inline int32x4_t vldrhq_z_s32(const int16_t *from, mve_pred16_t predicate) {
  TINYSDK_EACH(int32x4_t, 4, tinysdk_lane_on(predicate, 4 * i) ? from[i] : 0);
}

static inline int16x8_t vldrhq_gather_shifted_offset_s16(const int16_t *from, uint16x8_t offset) {
  TINYSDK_EACH(int16x8_t, 8, from[offset.lane[i]]);
}

static inline int8x16_t vldrbq_gather_offset_s8(const int8_t *from, uint8x16_t offset) {
  TINYSDK_EACH(int8x16_t, 16, from[offset.lane[i]]);
}

static inline int16x8_t vldrbq_gather_offset_s16(const int8_t *from, uint16x8_t offset) {
  TINYSDK_EACH(int16x8_t, 8, from[offset.lane[i]]);
}

static inline uint16x8_t vldrbq_u16(const uint8_t *from) {
  TINYSDK_EACH(uint16x8_t, 8, from[i]);
}

/* ---- stores */

static inline void vstrwq_scatter_shifted_offset_p_s32(int32_t *to, uint32x4_t offset, int32x4_t value,
                                                       mve_pred16_t predicate) {
  for (int i = 0; i < 4; i++)
    if (tinysdk_lane_on(predicate, 4 * i))
      to[offset.lane[i]] = value.lane[i];
}

static inline void vstrbq_s8(int8_t *to, int8x16_t value) {
  for (int i = 0; i < 16; i++)
    to[i] = value.lane[i];
}

static inline void vstrbq_p_s8(int8_t *to, int8x16_t value, mve_pred16_t predicate) {
  for (int i = 0; i < 16; i++)
    if (tinysdk_lane_on(predicate, i))
      to[i] = value.lane[i];
}

static inline void vstrwq_s32(int32_t *to, int32x4_t value) {
  for (int i = 0; i < 4; i++)
    to[i] = value.lane[i];
}

static inline void vstrwq_p_s32(int32_t *to, int32x4_t value, mve_pred16_t predicate) {
  for (int i = 0; i < 4; i++)
    if (tinysdk_lane_on(predicate, 4 * i))
      to[i] = value.lane[i];
}

static inline void vstrbq_scatter_offset_s16(int8_t *to, uint16x8_t offset, int16x8_t value) {
  for (int i = 0; i < 8; i++)
    to[offset.lane[i]] = (int8_t)value.lane[i];
}

static inline void vstrbq_p_s32(int8_t *to, int32x4_t value, mve_pred16_t predicate) {
  for (int i = 0; i < 4; i++)
    if (tinysdk_lane_on(predicate, 4 * i))
      to[i] = (int8_t)value.lane[i];
}

static inline void vstrhq_p_s32(int16_t *to, int32x4_t value, mve_pred16_t predicate) {
  for (int i = 0; i < 4; i++)
    if (tinysdk_lane_on(predicate, 4 * i))
      to[i] = (int16_t)value.lane[i];
}

static inline void vstrbq_s16(int8_t *to, int16x8_t value) {
  for (int i = 0; i < 8; i++)
    to[i] = (int8_t)value.lane[i];
}

static inline void vstrhq_s16(int16_t *to, int16x8_t value) {
  for (int i = 0; i < 8; i++)
    to[i] = value.lane[i];
}

static inline void vstrhq_p_s16(int16_t *to, int16x8_t value, mve_pred16_t predicate) {
  for (int i = 0; i < 8; i++)
    if (tinysdk_lane_on(predicate, 2 * i))
      to[i] = value.lane[i];
}

/* Offsets count bytes. */
static inline void vstrhq_scatter_offset_s16(int16_t *to, uint16x8_t offset, int16x8_t value) {
  for (int i = 0; i < 8; i++)
    memcpy((int8_t *)(void *)to + offset.lane[i], &value.lane[i], 2);
}

static inline void vstrbq_u8(uint8_t *to, uint8x16_t value) {
  for (int i = 0; i < 16; i++)
    to[i] = value.lane[i];
}

static inline void vstrbq_p_s16(int8_t *to, int16x8_t value, mve_pred16_t predicate) {
  for (int i = 0; i < 8; i++)
    if (tinysdk_lane_on(predicate, 2 * i))
      to[i] = (int8_t)value.lane[i];
}

static inline void vstrhq_p_u16(uint16_t *to, uint16x8_t value, mve_pred16_t predicate) {
  for (int i = 0; i < 8; i++)
    if (tinysdk_lane_on(predicate, 2 * i))
      to[i] = value.lane[i];
}

static inline void vst4q_s32(int32_t *to, int32x4x4_t value) {
  for (int i = 0; i < 16; i++)
    to[i] = value.val[i % 4].lane[i / 4];
}

#endif
