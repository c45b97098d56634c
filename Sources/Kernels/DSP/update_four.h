/* The update rule of tinysdk_update_s8 for four weights at a time: on an Arm floating-point unit written out.
 */
#ifndef TINYSDK_DSP_UPDATE_FOUR_H
#define TINYSDK_DSP_UPDATE_FOUR_H

#include "../Portable/update.h"
#include "simd.h"
#include "weight_tile.h"

#if defined(__ARM_FEATURE_DSP) && defined(__thumb__) && defined(__ARM_FP)
#include "update_four_arm.h"
#else
#include "update_four_host.h"
#endif

#endif
