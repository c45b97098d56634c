/* Float dense layers, eight inputs at a time, at least one block of eight: on an Arm floating-point unit
 * written out, so that the sums stay in its registers; elsewhere in C. */
#ifndef TINYSDK_DSP_DENSE_BLOCKS_H
#define TINYSDK_DSP_DENSE_BLOCKS_H

#include <stdint.h>

#if defined(__ARM_FEATURE_DSP) && defined(__thumb__) && defined(__ARM_FP)
#include "dense_blocks_arm.h"
#else
#include "dense_blocks_host.h"
#endif

#endif
