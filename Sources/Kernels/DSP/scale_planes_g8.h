/* Whole planes of int8 mantissas times their factors, in place: on Arm written out, elsewhere in C.
 *
 * A mantissa times 2^8 in a half, times the factor times 2^(24 - shift), is 2^16 times what its level grows
 * by: the level is a high half, and two of them are compared and packed at once. Where the larger factor
 * leaves 31 bits, it is at least 2^(shift + 7), and nothing but 0 fits; then 2^31 - 1 stands for it, with
 * which 1 grows by 2^7 less 2^-16. All zeros' levels are 2^-16 too large, which nothing else shows, and so
 * that is too large, too. Up to shift 16, nothing leaves 32 bits.
 *
 * A factor times 128 that is less than the limit times 2^shift needs no comparing. */
#ifndef TINYSDK_DSP_SCALE_PLANES_H
#define TINYSDK_DSP_SCALE_PLANES_H

#include "scale_run.h"

#if defined(__ARM_FEATURE_DSP) && defined(__thumb__)
#include "scale_planes_g8_arm.h"
#else
#include "scale_planes_g8_host.h"
#endif

/* Planes from element e on, the first of which has factor[0], as far as they fit: returns the first element
 * that is not written. */
static inline int32_t tinysdk_scale_planes(const tinysdk_narrowing *narrowing, const uint8_t *mask,
                                           const int16_t *factor, int32_t plane, int32_t planes, int32_t e) {
  static const uint32_t all[16] = {~0u, ~0u, ~0u, ~0u, ~0u, ~0u, ~0u, ~0u,
                                   ~0u, ~0u, ~0u, ~0u, ~0u, ~0u, ~0u, ~0u};
  const tinysdk_levels levels = tinysdk_levels_of(narrowing);
  if (levels.shift > 16 || plane % 8 != 0)
    return e;
  tinysdk_gradient *const from = narrowing->output + e;
  const uint32_t more = levels.shift < 16;
  /* Without a mask any bytes do for its bits. */
  tinysdk_scale_run run = {.elements = from,
                           .mask = mask ? mask + e / 8 : (const uint8_t *)from,
                           .even = (levels.even << (16 - levels.shift)) + more,
                           .odd = (levels.odd << (16 - levels.shift)) + more,
                           .limits = levels.limits,
                           .most = (uint32_t)narrowing->limit * 0x00020002u,
                           .passing = mask ? tinysdk_passing_bytes : all,
                           .factor = factor,
                           .shift = 24 - levels.shift,
                           .plane = plane,
                           .planes = planes,
                           .sure = plane % 16 == 0 ? narrowing->limit << levels.shift >> 7 : 0,
                           .last = from + plane * planes};
  return (int32_t)((mask ? tinysdk_run_scale(&run) : tinysdk_run_scale_all(&run)) - narrowing->output);
}

#endif
