/* r0 and r12 gather what does not fit, r1 walks the sums, r2 is their end, r3 the mantissas, r4-r7 are the
 * levels, lr twice the limit. */
#ifndef TINYSDK_DSP_WRITE_FOURS_G16_ARM_H
#define TINYSDK_DSP_WRITE_FOURS_G16_ARM_H

#include <stddef.h>

_Static_assert(offsetof(tinysdk_levels, odd) == 4 && offsetof(tinysdk_levels, limits) == 8 &&
                   offsetof(tinysdk_levels, shift) == 12,
               "the assembly counts on these");

/* Elements of a whole number of fours, the first one even. Not 0 when one of them does not fit. */
static __attribute__((naked, noinline, used)) uint32_t
tinysdk_write_fours(__attribute__((unused)) const tinysdk_levels *levels,
                    __attribute__((unused)) const int32_t *sums, __attribute__((unused)) int32_t count,
                    __attribute__((unused)) tinysdk_gradient *to) {
  __asm__("push {r4-r11, lr}\n"
          "ldm r0, {r4-r7}\n"
          "add r2, r1, r2, lsl #2\n"
          "mov r0, #0\n"
          "mov r12, #0\n"
          "lsl lr, r6, #1\n"
          "cmp r1, r2\n"
          "beq 2f\n"
          "1:\n"
          "ldmia r1!, {r8-r11}\n"
          "add r8, r8, r4\n"
          "add r9, r9, r5\n"
          "add r10, r10, r4\n"
          "add r11, r11, r5\n"
          "lsr r8, r8, r7\n"
          "lsr r9, r9, r7\n"
          "lsr r10, r10, r7\n"
          "lsr r11, r11, r7\n"
          "orr r0, r0, r8\n"
          "orr r0, r0, r9\n"
          "orr r0, r0, r10\n"
          "orr r0, r0, r11\n"
          "pkhbt r8, r8, r9, lsl #16\n"
          "pkhbt r10, r10, r11, lsl #16\n"
          "uqsub16 r9, r8, lr\n"
          "uqsub16 r11, r10, lr\n"
          "orr r12, r12, r9\n"
          "orr r12, r12, r11\n"
          "usub16 r8, r8, r6\n"
          "usub16 r10, r10, r6\n"
          "str r8, [r3], #4\n"
          "str r10, [r3], #4\n"
          "cmp r1, r2\n"
          "bne 1b\n"
          "2:\n"
          "orr r0, r12, r0, lsr #16\n"
          "pop {r4-r11, pc}\n");
}

#endif
