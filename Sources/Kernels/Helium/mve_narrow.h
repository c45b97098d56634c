/* From exact 32-bit sums to mantissas by vectors of four; mve_mantissas_g16.h or mve_mantissas_g8.h comes
 * first. */
#ifndef TINYSDK_MVE_NARROW_H
#define TINYSDK_MVE_NARROW_H

#include "narrow.h"

/* A tensor being written, and what its elements add at the present shift: from an even one on, and from
 * place 1 on from an odd one on. */
typedef struct {
  tinysdk_narrowing by;
  int32_t dithers[5];
} tinysdk_mve_narrowing;

static inline void tinysdk_mve_set_dithers(int32_t dithers[5], int32_t done, int32_t shift) {
  for (int32_t i = 0; i < 5; i++)
    dithers[i] = tinysdk_dither(i, done, shift);
}

static inline tinysdk_mve_narrowing tinysdk_mve_narrow_start(tinysdk_gradient *output, int32_t bits) {
  const tinysdk_mve_narrowing narrowing = {tinysdk_narrow_start(output, bits), {0}};
  return narrowing;
}

/* Shifts elements [first, end), already written, by `more`. */
static __attribute__((noinline, unused)) void
tinysdk_mve_shift_written(const tinysdk_mve_narrowing *narrowing, int32_t first, int32_t end, int32_t more) {
  int32_t dithers[5];
  tinysdk_mve_set_dithers(dithers, narrowing->by.shift, more);
  const int32x4_t dither = vldrwq_s32(dithers + (first & 1));
  tinysdk_gradient *output = narrowing->by.output + first;
  for (int32_t rest = end - first; rest > 0; rest -= 4, output += 4) {
    const mve_pred16_t some = vctp32q((uint32_t)rest);
    const int32x4_t value = vaddq_s32(tinysdk_mve_mantissas(output, some), dither);
    tinysdk_mve_store_mantissas(output, vshlq_r_s32(value, -more), some);
  }
}

/* The shift becomes `shift`; what is written is shifted on by the caller, before. */
static inline void tinysdk_mve_set_shift(tinysdk_mve_narrowing *narrowing, int32_t shift) {
  narrowing->by.shift = shift;
  tinysdk_mve_set_dithers(narrowing->dithers, 0, shift);
}

/* Writes elements first, first + 1, ... at the present shift; 0 when one of them does not fit. */
static inline int32_t tinysdk_mve_write_mantissas(const tinysdk_mve_narrowing *narrowing, const int32_t *sums,
                                                  int32_t count, int32_t first) {
  const int32_t right = -narrowing->by.shift;
  const int32x4_t dither = vldrwq_s32(narrowing->dithers + (first & 1));
  tinysdk_gradient *output = narrowing->by.output + first;
  uint32_t greatest = 0;
  for (int32_t rest = count; rest > 0; rest -= 4, sums += 4, output += 4) {
    const mve_pred16_t some = vctp32q((uint32_t)rest);
    const int32x4_t value = vshlq_r_s32(vaddq_s32(vldrwq_z_s32(sums, some), dither), right);
    greatest = vmaxavq_p_s32(greatest, value, some);
    tinysdk_mve_store_mantissas(output, value, some);
  }
  return greatest <= (uint32_t)narrowing->by.limit;
}

/* Elements first, first + 1, ... of a tensor whose elements before `first`, and no others, are written, some
 * of which do not fit. */
static __attribute__((noinline, unused)) void tinysdk_mve_narrow_slowly(tinysdk_mve_narrowing *narrowing,
                                                                        const int32_t *sums, int32_t count,
                                                                        int32_t first) {
  const int32_t shift = tinysdk_shift_for(&narrowing->by, sums, count, first);
  tinysdk_mve_shift_written(narrowing, 0, first, shift - narrowing->by.shift);
  tinysdk_mve_set_shift(narrowing, shift);
  (void)tinysdk_mve_write_mantissas(narrowing, sums, count, first);
}

/* Writes elements first, first + 1, ... of a tensor whose elements before `first`, and no others, are
 * written. */
static inline void tinysdk_mve_narrow_next(tinysdk_mve_narrowing *narrowing, const int32_t *sums,
                                           int32_t count, int32_t first) {
  if (!tinysdk_mve_write_mantissas(narrowing, sums, count, first))
    tinysdk_mve_narrow_slowly(narrowing, sums, count, first);
}

#endif
