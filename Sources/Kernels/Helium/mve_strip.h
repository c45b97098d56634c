/* Runs of outputs side by side, of which only some may see a pixel. */
#ifndef TINYSDK_MVE_STRIP_H
#define TINYSDK_MVE_STRIP_H

#include "convolution.h"
#include "mve.h"

/* Lanes [first, end) of eight. */
static inline mve_pred16_t tinysdk_mve_lanes_between(int32_t first, int32_t end) {
  const uint32_t before = vctp16q((uint32_t)tinysdk_clamp(first, 0, 8));
  return (mve_pred16_t)(vctp16q((uint32_t)tinysdk_clamp(end, 0, 8)) & ~before);
}

#endif
