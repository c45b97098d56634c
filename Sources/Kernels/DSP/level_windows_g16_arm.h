/* What level_windows_arm.h leaves open, for int16. */
#ifndef TINYSDK_DSP_LEVEL_WINDOWS_G16_ARM_H
#define TINYSDK_DSP_LEVEL_WINDOWS_G16_ARM_H

/* clang-format off */
#define TINYSDK_LEVELS_TO_MANTISSAS \
  "pkhbt r3, r3, r4, lsl #16\n" \
  "pkhbt r5, r5, r6, lsl #16\n" \
  "lsl r8, r7, #1\n" \
  "uqsub16 r4, r3, r8\n" \
  "uqsub16 r6, r5, r8\n" \
  "orr r4, r4, r6\n" \
  "orrs r4, r4, r12, lsr #16\n" \
  "bne 9f\n" \
  "usub16 r3, r3, r7\n" \
  "usub16 r5, r5, r7\n" \
  "str r3, [r9], #4\n" \
  "str r5, [r9], #4\n"
/* clang-format on */

#include "level_windows_arm.h"

#endif
