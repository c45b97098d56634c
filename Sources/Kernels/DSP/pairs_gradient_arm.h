/* s0-s15 hold the sums, s16-s23 eight gradients, s24-s27 the weights of two pairs of output channels. Each
 * sum takes its products one by one in the order of the output channels. The stack holds sixteen zeros; an
 * odd count of pairs begins with one alone. */
#ifndef TINYSDK_DSP_PAIRS_GRADIENT_ARM_H
#define TINYSDK_DSP_PAIRS_GRADIENT_ARM_H

#include "sixteen_pixels_arm.h"

static __attribute__((naked, noinline, used)) void tinysdk_run_gradient(__attribute__((unused))
                                                                        const tinysdk_gradient_run *run) {
  __asm__("push {r4-r11, lr}\n"
          "vpush {s16-s27}\n"
          "ldr r2, [r0, #28]\n"
          "ldmia r0, {r3, r6, r7, r10, r11, r12, lr}\n"
          "mov r4, #0\n"
          "vmov s0, r4\n"
          "vmov.f32 s1, s0\n"
          "vmov.f32 s2, s0\n"
          "vmov.f32 s3, s0\n"
          "vpush {s0-s3}\n"
          "vpush {s0-s3}\n"
          "vpush {s0-s3}\n"
          "vpush {s0-s3}\n"
          "1:\n"
          "bic r4, r12, #3\n"
          "and r5, r12, #2\n"
          "add r5, r5, r4, lsl #1\n"
          "and r4, r12, #1\n"
          "add r5, r5, r4, lsl #2\n"
          "add r1, r11, r5\n"
          "mov r0, r10\n"
          "vldmia sp, {s0-s15}\n"
          "sub r4, lr, r10\n"
          "lsls r4, r4, #24\n"
          "bpl 2f\n"
          "ldrsh r4, [r1]\n"
          "add r1, r1, r6\n"
          "sxtb r5, r4\n"
          "sub r4, r4, r5\n"
          "vmov s24, s25, r5, r4\n"
          "vcvt.f32.s32 s24, s24\n"
          "vcvt.f32.s32 s25, s25, #8\n" TINYSDK_SIXTEEN_PIXELS("s24")
              TINYSDK_SIXTEEN_PIXELS("s25") "cmp r0, lr\n"
                                            "beq 3f\n"
                                            "2:\n"
                                            "ldrsh r4, [r1]\n"
                                            "ldrsh r8, [r1, r6]\n"
                                            "add r1, r1, r6, lsl #1\n"
                                            "sxtb r5, r4\n"
                                            "sxtb r9, r8\n"
                                            "sub r4, r4, r5\n"
                                            "sub r8, r8, r9\n"
                                            "vmov s24, s25, r5, r4\n"
                                            "vmov s26, s27, r9, r8\n"
                                            "vcvt.f32.s32 s24, s24\n"
                                            "vcvt.f32.s32 s25, s25, #8\n"
                                            "vcvt.f32.s32 s26, s26\n"
                                            "vcvt.f32.s32 s27, s27, #8\n" TINYSDK_SIXTEEN_PIXELS("s24")
                                                TINYSDK_SIXTEEN_PIXELS("s25") TINYSDK_SIXTEEN_PIXELS("s26")
                                                    TINYSDK_SIXTEEN_PIXELS("s27") "cmp r0, lr\n"
                                                                                  "bne 2b\n"
                                                                                  "3:\n"
                                                                                  "vstmia r3, {s0-s15}\n"
                                                                                  "add r3, r3, r7\n"
                                                                                  "add r12, r12, #1\n"
                                                                                  "cmp r12, r2\n"
                                                                                  "bne 1b\n"
                                                                                  "add sp, sp, #64\n"
                                                                                  "vpop {s16-s27}\n"
                                                                                  "pop {r4-r11, pc}\n");
}

#endif
