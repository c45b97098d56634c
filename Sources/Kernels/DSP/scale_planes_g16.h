/* Whole planes of int16 mantissas times their factors, in place: on Arm written out, elsewhere in C. */
#ifndef TINYSDK_DSP_SCALE_PLANES_H
#define TINYSDK_DSP_SCALE_PLANES_H

#include "scale_run.h"

#if defined(__ARM_FEATURE_DSP) && defined(__thumb__)
#include "scale_planes_g16_arm.h"
#else
#include "scale_planes_g16_host.h"
#endif

/* Planes from element e on, the first of which has factor[0], as far as they fit: returns the first element
 * that is not written. */
static inline int32_t tinysdk_scale_planes(const tinysdk_narrowing *narrowing, const uint8_t *mask,
                                           const int16_t *factor, int32_t plane, int32_t planes, int32_t e) {
  static const uint32_t all[4] = {~0u, ~0u, ~0u, ~0u};
  const tinysdk_levels levels = tinysdk_levels_of(narrowing);
  if (plane % 8 != 0)
    return e;
  tinysdk_gradient *const from = narrowing->output + e;
  /* Without a mask any bytes do for its bits. */
  tinysdk_scale_run run = {.elements = from,
                           .mask = mask ? mask + e / 8 : (const uint8_t *)from,
                           .even = levels.even,
                           .odd = levels.odd,
                           .limits = levels.limits,
                           .most = 2 * levels.limits,
                           .passing = mask ? tinysdk_passing_halves : all,
                           .factor = factor,
                           .shift = levels.shift,
                           .plane = plane * (int32_t)sizeof(tinysdk_gradient),
                           .planes = planes};
  return (int32_t)(tinysdk_run_scale(&run) - narrowing->output);
}

#endif
