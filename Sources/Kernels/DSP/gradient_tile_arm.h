/* s0-s15 hold the sums, s16-s23 eight gradients, s24-s27 the weights of up to four output channels. Each sum
 * takes its products one by one in the order of the output channels. */
#ifndef TINYSDK_DSP_GRADIENT_TILE_ARM_H
#define TINYSDK_DSP_GRADIENT_TILE_ARM_H

#include "sixteen_pixels_arm.h"

/* `stride` lies between an output channel's weight and the next one's; outputs >= 1. */
static __attribute__((naked, noinline, used)) void
tinysdk_gradient_tile(__attribute__((unused)) const float *columns,
                      __attribute__((unused)) const int8_t *weights, __attribute__((unused)) int32_t stride,
                      __attribute__((unused)) int32_t outputs, __attribute__((unused)) float *sums) {
  __asm__("push {r4-r8, lr}\n"
          "ldr r4, [sp, #24]\n"
          "vpush {s16-s27}\n"
          "adr r5, 9f\n"
          "vldm r5, {s0-s15}\n"
          "add lr, r0, r3, lsl #6\n"
          "ands r3, r3, #3\n"
          "beq 2f\n"
          "1:\n"
          "ldrsb r5, [r1]\n"
          "add r1, r1, r2\n"
          "vmov s24, r5\n"
          "vcvt.f32.s32 s24, s24\n" TINYSDK_SIXTEEN_PIXELS(
              "s24") "subs r3, r3, #1\n"
                     "bne 1b\n"
                     "cmp r0, lr\n"
                     "beq 3f\n"
                     "2:\n"
                     "ldrsb r5, [r1]\n"
                     "ldrsb r6, [r1, r2]\n"
                     "add r1, r1, r2, lsl #1\n"
                     "ldrsb r7, [r1]\n"
                     "ldrsb r8, [r1, r2]\n"
                     "add r1, r1, r2, lsl #1\n"
                     "vmov s24, s25, r5, r6\n"
                     "vmov s26, s27, r7, r8\n"
                     "vcvt.f32.s32 s24, s24\n"
                     "vcvt.f32.s32 s25, s25\n"
                     "vcvt.f32.s32 s26, s26\n"
                     "vcvt.f32.s32 s27, s27\n" TINYSDK_SIXTEEN_PIXELS("s24") TINYSDK_SIXTEEN_PIXELS("s25")
                         TINYSDK_SIXTEEN_PIXELS("s26") TINYSDK_SIXTEEN_PIXELS("s27") "cmp r0, lr\n"
                                                                                     "bne 2b\n"
                                                                                     "3:\n"
                                                                                     "vstm r4, {s0-s15}\n"
                                                                                     "vpop {s16-s27}\n"
                                                                                     "pop {r4-r8, pc}\n"
                                                                                     ".p2align 2\n"
                                                                                     "9:\n"
                                                                                     ".space 64\n");
}

#endif
