/* r0 is the input, r1 the weights, r2 the pitch, r3-r6 the sums, lr the strips' description. */
#ifndef TINYSDK_DSP_DEPTHWISE_STRIPS_ARM_H
#define TINYSDK_DSP_DEPTHWISE_STRIPS_ARM_H

#include <stddef.h>

/* clang-format off */
#define TINYSDK_DEPTHWISE_ROW_3_1 \
  "ldm r0, {r9-r11}\n" \
  "ldrd r7, r8, [r1], #8\n" \
  "smlad r3, r9, r7, r3\n" \
  "add r0, r0, r2\n" \
  "smlatb r4, r9, r7, r4\n" \
  "smlad r5, r10, r7, r5\n" \
  "smlatb r6, r10, r7, r6\n" \
  "smlabt r3, r10, r8, r3\n" \
  "smlad r4, r10, r8, r4\n" \
  "smlabt r5, r11, r8, r5\n" \
  "smlad r6, r11, r8, r6\n"

#define TINYSDK_DEPTHWISE_ROW_5_1 \
  "ldrd r11, r12, [r0]\n" \
  "ldm r1!, {r7-r10}\n" \
  "smlad r3, r11, r7, r3\n" \
  "smlatb r6, r12, r7, r6\n" \
  "smlad r3, r12, r9, r3\n" \
  "smlatb r4, r11, r7, r4\n" \
  "smlad r5, r12, r7, r5\n" \
  "smlad r4, r12, r8, r4\n" \
  "ldrd r11, r12, [r0, #8]\n" \
  "add r0, r0, r2\n" \
  "smlad r5, r11, r9, r5\n" \
  "smlabt r3, r11, r10, r3\n" \
  "smlad r4, r11, r10, r4\n" \
  "smlabt r5, r12, r10, r5\n" \
  "smlad r6, r11, r8, r6\n" \
  "smlad r6, r12, r10, r6\n"

#define TINYSDK_DEPTHWISE_ROW_7_1 \
  "ldrd r10, r11, [r0]\n" \
  "ldm r1!, {r7-r9}\n" \
  "smlad r3, r10, r7, r3\n" \
  "smlad r5, r11, r7, r5\n" \
  "ldr r12, [r0, #8]\n" \
  "smlatb r6, r11, r7, r6\n" \
  "smlad r6, r12, r8, r6\n" \
  "smlatb r4, r10, r7, r4\n" \
  "smlad r3, r11, r9, r3\n" \
  "smlad r4, r11, r8, r4\n" \
  "smlad r5, r12, r9, r5\n" \
  "ldrd r8, r9, [r0, #12]\n" \
  "ldm r1!, {r7, r10, r11}\n" \
  "smlad r3, r12, r10, r3\n" \
  "smlad r5, r8, r10, r5\n" \
  "add r0, r0, r2\n" \
  "smlad r4, r12, r7, r4\n" \
  "smlad r4, r8, r11, r4\n" \
  "smlabt r3, r8, r11, r3\n" \
  "smlad r6, r8, r7, r6\n" \
  "smlad r6, r9, r11, r6\n" \
  "smlabt r5, r9, r11, r5\n"

#define TINYSDK_DEPTHWISE_ROW_3_2 \
  "ldrd r7, r8, [r1], #8\n" \
  "ldrd r11, r12, [r0]\n" \
  "smlad r3, r11, r7, r3\n" \
  "smlad r4, r12, r7, r4\n" \
  "smlad r3, r12, r8, r3\n" \
  "ldrd r11, r12, [r0, #8]\n" \
  "smlad r5, r11, r7, r5\n" \
  "smlad r4, r11, r8, r4\n" \
  "ldr r11, [r0, #16]\n" \
  "smlad r5, r12, r8, r5\n" \
  "smlad r6, r12, r7, r6\n" \
  "add r0, r0, r2\n" \
  "smlad r6, r11, r8, r6\n"

#define TINYSDK_DEPTHWISE_ROW_5_2 \
  "ldrd r11, r12, [r0]\n" \
  "ldm r1!, {r7-r9}\n" \
  "smlad r3, r11, r7, r3\n" \
  "smlad r4, r12, r7, r4\n" \
  "smlad r3, r12, r8, r3\n" \
  "ldrd r11, r12, [r0, #8]\n" \
  "smlad r4, r11, r8, r4\n" \
  "smlad r4, r12, r9, r4\n" \
  "smlad r3, r11, r9, r3\n" \
  "smlad r6, r12, r7, r6\n" \
  "smlad r5, r11, r7, r5\n" \
  "smlad r5, r12, r8, r5\n" \
  "ldrd r11, r12, [r0, #16]\n" \
  "add r0, r0, r2\n" \
  "smlad r6, r11, r8, r6\n" \
  "smlad r6, r12, r9, r6\n" \
  "smlad r5, r11, r9, r5\n"

#define TINYSDK_DEPTHWISE_ROW_7_2 \
  "ldrd r11, r12, [r0]\n" \
  "ldm r1!, {r7-r10}\n" \
  "smlad r4, r12, r7, r4\n" \
  "smlad r3, r11, r7, r3\n" \
  "smlad r3, r12, r8, r3\n" \
  "ldrd r11, r12, [r0, #8]\n" \
  "smlad r3, r11, r9, r3\n" \
  "smlad r4, r11, r8, r4\n" \
  "smlad r5, r11, r7, r5\n" \
  "smlad r4, r12, r9, r4\n" \
  "smlad r6, r12, r7, r6\n" \
  "smlad r5, r12, r8, r5\n" \
  "smlad r3, r12, r10, r3\n" \
  "ldrd r11, r12, [r0, #16]\n" \
  "smlad r4, r11, r10, r4\n" \
  "smlad r6, r11, r8, r6\n" \
  "smlad r5, r11, r9, r5\n" \
  "ldr r11, [r0, #24]\n" \
  "smlad r5, r12, r10, r5\n" \
  "add r0, r0, r2\n" \
  "smlad r6, r12, r9, r6\n" \
  "smlad r6, r11, r10, r6\n"

#define TINYSDK_TWICE(row) row row
#define TINYSDK_ROWS_3(row) TINYSDK_TWICE(row) row
#define TINYSDK_ROWS_5(row) TINYSDK_ROWS_3(row) TINYSDK_TWICE(row)
#define TINYSDK_ROWS_7(row) TINYSDK_ROWS_5(row) TINYSDK_TWICE(row)

/* r7 multiplier, r8 addend, r9 right; the sums become bytes. */
#define TINYSDK_SINGLE_BYTES \
  "smmla r3, r3, r7, r8\n" \
  "smmla r6, r6, r7, r8\n" \
  "asr r3, r3, r9\n" \
  "smmla r5, r5, r7, r8\n" \
  "ssat r3, #8, r3\n" \
  "smmla r4, r4, r7, r8\n" \
  "asr r6, r6, r9\n" \
  "asr r5, r5, r9\n" \
  "asr r4, r4, r9\n" \
  "ssat r6, #8, r6\n" \
  "ssat r5, #8, r5\n" \
  "ssat r4, #8, r4\n"

#define TINYSDK_TFLITE_VALUE(sum) \
  "add r10, r8, " sum ", asr #31\n" \
  "lsl " sum ", " sum ", #1\n" \
  "smmlar " sum ", " sum ", r7, r10\n"
#define TINYSDK_TFLITE_BYTES \
  TINYSDK_TFLITE_VALUE("r3") TINYSDK_TFLITE_VALUE("r4") \
  "asr r3, r3, r9\n" \
  TINYSDK_TFLITE_VALUE("r5") \
  "asr r4, r4, r9\n" \
  TINYSDK_TFLITE_VALUE("r6") \
  "ssat r3, #8, r3\n" \
  "asr r5, r5, r9\n" \
  "ssat r4, #8, r4\n" \
  "asr r6, r6, r9\n" \
  "ssat r5, #8, r5\n" \
  "ssat r6, #8, r6\n"

#define TINYSDK_STORE_BYTES \
  "bfi r5, r6, #8, #8\n" \
  "bfi r3, r4, #8, #8\n" \
  "pkhbt r3, r3, r5, lsl #16\n" \
  "str r3, [r11], #4\n"

/* The same, and its mask bit into r12 where nothing was cut off. */
#define TINYSDK_MASKED_BYTE(sum, bit) \
  "smmla r10, " sum ", r7, r8\n" \
  "asr r10, r10, r9\n" \
  "ssat " sum ", #8, r10\n" \
  "cmp r10, " sum "\n" \
  "it eq\n" \
  "orreq r12, r12, #" bit "\n"

#define TINYSDK_MASKED_TFLITE_BYTE(sum, bit) \
  "lsl " sum ", " sum ", #1\n" \
  "smmlar r10, " sum ", r7, r8\n" \
  "add r10, r10, " sum ", asr #31\n" \
  "asr r10, r10, r9\n" \
  "ssat " sum ", #8, r10\n" \
  "cmp r10, " sum "\n" \
  "it eq\n" \
  "orreq r12, r12, #" bit "\n"

/* r12's four bits into the half byte that belongs to the output at r11. */
#define TINYSDK_STORE_MASK \
  "ldrd r7, r8, [lr, #68]\n" \
  "sub r8, r11, r8\n" \
  "add r7, r7, r8, lsr #3\n" \
  "ldrb r10, [r7]\n" \
  "tst r8, #4\n" \
  "ite eq\n" \
  "bfieq r10, r12, #0, #4\n" \
  "bfine r10, r12, #4, #4\n" \
  "ldr r12, [lr, #36]\n" \
  "strb r10, [r7]\n"

/* To the next strip: condition "ne" while there is one in this row. */
#define TINYSDK_NEXT_STRIP(weight_bytes) \
  "ldr r7, [lr, #40]\n" \
  "sub r1, r1, #" weight_bytes "\n" \
  "sub r0, r0, r7\n" \
  "cmp r11, r12\n" \
  "str r11, [lr, #32]\n"

#define TINYSDK_NEXT_ROW \
  "ldrd r8, r9, [lr, #44]\n" \
  "ldr r7, [lr, #52]\n" \
  "add r12, r12, r8\n" \
  "add r0, r0, r9\n" \
  "subs r7, r7, #1\n" \
  "str r12, [lr, #36]\n" \
  "str r7, [lr, #52]\n"

/* From the sums to the next strip or row; the second way goes on at 4. */
#define TINYSDK_DEPTHWISE_ENDS(next_strip, next_row) \
  "add r7, lr, #16\n" \
  "ldm r7, {r7-r12}\n" \
  "cmp r10, #1\n" \
  "bne 2f\n" \
  TINYSDK_SINGLE_BYTES \
  TINYSDK_STORE_BYTES next_strip \
  "bne.w 1b\n" \
  next_row \
  "bne.w 1b\n" \
  "pop {r4-r11, pc}\n" \
  "2:\n" \
  "bhi 3f\n" \
  TINYSDK_TFLITE_BYTES \
  TINYSDK_STORE_BYTES \
  "b 4f\n" \
  "3:\n" \
  "cmp r10, #3\n" \
  "beq.w 5f\n" \
  "bhi.w 6f\n" \
  "stmia r11!, {r3-r6}\n" \
  "4:\n" \
  next_strip \
  "bne.w 1b\n" \
  next_row \
  "bne.w 1b\n" \
  "pop {r4-r11, pc}\n" \
  "5:\n" \
  "mov r12, #0\n" \
  TINYSDK_MASKED_BYTE("r3", "1") TINYSDK_MASKED_BYTE("r4", "2") TINYSDK_MASKED_BYTE("r5", "4") \
  TINYSDK_MASKED_BYTE("r6", "8") \
  "7:\n" \
  TINYSDK_STORE_MASK TINYSDK_STORE_BYTES \
  "b 4b\n" \
  "6:\n" \
  "mov r12, #0\n" \
  TINYSDK_MASKED_TFLITE_BYTE("r3", "1") TINYSDK_MASKED_TFLITE_BYTE("r4", "2") \
  TINYSDK_MASKED_TFLITE_BYTE("r5", "4") TINYSDK_MASKED_TFLITE_BYTE("r6", "8") \
  "b 7b\n"

#define TINYSDK_DEPTHWISE(name, row, rows, weight_bytes) \
  static __attribute__((naked, noinline, used)) void name(__attribute__((unused)) tinysdk_strips *strips) { \
    __asm__("push {r4-r11, lr}\n" \
            "mov lr, r0\n" \
            "add r0, r0, #56\n" \
            "ldm r0, {r0-r2}\n" \
            "1:\n" \
            "ldm lr, {r3-r6}\n" rows(row) \
            TINYSDK_DEPTHWISE_ENDS(TINYSDK_NEXT_STRIP(weight_bytes), TINYSDK_NEXT_ROW)); \
  }

_Static_assert(offsetof(tinysdk_strips, multiplier) == 16 && offsetof(tinysdk_strips, output) == 32 &&
                   offsetof(tinysdk_strips, back) == 40 && offsetof(tinysdk_strips, row_bytes) == 44 &&
                   offsetof(tinysdk_strips, rows) == 52 && offsetof(tinysdk_strips, input) == 56 &&
                   offsetof(tinysdk_strips, pitch) == 64 && offsetof(tinysdk_strips, mask) == 68 &&
                   offsetof(tinysdk_strips, base) == 72,
               "the assembly counts on these");

TINYSDK_DEPTHWISE(tinysdk_depthwise_3_1, TINYSDK_DEPTHWISE_ROW_3_1, TINYSDK_ROWS_3, "24")
TINYSDK_DEPTHWISE(tinysdk_depthwise_5_1, TINYSDK_DEPTHWISE_ROW_5_1, TINYSDK_ROWS_5, "80")
TINYSDK_DEPTHWISE(tinysdk_depthwise_7_1, TINYSDK_DEPTHWISE_ROW_7_1, TINYSDK_ROWS_7, "168")
TINYSDK_DEPTHWISE(tinysdk_depthwise_3_2, TINYSDK_DEPTHWISE_ROW_3_2, TINYSDK_ROWS_3, "24")
TINYSDK_DEPTHWISE(tinysdk_depthwise_5_2, TINYSDK_DEPTHWISE_ROW_5_2, TINYSDK_ROWS_5, "60")
TINYSDK_DEPTHWISE(tinysdk_depthwise_7_2, TINYSDK_DEPTHWISE_ROW_7_2, TINYSDK_ROWS_7, "112")

_Static_assert(sizeof(tinysdk_clipped_row) == 16 && offsetof(tinysdk_clipped_row, weights) == 8 &&
                   offsetof(tinysdk_strips, entry) == 76 && offsetof(tinysdk_strips, row_weights) == 84,
               "the assembly counts on these");

#define TINYSDK_NEXT_CLIPPED_STRIP \
  "ldrd r1, r7, [lr, #84]\n" \
  "sub r0, r0, r7\n" \
  "cmp r11, r12\n" \
  "str r11, [lr, #32]\n"

/* Condition "ne" while there is a row. */
#define TINYSDK_NEXT_CLIPPED_ROW \
  "ldr r7, [lr, #44]\n" \
  "ldr r10, [lr, #80]\n" \
  "add r12, r12, r7\n" \
  "str r12, [lr, #36]\n" \
  "ldm r10!, {r0, r7, r8, r9}\n" \
  "mov r1, r8\n" \
  "strd r7, r10, [lr, #76]\n" \
  "strd r8, r9, [lr, #84]\n" \
  "cmp r0, #0\n"

#define TINYSDK_CLIPPED_ENTRY(rows) ".hword 1" rows "f - 90b + 1\n"
#define TINYSDK_CLIPPED_ROWS_5(row) \
  "15:\n" row "14:\n" row "13:\n" row "12:\n" row "11:\n" row "10:\n"
#define TINYSDK_CLIPPED_ROWS_7(row) "17:\n" row "16:\n" row TINYSDK_CLIPPED_ROWS_5(row)
#define TINYSDK_CLIPPED_TABLE_5 \
  TINYSDK_CLIPPED_ENTRY("0") TINYSDK_CLIPPED_ENTRY("1") TINYSDK_CLIPPED_ENTRY("2") \
  TINYSDK_CLIPPED_ENTRY("3") TINYSDK_CLIPPED_ENTRY("4") TINYSDK_CLIPPED_ENTRY("5")
#define TINYSDK_CLIPPED_TABLE_7 \
  TINYSDK_CLIPPED_TABLE_5 TINYSDK_CLIPPED_ENTRY("6") TINYSDK_CLIPPED_ENTRY("7")

/* From one before the first row; `end` is where the first one begins. For NULL returns where from here the
 * code for 0, 1 ... kernel rows lies. */
#define TINYSDK_CLIPPED(name, row, rows, table) \
  static __attribute__((naked, noinline, used)) const int16_t *name( \
      __attribute__((unused)) tinysdk_strips *strips) { \
    __asm__("cbz r0, 91f\n" \
            "push {r4-r11, lr}\n" \
            "mov lr, r0\n" \
            "ldr r12, [lr, #36]\n" \
            "ldr r2, [lr, #64]\n" \
            TINYSDK_NEXT_CLIPPED_ROW \
            "1:\n" \
            "ldm lr, {r3-r6}\n" \
            "ldr pc, [lr, #76]\n" \
            "91:\n" \
            "adr r0, 90f\n" \
            "bx lr\n" \
            ".p2align 2\n" \
            "90:\n" \
            table \
            rows(row) \
            TINYSDK_DEPTHWISE_ENDS(TINYSDK_NEXT_CLIPPED_STRIP, TINYSDK_NEXT_CLIPPED_ROW)); \
  }

TINYSDK_CLIPPED(tinysdk_depthwise_clipped_5, TINYSDK_DEPTHWISE_ROW_5_1, TINYSDK_CLIPPED_ROWS_5,
                TINYSDK_CLIPPED_TABLE_5)
TINYSDK_CLIPPED(tinysdk_depthwise_clipped_7, TINYSDK_DEPTHWISE_ROW_7_1, TINYSDK_CLIPPED_ROWS_7,
                TINYSDK_CLIPPED_TABLE_7)
/* clang-format on */

/* Stride 1, size 5 or 7; `strips` knows the table. */
static inline void tinysdk_convolve_clipped(tinysdk_strips *strips, int32_t size) {
  size == 5 ? (void)tinysdk_depthwise_clipped_5(strips) : (void)tinysdk_depthwise_clipped_7(strips);
}

static inline uintptr_t tinysdk_clipped_entry(int32_t size, int32_t rows) {
  const int16_t *const entries =
      size == 5 ? tinysdk_depthwise_clipped_5(NULL) : tinysdk_depthwise_clipped_7(NULL);
  return (uintptr_t)entries + (uintptr_t)(intptr_t)entries[rows];
}

static inline void tinysdk_convolve_strips(tinysdk_strips *strips, int32_t size, int32_t stride) {
  if (size == 3)
    stride == 1 ? tinysdk_depthwise_3_1(strips) : tinysdk_depthwise_3_2(strips);
  else if (size == 5)
    stride == 1 ? tinysdk_depthwise_5_1(strips) : tinysdk_depthwise_5_2(strips);
  else
    stride == 1 ? tinysdk_depthwise_7_1(strips) : tinysdk_depthwise_7_2(strips);
}

#endif
