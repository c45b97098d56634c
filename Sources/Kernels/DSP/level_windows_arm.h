/* r0 is the input, r1 the weights, r2 the pitch, r3-r6 the sums, lr the strips' description.
 * TINYSDK_LEVELS_TO_MANTISSAS takes levels from r3-r6, their highest bits from r12 and the limits from r7,
 * leaves r0, r1, r10 and r11 alone and goes to 9 with what does not fit. */
#ifndef TINYSDK_DSP_LEVEL_WINDOWS_ARM_H
#define TINYSDK_DSP_LEVEL_WINDOWS_ARM_H

_Static_assert(offsetof(tinysdk_level_strips, limits) == 92 && offsetof(tinysdk_level_strips, shift) == 96,
               "the assembly counts on these");

/* clang-format off */
/* Returns 0, or not 0 at the first strip that does not fit. */
#define TINYSDK_LEVEL_WINDOWS(name, row, rows, weight_bytes) \
  static __attribute__((naked, noinline, used)) uint32_t name( \
      __attribute__((unused)) tinysdk_level_strips *strips) { \
    __asm__("push {r4-r11, lr}\n" \
            "mov lr, r0\n" \
            "add r0, r0, #56\n" \
            "ldm r0, {r0-r2}\n" \
            "1:\n" \
            "ldm lr, {r3-r6}\n" rows(row) \
            "ldrd r7, r8, [lr, #92]\n" \
            "ldrd r9, r10, [lr, #32]\n" \
            "ldr r11, [lr, #40]\n" \
            "lsr r3, r3, r8\n" \
            "lsr r4, r4, r8\n" \
            "lsr r5, r5, r8\n" \
            "lsr r6, r6, r8\n" \
            "orr r12, r3, r4\n" \
            "orr r12, r12, r5\n" \
            "orr r12, r12, r6\n" TINYSDK_LEVELS_TO_MANTISSAS \
            "sub r0, r0, r11\n" \
            "sub r1, r1, #" weight_bytes "\n" \
            "cmp r9, r10\n" \
            "str r9, [lr, #32]\n" \
            "bne.w 1b\n" \
            "ldrd r7, r8, [lr, #44]\n" \
            "ldr r11, [lr, #52]\n" \
            "add r10, r10, r7\n" \
            "add r0, r0, r8\n" \
            "subs r11, r11, #1\n" \
            "str r10, [lr, #36]\n" \
            "str r11, [lr, #52]\n" \
            "bne.w 1b\n" \
            "mov r0, #0\n" \
            "pop {r4-r11, pc}\n" \
            "9:\n" \
            "mov r0, #1\n" \
            "pop {r4-r11, pc}\n"); \
  }

/* The next row of a plane 4 x 4: those rows of its window that lie in the plane. */
#define TINYSDK_LEVEL_CLIPPED(rows, row) \
  "ldm lr, {r3-r6}\n" rows(row) \
  "ldrd r7, r8, [lr, #92]\n" \
  "ldr r9, [lr, #32]\n" \
  "lsr r3, r3, r8\n" \
  "lsr r4, r4, r8\n" \
  "lsr r5, r5, r8\n" \
  "lsr r6, r6, r8\n" \
  "orr r12, r3, r4\n" \
  "orr r12, r12, r5\n" \
  "orr r12, r12, r6\n" TINYSDK_LEVELS_TO_MANTISSAS \
  "str r9, [lr, #32]\n"

/* Planes 4 x 4 in the middle of their windows 5 x 5, whose rows beside the plane are left out. */
static __attribute__((naked, noinline, used)) uint32_t tinysdk_level_sixteen_5(
    __attribute__((unused)) tinysdk_level_strips *strips) {
  __asm__("push {r4-r11, lr}\n"
          "mov lr, r0\n"
          "add r0, r0, #56\n"
          "ldm r0, {r0-r2}\n"
          "add r0, r0, r2, lsl #1\n"
          "add r1, r1, #32\n"
          TINYSDK_LEVEL_CLIPPED(TINYSDK_ROWS_3, TINYSDK_DEPTHWISE_ROW_5_1)
          "sub r0, r0, r2, lsl #1\n"
          "sub r0, r0, r2\n"
          "sub r1, r1, #64\n"
          TINYSDK_LEVEL_CLIPPED(TINYSDK_ROWS_4, TINYSDK_DEPTHWISE_ROW_5_1)
          "sub r0, r0, r2, lsl #2\n"
          "sub r1, r1, #80\n"
          TINYSDK_LEVEL_CLIPPED(TINYSDK_ROWS_4, TINYSDK_DEPTHWISE_ROW_5_1)
          "sub r0, r0, r2, lsl #1\n"
          "sub r0, r0, r2\n"
          "sub r1, r1, #64\n"
          TINYSDK_LEVEL_CLIPPED(TINYSDK_ROWS_3, TINYSDK_DEPTHWISE_ROW_5_1)
          "mov r0, #0\n"
          "pop {r4-r11, pc}\n"
          "9:\n"
          "mov r0, #1\n"
          "pop {r4-r11, pc}\n");
}

TINYSDK_LEVEL_WINDOWS(tinysdk_level_windows_3, TINYSDK_DEPTHWISE_ROW_3_1, TINYSDK_ROWS_3, "24")
TINYSDK_LEVEL_WINDOWS(tinysdk_level_windows_5, TINYSDK_DEPTHWISE_ROW_5_1, TINYSDK_ROWS_5, "80")
TINYSDK_LEVEL_WINDOWS(tinysdk_level_windows_7, TINYSDK_DEPTHWISE_ROW_7_1, TINYSDK_ROWS_7, "168")
/* clang-format on */

static inline uint32_t tinysdk_level_windows(tinysdk_level_strips *run, int32_t size) {
  return size == 3   ? tinysdk_level_windows_3(run)
         : size == 5 ? tinysdk_level_windows_5(run)
                     : tinysdk_level_windows_7(run);
}

#endif
