/* r0 elements, r1 mask, r2 and r3 what zeros start from, r4 limits, r5 twice the limit, r6 what bits let
 * pass, r7 the factor, r8 the plane's end, r9 the shift, lr eight bits of the mask. The stack holds the run.
 */
#ifndef TINYSDK_DSP_SCALE_PLANES_G16_ARM_H
#define TINYSDK_DSP_SCALE_PLANES_G16_ARM_H

_Static_assert(offsetof(tinysdk_scale_run, passing) == 24 && offsetof(tinysdk_scale_run, factor) == 28 &&
                   offsetof(tinysdk_scale_run, shift) == 32 && offsetof(tinysdk_scale_run, plane) == 36 &&
                   offsetof(tinysdk_scale_run, planes) == 40,
               "the assembly counts on these");

#define TINYSDK_SCALE_TWO(bit)                                                                               \
  "ubfx r11, lr, #" bit ", #2\n"                                                                             \
  "ldr r10, [r0]\n"                                                                                          \
  "ldr r11, [r6, r11, lsl #2]\n"                                                                             \
  "and r10, r10, r11\n"                                                                                      \
  "smlabb r11, r10, r7, r2\n"                                                                                \
  "smlatb r10, r10, r7, r3\n"                                                                                \
  "lsr r11, r11, r9\n"                                                                                       \
  "lsr r10, r10, r9\n"                                                                                       \
  "orr r12, r11, r10\n"                                                                                      \
  "pkhbt r11, r11, r10, lsl #16\n"                                                                           \
  "uqsub16 r10, r11, r5\n"                                                                                   \
  "orrs r10, r10, r12, lsr #16\n"                                                                            \
  "bne 9f\n"                                                                                                 \
  "usub16 r11, r11, r4\n"                                                                                    \
  "str r11, [r0], #4\n"

/* Returns where it stopped: behind the planes, or at two elements that do not both fit. */
static __attribute__((naked, noinline, used)) tinysdk_gradient *tinysdk_run_scale(__attribute__((unused))
                                                                                  tinysdk_scale_run *run) {
  __asm__("push {r0, r4-r11, lr}\n"
          "ldr r9, [r0, #32]\n"
          "ldm r0, {r0-r6}\n"
          "1:\n"
          "ldr r12, [sp]\n"
          "ldr r10, [r12, #28]\n"
          "ldr r8, [r12, #36]\n"
          "ldrh r7, [r10], #2\n"
          "add r8, r8, r0\n"
          "str r10, [r12, #28]\n"
          "2:\n"
          "ldrb lr, [r1], #1\n" TINYSDK_SCALE_TWO("0") TINYSDK_SCALE_TWO("2") TINYSDK_SCALE_TWO("4")
              TINYSDK_SCALE_TWO("6") "cmp r0, r8\n"
                                     "bne 2b\n"
                                     "ldr r12, [sp]\n"
                                     "ldr r10, [r12, #40]\n"
                                     "subs r10, r10, #1\n"
                                     "str r10, [r12, #40]\n"
                                     "bne 1b\n"
                                     "9:\n"
                                     "add sp, sp, #4\n"
                                     "pop {r4-r11, pc}\n");
}

#endif
