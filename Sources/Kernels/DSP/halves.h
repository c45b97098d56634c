/* Two rows of halfwords by four columns: written out on Arm. */
#ifndef TINYSDK_DSP_HALVES_H
#define TINYSDK_DSP_HALVES_H

#include "columns.h"

#if defined(__ARM_FEATURE_DSP) && defined(__thumb__)
#include "halves_arm.h"
#else
#include "halves_host.h"
#endif

#endif
