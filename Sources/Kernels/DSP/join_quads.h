/* Two output channels' weights of a quad of input channels, as conv2d_1x1_integer_gradient.h reads them: on
 * Arm written out, so that four words leave at once; elsewhere in C. */
#ifndef TINYSDK_DSP_JOIN_QUADS_H
#define TINYSDK_DSP_JOIN_QUADS_H

#include "simd.h"

#if defined(__ARM_FEATURE_DSP) && defined(__thumb__)
#include "join_quads_arm.h"
#else
#include "join_quads_host.h"
#endif

#endif
