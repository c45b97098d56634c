/* Two input channels by eight pixels of a float gradient: on an Arm floating-point unit written out, so that
 * the sums stay in its registers; elsewhere in C. */
#ifndef TINYSDK_DSP_GRADIENT_TILE_H
#define TINYSDK_DSP_GRADIENT_TILE_H

#include <stdint.h>

#define TINYSDK_GRADIENT_PIXELS 8

/* The weights of two input channels: the first output channel's, and the distance to the next one's. */
typedef struct {
  const int8_t *weights[2];
  int32_t stride[2];
} tinysdk_gradient_channels;

#if defined(__ARM_FEATURE_DSP) && defined(__thumb__) && defined(__ARM_FP)
#include "gradient_tile_arm.h"
#else
#include "gradient_tile_host.h"
#endif

#endif
