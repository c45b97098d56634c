/* r0 elements, r1 mask, r2 and r3 the levels of zeros, r4 limits, r5 twice the limit, r6 what bits let pass,
 * r7 the factor, r8 the plane's end, r9 four elements. The stack holds what follows the limits in the run. */
#ifndef TINYSDK_DSP_SCALE_PLANES_G8_ARM_H
#define TINYSDK_DSP_SCALE_PLANES_G8_ARM_H

_Static_assert(offsetof(tinysdk_scale_run, most) == 20 && offsetof(tinysdk_scale_run, factor) == 28 &&
                   offsetof(tinysdk_scale_run, shift) == 32 && offsetof(tinysdk_scale_run, plane) == 36 &&
                   offsetof(tinysdk_scale_run, sure) == 44 && offsetof(tinysdk_scale_run, last) == 48,
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
  "bne.w 9b\n"                                                                                               \
  "orr r9, r11, r9, lsl #8\n"                                                                                \
  "usub8 r9, r9, r4\n"                                                                                       \
  "str r9, [r0], #4\n"

/* The same of elements that all fit, r9; r5 is 0xFF00FF00. */
#define TINYSDK_SCALE_SURE_FOUR                                                                              \
  "and r11, r5, r9, lsl #8\n"                                                                                \
  "and r9, r9, r5\n"                                                                                         \
  "smlawb r10, r7, r11, r2\n"                                                                                \
  "smlawt r11, r7, r11, r2\n"                                                                                \
  "smlawb r12, r7, r9, r3\n"                                                                                 \
  "smlawt r9, r7, r9, r3\n"                                                                                  \
  "pkhtb r11, r11, r10, asr #16\n"                                                                           \
  "pkhtb r9, r9, r12, asr #16\n"                                                                             \
  "orr r9, r11, r9, lsl #8\n"                                                                                \
  "usub8 r9, r9, r4\n"                                                                                       \
  "str r9, [r0], #4\n"

#define TINYSDK_SCALE_PASSING_FOUR                                                                           \
  "ldr r9, [r0]\n"                                                                                           \
  "ldr r10, [r6, r10, lsl #2]\n"                                                                             \
  "and r9, r9, r10\n" TINYSDK_SCALE_SURE_FOUR
#define TINYSDK_SCALE_ANY_FOUR "ldr r9, [r0]\n" TINYSDK_SCALE_SURE_FOUR

#define TINYSDK_SCALE_PASSING_SIXTEEN                                                                        \
  "ldrh lr, [r1], #2\n"                                                                                      \
  "and r10, lr, #15\n" TINYSDK_SCALE_PASSING_FOUR "ubfx r10, lr, #4, #4\n" TINYSDK_SCALE_PASSING_FOUR        \
  "ubfx r10, lr, #8, #4\n" TINYSDK_SCALE_PASSING_FOUR "lsr r10, lr, #12\n" TINYSDK_SCALE_PASSING_FOUR
#define TINYSDK_SCALE_ANY_SIXTEEN                                                                            \
  TINYSDK_SCALE_ANY_FOUR TINYSDK_SCALE_ANY_FOUR TINYSDK_SCALE_ANY_FOUR TINYSDK_SCALE_ANY_FOUR

/* Returns where it stopped: behind the planes, or at four elements that do not all fit. */
#define TINYSDK_RUN_SCALE(name, sixteen)                                                                     \
  static __attribute__((naked, noinline, used)) int8_t *name(__attribute__((unused))                         \
                                                             tinysdk_scale_run *run) {                       \
    __asm__("push {r4-r11, lr}\n"                                                                            \
            "add r1, r0, #20\n"                                                                              \
            "ldm r1, {r5-r12}\n"                                                                             \
            "push {r5-r12}\n"                                                                                \
            "ldm r0, {r0-r4}\n"                                                                              \
            "1:\n"                                                                                           \
            "ldr r9, [sp, #8]\n"                                                                             \
            "ldrd r10, r8, [sp, #12]\n"                                                                      \
            "ldr r11, [sp, #24]\n"                                                                           \
            "ldrh r7, [r9], #2\n"                                                                            \
            "add r8, r8, r0\n"                                                                               \
            "str r9, [sp, #8]\n"                                                                             \
            "cmp r7, r11\n"                                                                                  \
            "bhs.w 5f\n"                                                                                     \
            "lsl r7, r7, r10\n"                                                                              \
            "mov r5, #0xFF00FF00\n"                                                                          \
            "3:\n" sixteen "cmp r0, r8\n"                                                                    \
            "bne.w 3b\n"                                                                                     \
            "4:\n"                                                                                           \
            "ldr r9, [sp, #28]\n"                                                                            \
            "cmp r0, r9\n"                                                                                   \
            "bne.w 1b\n"                                                                                     \
            "9:\n"                                                                                           \
            "add sp, sp, #32\n"                                                                              \
            "pop {r4-r11, pc}\n"                                                                             \
            "5:\n"                                                                                           \
            "ldr r5, [sp]\n"                                                                                 \
            "mvn r12, #0x80000000\n"                                                                         \
            "lsr lr, r12, r10\n"                                                                             \
            "cmp r7, lr\n"                                                                                   \
            "ite hi\n"                                                                                       \
            "movhi r7, r12\n"                                                                                \
            "lslls r7, r7, r10\n"                                                                            \
            "2:\n"                                                                                           \
            "ldrb lr, [r1], #1\n"                                                                            \
            "and r10, lr, #15\n" TINYSDK_SCALE_FOUR "lsr r10, lr, #4\n" TINYSDK_SCALE_FOUR "cmp r0, r8\n"    \
            "bne 2b\n"                                                                                       \
            "b 4b\n");                                                                                       \
  }

TINYSDK_RUN_SCALE(tinysdk_run_scale, TINYSDK_SCALE_PASSING_SIXTEEN)
TINYSDK_RUN_SCALE(tinysdk_run_scale_all, TINYSDK_SCALE_ANY_SIXTEEN)

#endif
