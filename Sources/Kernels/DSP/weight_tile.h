/* The gradients of 4x4 weights (outputs by inputs) over some pixels: on an Arm floating-point unit written
 * out, so that the sums stay in its registers; elsewhere in C. `values` holds four inputs per pixel. */
#ifndef TINYSDK_DSP_WEIGHT_TILE_H
#define TINYSDK_DSP_WEIGHT_TILE_H

#include "../Portable/round.h"

#include <math.h>
#include <string.h>

#if defined(__ARM_FEATURE_DSP) && defined(__thumb__) && defined(__ARM_FP)
#include "weight_tile_arm.h"
#else
#include "weight_tile_host.h"
#endif

#endif
