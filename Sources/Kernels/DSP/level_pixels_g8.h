/* Pixels whose sums become int8 mantissas at once: written out on Arm. */
#ifndef TINYSDK_DSP_LEVEL_PIXELS_H
#define TINYSDK_DSP_LEVEL_PIXELS_H

#include "level_pixels.h"

#if defined(__ARM_FEATURE_DSP) && defined(__thumb__)
#include "level_pixels_g8_arm.h"
#else
#include "level_pixels_host.h"
#endif

#endif
