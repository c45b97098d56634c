/* There is no quicker way for whole planes of int16 mantissas. */
#ifndef TINYSDK_DSP_SCALE_PLANES_H
#define TINYSDK_DSP_SCALE_PLANES_H

#include "narrow_four.h"

static inline int32_t tinysdk_scale_planes(const tinysdk_narrowing *narrowing, const uint8_t *mask,
                                           const int16_t *factor, int32_t plane, int32_t planes, int32_t e) {
  (void)narrowing, (void)mask, (void)factor, (void)plane, (void)planes;
  return e;
}

#endif
