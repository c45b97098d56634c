/* The inner loops of the 1x1 convolution: written out on Arm, because no compiler keeps them in registers. */
#ifndef TINYSDK_DSP_MULTIPLY_H
#define TINYSDK_DSP_MULTIPLY_H

#include "simd.h"

#if defined(__ARM_FEATURE_DSP) && defined(__thumb__)
#include "multiply_arm.h"
#else
#include "multiply_host.h"
#endif

#endif
