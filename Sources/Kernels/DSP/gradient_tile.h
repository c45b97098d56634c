/* One input channel by sixteen pixels of a float gradient: on an Arm floating-point unit written out, so that
 * the sums stay in its registers; elsewhere in C. */
#ifndef TINYSDK_DSP_GRADIENT_TILE_H
#define TINYSDK_DSP_GRADIENT_TILE_H

#include <stdint.h>

#define TINYSDK_GRADIENT_PIXELS 16

#if defined(__ARM_FEATURE_DSP) && defined(__thumb__) && defined(__ARM_FP)
#include "gradient_tile_arm.h"
#else
#include "gradient_tile_host.h"
#endif

#endif
