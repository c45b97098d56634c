/* Many int8 mantissas from their sums: written out on Arm, where the compiler runs out of registers. */
#ifndef TINYSDK_DSP_WRITE_FOURS_H
#define TINYSDK_DSP_WRITE_FOURS_H

#include "narrow_four.h"

#if defined(__ARM_FEATURE_DSP) && defined(__thumb__)
#include "write_fours_g8_arm.h"
#else
#include "write_fours_host.h"
#endif

#endif
