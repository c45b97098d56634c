/* What level_windows_arm.h leaves open, for int8. */
#ifndef TINYSDK_DSP_LEVEL_WINDOWS_G8_ARM_H
#define TINYSDK_DSP_LEVEL_WINDOWS_G8_ARM_H

/* clang-format off */
#define TINYSDK_LEVELS_TO_MANTISSAS \
  "orr r3, r3, r4, lsl #8\n" \
  "orr r5, r5, r6, lsl #8\n" \
  "orr r3, r3, r5, lsl #16\n" \
  "lsl r8, r7, #1\n" \
  "uqsub8 r4, r3, r8\n" \
  "orrs r4, r4, r12, lsr #8\n" \
  "bne 9f\n" \
  "usub8 r3, r3, r7\n" \
  "str r3, [r9], #4\n"
/* clang-format on */

#include "level_windows_arm.h"

#endif
