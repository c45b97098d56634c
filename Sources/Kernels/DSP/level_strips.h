/* Strips of a depthwise gradient whose sums leave as mantissas; four_g16.h or four_g8.h comes first. The sums
 * start from what their levels start from. */
#ifndef TINYSDK_DSP_LEVEL_STRIPS_H
#define TINYSDK_DSP_LEVEL_STRIPS_H

#include "narrow_four.h"
#include "window_sums.h"

/* The assembly of level_windows_arm.h counts on every offset. */
typedef struct {
  tinysdk_strips strips;
  uint32_t limits;
  int32_t shift;
} tinysdk_level_strips;

static inline void tinysdk_set_levels(tinysdk_level_strips *to, tinysdk_levels levels) {
  to->strips.start[0] = to->strips.start[2] = (int32_t)levels.even;
  to->strips.start[1] = to->strips.start[3] = (int32_t)levels.odd;
  to->limits = levels.limits;
  to->shift = levels.shift;
}

#endif
