/* What level_pixels_arm.h leaves open, for int16. */
#ifndef TINYSDK_DSP_LEVEL_PIXELS_G16_ARM_H
#define TINYSDK_DSP_LEVEL_PIXELS_G16_ARM_H

/* clang-format off */
#define TINYSDK_PIXELS_TO_MANTISSAS \
  "pkhbt r4, r4, r5, lsl #16\n" \
  "pkhbt r5, r6, r7, lsl #16\n" \
  "pkhbt r6, r8, r9, lsl #16\n" \
  "pkhbt r7, r10, r11, lsl #16\n" \
  "lsl r8, r2, #1\n" \
  "uqsub16 r9, r4, r8\n" \
  "uqsub16 r10, r5, r8\n" \
  "orr r9, r9, r10\n" \
  "uqsub16 r10, r6, r8\n" \
  "orr r9, r9, r10\n" \
  "uqsub16 r10, r7, r8\n" \
  "orr r9, r9, r10\n" \
  "orrs r9, r9, r12, lsr #16\n" \
  "bne 9f\n" \
  "ldrd r9, r10, [lr, #40]\n" \
  "usub16 r4, r4, r2\n" \
  "usub16 r5, r5, r2\n" \
  "usub16 r6, r6, r2\n" \
  "usub16 r7, r7, r2\n" \
  "str r6, [r9, r10]\n" \
  "str r4, [r9], #4\n" \
  "str r7, [r9, r10]\n" \
  "str r5, [r9], #4\n"
/* clang-format on */

#include "level_pixels_arm.h"

#endif
