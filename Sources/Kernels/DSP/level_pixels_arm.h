/* The routine of pixel_sums_arm.h, whose sums start from what lies in the run. The stack holds the weights,
 * their end and the run.
 * TINYSDK_PIXELS_TO_MANTISSAS takes levels from r4-r11, their highest bits from r12, the limits from r2 and
 * the run from lr, leaves where the next mantissas go in r9 and goes to 9 with what does not fit. */
#ifndef TINYSDK_DSP_LEVEL_PIXELS_ARM_H
#define TINYSDK_DSP_LEVEL_PIXELS_ARM_H

#include <stddef.h>

_Static_assert(offsetof(tinysdk_level_pixels_run, limits) == 32 &&
                   offsetof(tinysdk_level_pixels_run, to) == 40 &&
                   offsetof(tinysdk_level_pixels_run, last) == 48,
               "the assembly counts on these");

/* Returns 0, or not 0 at the first group that does not fit. */
static __attribute__((naked, noinline, used)) uint32_t tinysdk_level_pixels(
    __attribute__((unused)) const uint32_t *columns, __attribute__((unused)) const uint32_t *weights,
    __attribute__((unused)) const uint32_t *end, __attribute__((unused)) tinysdk_level_pixels_run *run) {
  __asm__("push {r4-r11, lr}\n"
          "push {r1, r2, r3}\n"
          "mov r12, r3\n"
          "7:\n"
          "ldm r12, {r4-r11}\n" TINYSDK_FOUR_PAIRS "ldr r2, [sp, #4]\n"
          "subs r2, r2, r1\n"
          "beq 5f\n"
          "lsls r2, r2, #24\n"
          "beq 1f\n"
          "bpl 4f\n"
          "lsls r2, r2, #1\n"
          "bmi 2f\n"
          "b 3f\n"
          "1:\n" TINYSDK_FOUR_PAIRS "2:\n" TINYSDK_FOUR_PAIRS "3:\n" TINYSDK_FOUR_PAIRS
          "4:\n" TINYSDK_FOUR_PAIRS "ldr r2, [sp, #4]\n"
          "cmp r1, r2\n"
          "bne 1b\n"
          "5:\n"
          "ldr lr, [sp, #8]\n"
          "ldrd r2, r3, [lr, #32]\n"
          "lsr r4, r4, r3\n"
          "lsr r5, r5, r3\n"
          "lsr r6, r6, r3\n"
          "lsr r7, r7, r3\n"
          "lsr r8, r8, r3\n"
          "lsr r9, r9, r3\n"
          "lsr r10, r10, r3\n"
          "lsr r11, r11, r3\n"
          "orr r12, r4, r5\n"
          "orr r12, r12, r6\n"
          "orr r12, r12, r7\n"
          "orr r12, r12, r8\n"
          "orr r12, r12, r9\n"
          "orr r12, r12, r10\n"
          "orr r12, r12, r11\n" TINYSDK_PIXELS_TO_MANTISSAS "ldr r2, [lr, #48]\n"
          "mov r12, lr\n"
          "str r9, [lr, #40]\n"
          "ldr r1, [sp]\n"
          "cmp r9, r2\n"
          "bne.w 7b\n"
          "mov r0, #0\n"
          "add sp, sp, #12\n"
          "pop {r4-r11, pc}\n"
          "9:\n"
          "mov r0, #1\n"
          "add sp, sp, #12\n"
          "pop {r4-r11, pc}\n");
}

#endif
