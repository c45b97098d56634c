/* r4-r7 hold the sums of the first row, r8-r11 those of the second; r0 walks the values, r1 the rows. The
 * stack holds the rows, their end, the quads left and their sums. */
#ifndef TINYSDK_DSP_VALUE_SUMS_ARM_H
#define TINYSDK_DSP_VALUE_SUMS_ARM_H

#define TINYSDK_TWO_VALUES                                                                                   \
  "ldrd r2, r3, [r1], #8\n"                                                                                  \
  "ldrd r12, lr, [r0], #8\n"                                                                                 \
  "smlad r4, r2, r12, r4\n"                                                                                  \
  "smlad r8, r3, r12, r8\n"                                                                                  \
  "smlad r5, r2, lr, r5\n"                                                                                   \
  "smlad r9, r3, lr, r9\n"                                                                                   \
  "ldrd r12, lr, [r0], #8\n"                                                                                 \
  "smlad r6, r2, r12, r6\n"                                                                                  \
  "smlad r10, r3, r12, r10\n"                                                                                \
  "smlad r7, r2, lr, r7\n"                                                                                   \
  "smlad r11, r3, lr, r11\n"

#define TINYSDK_FOUR_VALUES TINYSDK_TWO_VALUES TINYSDK_TWO_VALUES

/* Values: quad by quad and pixels by two, those of four inputs. Rows: pixels by two, of both rows. Sums: quad
 * by quad, four of the first row, then of the second; they go on by `fours` of pixels, at least 1. */
static __attribute__((naked, noinline, used)) void
tinysdk_sum_values(__attribute__((unused)) const uint32_t *values,
                   __attribute__((unused)) const uint32_t *rows, __attribute__((unused)) int32_t fours,
                   __attribute__((unused)) int32_t quads, __attribute__((unused)) int32_t *sums) {
  __asm__("push {r4-r11, lr}\n"
          "ldr r12, [sp, #36]\n"
          "add r2, r1, r2, lsl #4\n"
          "push {r1, r2, r3, r12}\n"
          "7:\n"
          "ldm r12, {r4-r11}\n"
          "subs r2, r2, r1\n"
          "lsls r2, r2, #27\n"
          "bcc 6f\n"
          "bmi 2f\n"
          "b 3f\n"
          "6:\n"
          "bmi 4f\n"
          "1:\n" TINYSDK_FOUR_VALUES "2:\n" TINYSDK_FOUR_VALUES "3:\n" TINYSDK_FOUR_VALUES
          "4:\n" TINYSDK_FOUR_VALUES "ldr r2, [sp, #4]\n"
          "cmp r1, r2\n"
          "bne 1b\n"
          "ldrd r3, r12, [sp, #8]\n"
          "ldr r1, [sp]\n"
          "stmia r12!, {r4-r11}\n"
          "subs r3, r3, #1\n"
          "strd r3, r12, [sp, #8]\n"
          "bne 7b\n"
          "add sp, sp, #16\n"
          "pop {r4-r11, pc}\n");
}

#endif
