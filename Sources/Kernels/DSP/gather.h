/* Input bytes gathered into columns: written out on Arm, plain C elsewhere. */
#ifndef TINYSDK_DSP_GATHER_H
#define TINYSDK_DSP_GATHER_H

#if defined(__ARM_FEATURE_DSP) && defined(__thumb__)
#include "gather_arm.h"
#else
#include "gather_host.h"
#endif

#endif
