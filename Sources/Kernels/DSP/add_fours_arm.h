/* r8-r11 hold the four sums: 3, 2, 0 and 1; lr points at the constants. */
#ifndef TINYSDK_DSP_ADD_FOURS_ARM_H
#define TINYSDK_DSP_ADD_FOURS_ARM_H

_Static_assert(offsetof(tinysdk_add_constants, exact_zero) == 16 &&
                   offsetof(tinysdk_add_constants, right) == 20 &&
                   offsetof(tinysdk_add_constants, out_multiplier) == 28 &&
                   offsetof(tinysdk_add_constants, mask) == 40 && offsetof(tinysdk_add_constants, end) == 48,
               "the assembly counts on these");

/* clang-format off */
/* The rounded input, (b0, b2) in r9 and (b1, b3) in r8: multiplier r6, half r7. */
#define TINYSDK_ADD_ROUNDED_SINGLE \
  "smlawb r10, r6, r9, r7\n" \
  "smlawt r9, r6, r9, r7\n" \
  "smlawb r11, r6, r8, r7\n" \
  "smlawt r8, r6, r8, r7\n"

/* Four less where the input is negative. */
#define TINYSDK_ADD_ROUNDED_TFLITE \
  "smlawb r10, r6, r9, r7\n" \
  "ubfx r12, r9, #15, #1\n" \
  "sub r10, r10, r12, lsl #2\n" \
  "lsr r12, r9, #31\n" \
  "smlawt r9, r6, r9, r7\n" \
  "sub r9, r9, r12, lsl #2\n" \
  "smlawb r11, r6, r8, r7\n" \
  "ubfx r12, r8, #15, #1\n" \
  "sub r11, r11, r12, lsl #2\n" \
  "lsr r12, r8, #31\n" \
  "smlawt r8, r6, r8, r7\n" \
  "sub r8, r8, r12, lsl #2\n"

/* A sum's value into r7. */
#define TINYSDK_ADD_VALUE_SINGLE(sum) \
  "smmla r7, " sum ", r4, r5\n" \
  "asr r7, r7, r6\n"

#define TINYSDK_ADD_VALUE_TFLITE(sum) \
  "lsl " sum ", " sum ", #1\n" \
  "smmlar r7, " sum ", r4, r5\n" \
  "add r7, r7, " sum ", asr #31\n" \
  "asr r7, r7, r6\n"

#define TINYSDK_ADD_BYTE(value, sum) value(sum) "ssat " sum ", #8, r7\n"
#define TINYSDK_ADD_MASKED_BYTE(value, sum, bit) \
  TINYSDK_ADD_BYTE(value, sum) \
  "cmp r7, " sum "\n" \
  "it eq\n" \
  "orreq r12, r12, #" bit "\n"

#define TINYSDK_ADD_PACK \
  "bfi r10, r11, #8, #8\n" \
  "bfi r9, r8, #8, #8\n" \
  "pkhbt r10, r10, r9, lsl #16\n"

#define TINYSDK_ADD_FOURS(name, rounded, value) \
  static __attribute__((naked, noinline, used)) void name( \
      __attribute__((unused)) const int8_t *exact, __attribute__((unused)) const int8_t *other, \
      __attribute__((unused)) int8_t *output, __attribute__((unused)) const tinysdk_add_constants *constants) { \
    __asm__("push {r4-r11, lr}\n" \
            "mov lr, r3\n" \
            "ldr r3, [lr, #48]\n" \
            "1:\n" \
            "ldm lr, {r4-r7}\n" \
            "ldr r8, [r1], #4\n" \
            "and r9, r4, r8, lsl #8\n" \
            "and r8, r4, r8\n" \
            "shsub16 r9, r9, r5\n" \
            "shsub16 r8, r8, r5\n" \
            rounded \
            "ldr r12, [r0], #4\n" \
            "and r5, r4, r12, lsl #8\n" \
            "and r4, r4, r12\n" \
            "ldr r12, [lr, #16]\n" \
            "ldrd r6, r7, [lr, #20]\n" \
            "shsub16 r5, r5, r12\n" \
            "shsub16 r4, r4, r12\n" \
            "asr r10, r10, r6\n" \
            "asr r11, r11, r6\n" \
            "asr r9, r9, r6\n" \
            "asr r8, r8, r6\n" \
            "smlabb r10, r5, r7, r10\n" \
            "smlatb r9, r5, r7, r9\n" \
            "smlabb r11, r4, r7, r11\n" \
            "smlatb r8, r4, r7, r8\n" \
            "add r4, lr, #28\n" \
            "ldm r4, {r4-r7}\n" \
            "cbnz r7, 2f\n" \
            TINYSDK_ADD_BYTE(value, "r10") TINYSDK_ADD_BYTE(value, "r11") \
            TINYSDK_ADD_BYTE(value, "r9") TINYSDK_ADD_BYTE(value, "r8") \
            TINYSDK_ADD_PACK \
            "str r10, [r2], #4\n" \
            "cmp r2, r3\n" \
            "bne 1b\n" \
            "pop {r4-r11, pc}\n" \
            "2:\n" \
            "mov r12, #0\n" \
            TINYSDK_ADD_MASKED_BYTE(value, "r10", "1") TINYSDK_ADD_MASKED_BYTE(value, "r11", "2") \
            TINYSDK_ADD_MASKED_BYTE(value, "r9", "4") TINYSDK_ADD_MASKED_BYTE(value, "r8", "8") \
            TINYSDK_ADD_PACK \
            "ldrd r4, r5, [lr, #40]\n" \
            "sub r5, r2, r5\n" \
            "add r4, r4, r5, lsr #3\n" \
            "ldrb r6, [r4]\n" \
            "tst r5, #4\n" \
            "ite eq\n" \
            "bfieq r6, r12, #0, #4\n" \
            "bfine r6, r12, #4, #4\n" \
            "strb r6, [r4]\n" \
            "str r10, [r2], #4\n" \
            "cmp r2, r3\n" \
            "bne.w 1b\n" \
            "pop {r4-r11, pc}\n"); \
  }

TINYSDK_ADD_FOURS(tinysdk_add_fours_single, TINYSDK_ADD_ROUNDED_SINGLE, TINYSDK_ADD_VALUE_SINGLE)
TINYSDK_ADD_FOURS(tinysdk_add_fours_tflite, TINYSDK_ADD_ROUNDED_TFLITE, TINYSDK_ADD_VALUE_TFLITE)
/* clang-format on */

#endif
