/* Products of two rows of halfwords with quads of values: written out on Arm, because no compiler keeps them
 * in registers. */
#ifndef TINYSDK_DSP_VALUE_SUMS_H
#define TINYSDK_DSP_VALUE_SUMS_H

#include "simd.h"

#if defined(__ARM_FEATURE_DSP) && defined(__thumb__)
#include "value_sums_arm.h"
#else
#include "value_sums_host.h"
#endif

#endif
