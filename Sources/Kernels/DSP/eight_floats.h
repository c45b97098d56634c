/* Elementwise work on blocks of eight floats, at least one block: on an Arm floating-point unit written out;
 * elsewhere in C. */
#ifndef TINYSDK_DSP_EIGHT_FLOATS_H
#define TINYSDK_DSP_EIGHT_FLOATS_H

#include <stdint.h>

#if defined(__ARM_FEATURE_DSP) && defined(__thumb__) && defined(__ARM_FP)
#include "eight_floats_arm.h"
#else
#include "eight_floats_host.h"
#endif

#endif
