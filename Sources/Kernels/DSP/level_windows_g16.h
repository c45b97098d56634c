/* Windows whose sums become int16 mantissas at once: written out on Arm. */
#ifndef TINYSDK_DSP_LEVEL_WINDOWS_H
#define TINYSDK_DSP_LEVEL_WINDOWS_H

#include "level_strips.h"

#if defined(__ARM_FEATURE_DSP) && defined(__thumb__)
#include "level_windows_g16_arm.h"
#else
#include "level_windows_host.h"
#endif

#endif
