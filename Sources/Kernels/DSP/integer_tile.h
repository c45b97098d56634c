/* Two input channels by four pixels of an integer gradient: written out on Arm, because no compiler keeps it
 * in registers. `columns` hold two output channels per word, four pixels after one another. */
#ifndef TINYSDK_DSP_INTEGER_TILE_H
#define TINYSDK_DSP_INTEGER_TILE_H

#include "simd.h"

#if defined(__ARM_FEATURE_DSP) && defined(__thumb__)
#include "integer_tile_arm.h"
#else
#include "integer_tile_host.h"
#endif

#endif
