/* The sums of windows of widened rows, four at a time, under stride 1: nothing but the sums of
 * depthwise_strips.h, also of windows that are less high than wide. */
#ifndef TINYSDK_DSP_WINDOW_SUMS_H
#define TINYSDK_DSP_WINDOW_SUMS_H

#include "depthwise_strips.h"

#if defined(__ARM_FEATURE_DSP) && defined(__thumb__)
#include "window_sums_arm.h"
#else
#include "window_sums_host.h"
#endif

/* Rows of a window `size` wide of which only so many need be read, as far as there is a routine for them. */
static inline int32_t tinysdk_window_height(int32_t size, int32_t rows) {
  return size == 5 ? tinysdk_max(rows, 3) : size;
}

#endif
