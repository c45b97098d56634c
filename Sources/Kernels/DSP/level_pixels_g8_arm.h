/* What level_pixels_arm.h leaves open, for int8. */
#ifndef TINYSDK_DSP_LEVEL_PIXELS_G8_ARM_H
#define TINYSDK_DSP_LEVEL_PIXELS_G8_ARM_H

/* clang-format off */
#define TINYSDK_PIXELS_TO_MANTISSAS \
  "orr r4, r4, r5, lsl #8\n" \
  "orr r6, r6, r7, lsl #8\n" \
  "orr r8, r8, r9, lsl #8\n" \
  "orr r10, r10, r11, lsl #8\n" \
  "orr r4, r4, r6, lsl #16\n" \
  "orr r8, r8, r10, lsl #16\n" \
  "lsl r5, r2, #1\n" \
  "uqsub8 r6, r4, r5\n" \
  "uqsub8 r7, r8, r5\n" \
  "orr r6, r6, r7\n" \
  "orrs r6, r6, r12, lsr #8\n" \
  "bne 9f\n" \
  "ldrd r9, r10, [lr, #40]\n" \
  "usub8 r4, r4, r2\n" \
  "usub8 r8, r8, r2\n" \
  "str r8, [r9, r10]\n" \
  "str r4, [r9], #4\n"
/* clang-format on */

#include "level_pixels_arm.h"

#endif
