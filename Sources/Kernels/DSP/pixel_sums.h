/* Two input channels of an integer gradient by groups of four pixels: written out on Arm, because no compiler
 * keeps it in registers. */
#ifndef TINYSDK_DSP_PIXEL_SUMS_H
#define TINYSDK_DSP_PIXEL_SUMS_H

#include "simd.h"

/* Pixels of a block, whose sums lie channel by channel. */
#define TINYSDK_BLOCK_PIXELS 32

/* Pairs of output channels that the routine takes at once: what lacks is filled up with zeros. */
#define TINYSDK_PAIRS_AT_ONCE 4

#if defined(__ARM_FEATURE_DSP) && defined(__thumb__)
#include "pixel_sums_arm.h"
#else
#include "pixel_sums_host.h"
#endif

#endif
