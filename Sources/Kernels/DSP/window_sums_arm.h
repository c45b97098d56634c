/* r0 is the input, r1 the weights, r2 the pitch, r3-r6 the sums, lr the strips' description. */
#ifndef TINYSDK_DSP_WINDOW_SUMS_ARM_H
#define TINYSDK_DSP_WINDOW_SUMS_ARM_H

_Static_assert(offsetof(tinysdk_strips, output) == 32 && offsetof(tinysdk_strips, back) == 40 &&
                   offsetof(tinysdk_strips, rows) == 52 && offsetof(tinysdk_strips, input) == 56,
               "the assembly counts on these");

/* clang-format off */
#define TINYSDK_ROWS_4(row) TINYSDK_TWICE(row) TINYSDK_TWICE(row)

#define TINYSDK_SUM_WINDOWS(name, row, rows, weight_bytes) \
  static __attribute__((naked, noinline, used)) void name(__attribute__((unused)) tinysdk_strips *strips) { \
    __asm__("push {r4-r11, lr}\n" \
            "mov lr, r0\n" \
            "add r0, r0, #56\n" \
            "ldm r0, {r0-r2}\n" \
            "1:\n" \
            "ldm lr, {r3-r6}\n" rows(row) \
            "ldrd r7, r8, [lr, #32]\n" \
            "ldr r9, [lr, #40]\n" \
            "sub r1, r1, #" weight_bytes "\n" \
            "stmia r7!, {r3-r6}\n" \
            "sub r0, r0, r9\n" \
            "str r7, [lr, #32]\n" \
            "cmp r7, r8\n" \
            "bne.w 1b\n" \
            "ldrd r9, r10, [lr, #44]\n" \
            "ldr r11, [lr, #52]\n" \
            "add r8, r8, r9\n" \
            "add r0, r0, r10\n" \
            "subs r11, r11, #1\n" \
            "str r8, [lr, #36]\n" \
            "str r11, [lr, #52]\n" \
            "bne.w 1b\n" \
            "pop {r4-r11, pc}\n"); \
  }

TINYSDK_SUM_WINDOWS(tinysdk_sum_windows_3, TINYSDK_DEPTHWISE_ROW_3_1, TINYSDK_ROWS_3, "24")
TINYSDK_SUM_WINDOWS(tinysdk_sum_windows_5_by_3, TINYSDK_DEPTHWISE_ROW_5_1, TINYSDK_ROWS_3, "48")
TINYSDK_SUM_WINDOWS(tinysdk_sum_windows_5_by_4, TINYSDK_DEPTHWISE_ROW_5_1, TINYSDK_ROWS_4, "64")
TINYSDK_SUM_WINDOWS(tinysdk_sum_windows_5, TINYSDK_DEPTHWISE_ROW_5_1, TINYSDK_ROWS_5, "80")
TINYSDK_SUM_WINDOWS(tinysdk_sum_windows_7, TINYSDK_DEPTHWISE_ROW_7_1, TINYSDK_ROWS_7, "168")
/* clang-format on */

static inline void tinysdk_sum_windows(tinysdk_strips *strips, int32_t size, int32_t height) {
  if (size == 3)
    tinysdk_sum_windows_3(strips);
  else if (size == 7)
    tinysdk_sum_windows_7(strips);
  else if (height == 3)
    tinysdk_sum_windows_5_by_3(strips);
  else if (height == 4)
    tinysdk_sum_windows_5_by_4(strips);
  else
    tinysdk_sum_windows_5(strips);
}

#endif
