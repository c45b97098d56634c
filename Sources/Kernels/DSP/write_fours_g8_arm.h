/* r0 and r12 gather what does not fit, r1 walks the sums, r2 is their end, r3 the mantissas, r4-r7 are the
 * levels, lr twice the limit. */
#ifndef TINYSDK_DSP_WRITE_FOURS_G8_ARM_H
#define TINYSDK_DSP_WRITE_FOURS_G8_ARM_H

#include <stddef.h>

_Static_assert(offsetof(tinysdk_levels, odd) == 4 && offsetof(tinysdk_levels, limits) == 8 &&
                   offsetof(tinysdk_levels, shift) == 12,
               "the assembly counts on these");

/* clang-format off */
/* Levels r8-r11, 2^r7 times too large. */
#define TINYSDK_WRITE_LEVELS \
  "lsr r8, r8, r7\n" \
  "lsr r9, r9, r7\n" \
  "lsr r10, r10, r7\n" \
  "lsr r11, r11, r7\n" \
  "orr r0, r0, r8\n" \
  "orr r0, r0, r9\n" \
  "orr r0, r0, r10\n" \
  "orr r0, r0, r11\n" \
  "orr r8, r8, r9, lsl #8\n" \
  "orr r10, r10, r11, lsl #8\n" \
  "orr r8, r8, r10, lsl #16\n" \
  "uqsub8 r9, r8, lr\n" \
  "usub8 r8, r8, r6\n" \
  "orr r12, r12, r9\n" \
  "str r8, [r3], #4\n"
/* clang-format on */

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
          "add r11, r11, r5\n" TINYSDK_WRITE_LEVELS "cmp r1, r2\n"
          "bne 1b\n"
          "2:\n"
          "orr r0, r12, r0, lsr #8\n"
          "pop {r4-r11, pc}\n");
}

_Static_assert(offsetof(tinysdk_interleaved_rows, row_bytes) == 12 &&
                   offsetof(tinysdk_interleaved_rows, limits) == 20,
               "the assembly counts on these");

/* The stack holds a row's bytes and the rows left; r5 is the row's end. */
static __attribute__((naked, noinline, used)) uint32_t
tinysdk_write_interleaved_rows(__attribute__((unused)) const tinysdk_interleaved_rows *run) {
  __asm__("push {r4-r11, lr}\n"
          "ldm r0, {r1-r7}\n"
          "push {r4, r5}\n"
          "mov r0, #0\n"
          "mov r12, #0\n"
          "lsl lr, r6, #1\n"
          "1:\n"
          "add r5, r3, r4\n"
          "2:\n"
          "ldrd r8, r10, [r1], #8\n"
          "ldrd r9, r11, [r2], #8\n" TINYSDK_WRITE_LEVELS "cmp r3, r5\n"
          "bne 2b\n"
          "ldr r5, [sp, #4]\n"
          "add r3, r3, r4\n"
          "subs r5, r5, #1\n"
          "str r5, [sp, #4]\n"
          "bne 1b\n"
          "orr r0, r12, r0, lsr #8\n"
          "add sp, sp, #8\n"
          "pop {r4-r11, pc}\n");
}

#endif
