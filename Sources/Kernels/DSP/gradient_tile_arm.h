/* s0-s15 hold the sums, s16-s23 eight gradients, s24-s27 the weights of one or two output channels. Each sum
 * takes its products one by one in the order of the output channels. */
#ifndef TINYSDK_DSP_GRADIENT_TILE_ARM_H
#define TINYSDK_DSP_GRADIENT_TILE_ARM_H

#define TINYSDK_EIGHT_GRADIENTS(a, b)                                                                        \
  "vldmia r0!, {s16-s23}\n"                                                                                  \
  "vfma.f32 s0, " a ", s16\n"                                                                                \
  "vfma.f32 s1, " a ", s17\n"                                                                                \
  "vfma.f32 s2, " a ", s18\n"                                                                                \
  "vfma.f32 s3, " a ", s19\n"                                                                                \
  "vfma.f32 s4, " a ", s20\n"                                                                                \
  "vfma.f32 s5, " a ", s21\n"                                                                                \
  "vfma.f32 s6, " a ", s22\n"                                                                                \
  "vfma.f32 s7, " a ", s23\n"                                                                                \
  "vfma.f32 s8, " b ", s16\n"                                                                                \
  "vfma.f32 s9, " b ", s17\n"                                                                                \
  "vfma.f32 s10, " b ", s18\n"                                                                               \
  "vfma.f32 s11, " b ", s19\n"                                                                               \
  "vfma.f32 s12, " b ", s20\n"                                                                               \
  "vfma.f32 s13, " b ", s21\n"                                                                               \
  "vfma.f32 s14, " b ", s22\n"                                                                               \
  "vfma.f32 s15, " b ", s23\n"

/* sums[0..7] of the first channel, sums[8..15] of the second; outputs >= 1. */
static __attribute__((naked, noinline, used)) void
tinysdk_gradient_tile(__attribute__((unused)) const float *columns,
                      __attribute__((unused)) const tinysdk_gradient_channels *channels,
                      __attribute__((unused)) int32_t outputs, __attribute__((unused)) float *sums) {
  __asm__("push {r3-r9, lr}\n"
          "vpush {s16-s27}\n"
          "add lr, r0, r2, lsl #5\n"
          "lsls r12, r2, #31\n"
          "ldm r1, {r1, r2, r6, r7}\n"
          "mov r4, #0\n"
          "vmov s0, r4\n"
          "vmov.f32 s1, s0\n"
          "vmov.f32 s2, s0\n"
          "vmov.f32 s3, s0\n"
          "vmov.f32 s4, s0\n"
          "vmov.f32 s5, s0\n"
          "vmov.f32 s6, s0\n"
          "vmov.f32 s7, s0\n"
          "vmov.f32 s8, s0\n"
          "vmov.f32 s9, s0\n"
          "vmov.f32 s10, s0\n"
          "vmov.f32 s11, s0\n"
          "vmov.f32 s12, s0\n"
          "vmov.f32 s13, s0\n"
          "vmov.f32 s14, s0\n"
          "vmov.f32 s15, s0\n"
          "beq 2f\n"
          "ldrsb r4, [r1]\n"
          "ldrsb r5, [r2]\n"
          "add r1, r1, r6\n"
          "add r2, r2, r7\n"
          "vmov s24, s25, r4, r5\n"
          "vcvt.f32.s32 s24, s24\n"
          "vcvt.f32.s32 s25, s25\n" TINYSDK_EIGHT_GRADIENTS(
              "s24", "s25") "cmp r0, lr\n"
                            "beq 3f\n"
                            "2:\n"
                            "ldrsb r4, [r1]\n"
                            "ldrsb r5, [r2]\n"
                            "ldrsb r8, [r1, r6]\n"
                            "ldrsb r9, [r2, r7]\n"
                            "add r1, r1, r6, lsl #1\n"
                            "add r2, r2, r7, lsl #1\n"
                            "vmov s24, s25, r4, r5\n"
                            "vmov s26, s27, r8, r9\n"
                            "vcvt.f32.s32 s24, s24\n"
                            "vcvt.f32.s32 s25, s25\n"
                            "vcvt.f32.s32 s26, s26\n"
                            "vcvt.f32.s32 s27, s27\n" TINYSDK_EIGHT_GRADIENTS("s24", "s25")
                                TINYSDK_EIGHT_GRADIENTS("s26", "s27") "cmp r0, lr\n"
                                                                      "bne 2b\n"
                                                                      "3:\n"
                                                                      "vstm r3, {s0-s15}\n"
                                                                      "vpop {s16-s27}\n"
                                                                      "pop {r3-r9, pc}\n");
}

#endif
