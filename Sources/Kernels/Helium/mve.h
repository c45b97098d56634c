/* The Helium instructions that the kernels use: the compiler's own where the target has them, else the same
 * in plain C, so that a host runs the very same kernels bit for bit. */
#ifndef TINYSDK_MVE_H
#define TINYSDK_MVE_H

#include <stdint.h>

#if defined(__ARM_FEATURE_MVE)
#include <arm_mve.h>
#else
#include "mve_emulated_arithmetic.h"
#endif

#endif
