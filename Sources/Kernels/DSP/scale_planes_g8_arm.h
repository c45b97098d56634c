/* r0 elements, r1 mask, r2 and r3 the levels of zeros, r4 limits, r5 twice the limit, r6 what bits let pass,
 * r7 the factor, r8 the plane's end, r9 four elements. The stack holds the run. */
#ifndef TINYSDK_DSP_SCALE_PLANES_G8_ARM_H
#define TINYSDK_DSP_SCALE_PLANES_G8_ARM_H

_Static_assert(offsetof(tinysdk_scale_run, passing) == 24 && offsetof(tinysdk_scale_run, factor) == 28 &&
                   offsetof(tinysdk_scale_run, shift) == 32 && offsetof(tinysdk_scale_run, plane) == 36 &&
                   offsetof(tinysdk_scale_run, planes) == 40,
               "the assembly counts on these");

/* r10 holds four bits of the mask. */
#define TINYSDK_SCALE_FOUR                                                                                   \
  "ldr r9, [r0]\n"                                                                                           \
  "ldr r10, [r6, r10, lsl #2]\n"                                                                             \
  "and r9, r9, r10\n"                                                                                        \
  "lsl r11, r9, #8\n"                                                                                        \
  "and r11, r11, #0xFF00FF00\n"                                                                              \
  "and r9, r9, #0xFF00FF00\n"                                                                                \
  "smlawb r10, r7, r11, r2\n"                                                                                \
  "smlawt r11, r7, r11, r2\n"                                                                                \
  "smlawb r12, r7, r9, r3\n"                                                                                 \
  "smlawt r9, r7, r9, r3\n"                                                                                  \
  "pkhtb r11, r11, r10, asr #16\n"                                                                           \
  "pkhtb r9, r9, r12, asr #16\n"                                                                             \
  "uqsub16 r10, r11, r5\n"                                                                                   \
  "uqsub16 r12, r9, r5\n"                                                                                    \
  "orrs r10, r10, r12\n"                                                                                     \
  "bne 9f\n"                                                                                                 \
  "orr r9, r11, r9, lsl #8\n"                                                                                \
  "usub8 r9, r9, r4\n"                                                                                       \
  "str r9, [r0], #4\n"

/* Returns where it stopped: behind the planes, or at four elements that do not all fit. */
static __attribute__((naked, noinline, used)) int8_t *tinysdk_run_scale(__attribute__((unused))
                                                                        tinysdk_scale_run *run) {
  __asm__("push {r0, r4-r11, lr}\n"
          "ldm r0, {r0-r6}\n"
          "1:\n"
          "ldr r9, [sp]\n"
          "ldrd r10, r11, [r9, #28]\n"
          "ldr r8, [r9, #36]\n"
          "ldrh r7, [r10], #2\n"
          "add r8, r8, r0\n"
          "str r10, [r9, #28]\n"
          "mvn r12, #0x80000000\n"
          "lsr lr, r12, r11\n"
          "cmp r7, lr\n"
          "ite hi\n"
          "movhi r7, r12\n"
          "lslls r7, r7, r11\n"
          "2:\n"
          "ldrb lr, [r1], #1\n"
          "and r10, lr, #15\n" TINYSDK_SCALE_FOUR "lsr r10, lr, #4\n" TINYSDK_SCALE_FOUR "cmp r0, r8\n"
          "bne 2b\n"
          "ldr r9, [sp]\n"
          "ldr r10, [r9, #40]\n"
          "subs r10, r10, #1\n"
          "str r10, [r9, #40]\n"
          "bne 1b\n"
          "9:\n"
          "add sp, sp, #4\n"
          "pop {r4-r11, pc}\n");
}

#endif
