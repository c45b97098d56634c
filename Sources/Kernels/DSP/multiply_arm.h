/* Two output channels by four pixels; quads of columns as columns.h lays them out. Sixteen registers' worth
 * of work in fourteen: the end of the loop and the second row's distance live on the stack, and an odd count
 * of quads enters the loop in its middle. */
#ifndef TINYSDK_DSP_MULTIPLY_ARM_H
#define TINYSDK_DSP_MULTIPLY_ARM_H

#include "routine.h"

#include <stdint.h>

/* r4-r7 += r12 * four pixels, r8-r11 += `second` * the same. */
#define TINYSDK_EIGHT_PRODUCTS(first, second)                                                                \
  "ldrd r2, r3, [r0], #8\n"                                                                                  \
  "smlad r4, " first ", r2, r4\n"                                                                            \
  "smlad r8, " second ", r2, r8\n"                                                                           \
  "smlad r5, " first ", r3, r5\n"                                                                            \
  "smlad r9, " second ", r3, r9\n"                                                                           \
  "ldrd r2, r3, [r0], #8\n"                                                                                  \
  "smlad r6, " first ", r2, r6\n"                                                                            \
  "smlad r10, " second ", r2, r10\n"                                                                         \
  "smlad r7, " first ", r3, r7\n"                                                                            \
  "smlad r11, " second ", r3, r11\n"

#define TINYSDK_QUAD_OF_ROWS                                                                                 \
  "ldr lr, [sp]\n"                                                                                           \
  "ldr r12, [r1]\n"                                                                                          \
  "ldr lr, [r1, lr]\n"                                                                                       \
  "sxtb16 r12, r12\n"                                                                                        \
  "sxtb16 lr, lr\n" TINYSDK_EIGHT_PRODUCTS("r12", "lr") "ldr lr, [sp]\n"                                     \
                                                        "ldr lr, [r1, lr]\n"                                 \
                                                        "ldr r12, [r1], #4\n"                                \
                                                        "sxtb16 lr, lr, ror #8\n"                            \
                                                        "sxtb16 r12, r12, ror #8\n" TINYSDK_EIGHT_PRODUCTS(  \
                                                            "r12", "lr")

#define TINYSDK_HALF_OF_PAIRS                                                                                \
  "ldr r12, [r1], #4\n"                                                                                      \
  "sxtb16 lr, r12\n" TINYSDK_EIGHT_PRODUCTS("lr", "r12")

/* sums[0..3] += row a, sums[4..7] += row b; quads >= 1. */
TINYSDK_ROUTINE tinysdk_multiply_quads(TINYSDK_IN const uint32_t *x, TINYSDK_IN const int8_t *a,
                                       TINYSDK_IN const int8_t *b, TINYSDK_IN int32_t quads,
                                       TINYSDK_IN int32_t *sums) {
  __asm__("push {r4-r11, lr}\n"
          "ldr r12, [sp, #36]\n"
          "sub r2, r2, r1\n"
          "lsls lr, r3, #31\n"
          "add r3, r0, r3, lsl #5\n"
          "ldm r12, {r4-r11}\n"
          "push {r2, r3}\n"
          "bne 2f\n"
          "1:\n" TINYSDK_QUAD_OF_ROWS "2:\n" TINYSDK_QUAD_OF_ROWS "ldr r2, [sp, #4]\n"
          "cmp r0, r2\n"
          "bne 1b\n"
          "ldr r12, [sp, #44]\n"
          "add sp, sp, #8\n"
          "stm r12, {r4-r11}\n"
          "pop {r4-r11, pc}\n");
}

/* sums[0..3] += first channel, sums[4..7] += first + 256 * second channel; quads >= 1. */
TINYSDK_ROUTINE tinysdk_multiply_pairs(TINYSDK_IN const uint32_t *x, TINYSDK_IN const int8_t *packed,
                                       TINYSDK_IN int32_t quads, TINYSDK_IN int32_t *sums) {
  __asm__("push {r3-r11, lr}\n"
          "lsls lr, r2, #31\n"
          "add r2, r0, r2, lsl #5\n"
          "ldm r3, {r4-r11}\n"
          "push {r2, r3}\n"
          "bne 2f\n"
          "1:\n" TINYSDK_HALF_OF_PAIRS TINYSDK_HALF_OF_PAIRS
          "2:\n" TINYSDK_HALF_OF_PAIRS TINYSDK_HALF_OF_PAIRS "ldr r2, [sp]\n"
          "cmp r0, r2\n"
          "bne 1b\n"
          "pop {r2, r3}\n"
          "stm r3, {r4-r11}\n"
          "pop {r3-r11, pc}\n");
}

/* Four sums of a channel (multiplier r2, addend r3, shift lr) become bytes. */
#define TINYSDK_FINISH_SINGLE_A                                                                              \
  "smmla r4, r4, r2, r3\n"                                                                                   \
  "asr r4, r4, lr\n"                                                                                         \
  "ssat r4, #8, r4\n"                                                                                        \
  "smmla r5, r5, r2, r3\n"                                                                                   \
  "asr r5, r5, lr\n"                                                                                         \
  "ssat r5, #8, r5\n"                                                                                        \
  "smmla r6, r6, r2, r3\n"                                                                                   \
  "asr r6, r6, lr\n"                                                                                         \
  "ssat r6, #8, r6\n"                                                                                        \
  "smmla r7, r7, r2, r3\n"                                                                                   \
  "asr r7, r7, lr\n"                                                                                         \
  "ssat r7, #8, r7\n"

#define TINYSDK_FINISH_SINGLE_B                                                                              \
  "smmla r8, r8, r2, r3\n"                                                                                   \
  "asr r8, r8, lr\n"                                                                                         \
  "ssat r8, #8, r8\n"                                                                                        \
  "smmla r9, r9, r2, r3\n"                                                                                   \
  "asr r9, r9, lr\n"                                                                                         \
  "ssat r9, #8, r9\n"                                                                                        \
  "smmla r10, r10, r2, r3\n"                                                                                 \
  "asr r10, r10, lr\n"                                                                                       \
  "ssat r10, #8, r10\n"                                                                                      \
  "smmla r11, r11, r2, r3\n"                                                                                 \
  "asr r11, r11, lr\n"                                                                                       \
  "ssat r11, #8, r11\n"

#define TINYSDK_FINISH_TFLITE_A                                                                              \
  "lsl r4, r4, #1\n"                                                                                         \
  "smmlar r0, r4, r2, r3\n"                                                                                  \
  "add r4, r0, r4, asr #31\n"                                                                                \
  "asr r4, r4, lr\n"                                                                                         \
  "ssat r4, #8, r4\n"                                                                                        \
  "lsl r5, r5, #1\n"                                                                                         \
  "smmlar r0, r5, r2, r3\n"                                                                                  \
  "add r5, r0, r5, asr #31\n"                                                                                \
  "asr r5, r5, lr\n"                                                                                         \
  "ssat r5, #8, r5\n"                                                                                        \
  "lsl r6, r6, #1\n"                                                                                         \
  "smmlar r0, r6, r2, r3\n"                                                                                  \
  "add r6, r0, r6, asr #31\n"                                                                                \
  "asr r6, r6, lr\n"                                                                                         \
  "ssat r6, #8, r6\n"                                                                                        \
  "lsl r7, r7, #1\n"                                                                                         \
  "smmlar r0, r7, r2, r3\n"                                                                                  \
  "add r7, r0, r7, asr #31\n"                                                                                \
  "asr r7, r7, lr\n"                                                                                         \
  "ssat r7, #8, r7\n"

#define TINYSDK_FINISH_TFLITE_B                                                                              \
  "lsl r8, r8, #1\n"                                                                                         \
  "smmlar r0, r8, r2, r3\n"                                                                                  \
  "add r8, r0, r8, asr #31\n"                                                                                \
  "asr r8, r8, lr\n"                                                                                         \
  "ssat r8, #8, r8\n"                                                                                        \
  "lsl r9, r9, #1\n"                                                                                         \
  "smmlar r0, r9, r2, r3\n"                                                                                  \
  "add r9, r0, r9, asr #31\n"                                                                                \
  "asr r9, r9, lr\n"                                                                                         \
  "ssat r9, #8, r9\n"                                                                                        \
  "lsl r10, r10, #1\n"                                                                                       \
  "smmlar r0, r10, r2, r3\n"                                                                                 \
  "add r10, r0, r10, asr #31\n"                                                                              \
  "asr r10, r10, lr\n"                                                                                       \
  "ssat r10, #8, r10\n"                                                                                      \
  "lsl r11, r11, #1\n"                                                                                       \
  "smmlar r0, r11, r2, r3\n"                                                                                 \
  "add r11, r0, r11, asr #31\n"                                                                              \
  "asr r11, r11, lr\n"                                                                                       \
  "ssat r11, #8, r11\n"

/* The run's fields lie on the stack: row, columns, end, channels, output, plane, pairs, advance. */
#define TINYSDK_RUN(finish_a, finish_b)                                                                      \
  "push {r4-r11, lr}\n"                                                                                      \
  "ldm r0, {r1, r4-r11}\n"                                                                                   \
  "push {r4-r11}\n"                                                                                          \
  "1:\n"                                                                                                     \
  "ldr r12, [sp, #12]\n"                                                                                     \
  "ldr r2, [r12, #12]\n"                                                                                     \
  "ldr r3, [r12, #28]\n"                                                                                     \
  "ldr r4, [r12]\n"                                                                                          \
  "ldr r8, [r12, #16]\n"                                                                                     \
  "orrs r2, r2, r3\n"                                                                                        \
  "bmi 5f\n"                                                                                                 \
  "ldrd r0, r2, [sp, #4]\n"                                                                                  \
  "mov r5, r4\n"                                                                                             \
  "mov r6, r4\n"                                                                                             \
  "mov r7, r4\n"                                                                                             \
  "mov r9, r8\n"                                                                                             \
  "mov r10, r8\n"                                                                                            \
  "mov r11, r8\n"                                                                                            \
  "subs r2, r2, r0\n"                                                                                        \
  "lsls r2, r2, #26\n"                                                                                       \
  "bmi 3f\n"                                                                                                 \
  "2:\n" TINYSDK_QUAD_OF_ROWS "3:\n" TINYSDK_QUAD_OF_ROWS "ldr r2, [sp, #8]\n"                               \
  "cmp r0, r2\n"                                                                                             \
  "bne 2b\n"                                                                                                 \
  "ldr r12, [sp, #12]\n"                                                                                     \
  "ldr r0, [sp, #28]\n"                                                                                      \
  "ldrd r2, r3, [r12, #4]\n"                                                                                 \
  "ldr lr, [r12, #12]\n"                                                                                     \
  "add r1, r1, r0\n" finish_a "bfi r4, r5, #8, #8\n"                                                         \
  "bfi r6, r7, #8, #8\n"                                                                                     \
  "pkhbt r4, r4, r6, lsl #16\n"                                                                              \
  "ldrd r2, r3, [r12, #20]\n"                                                                                \
  "ldr lr, [r12, #28]\n" finish_b "bfi r8, r9, #8, #8\n"                                                     \
  "bfi r10, r11, #8, #8\n"                                                                                   \
  "pkhbt r8, r8, r10, lsl #16\n"                                                                             \
  "ldrd r0, r2, [sp, #16]\n"                                                                                 \
  "ldr r3, [sp, #24]\n"                                                                                      \
  "add r12, r12, #32\n"                                                                                      \
  "str r4, [r0]\n"                                                                                           \
  "str r8, [r0, r2]\n"                                                                                       \
  "add r0, r0, r2, lsl #1\n"                                                                                 \
  "strd r12, r0, [sp, #12]\n"                                                                                \
  "subs r3, r3, #1\n"                                                                                        \
  "str r3, [sp, #24]\n"                                                                                      \
  "bne 1b\n"                                                                                                 \
  "5:\n"                                                                                                     \
  "ldr r0, [sp, #24]\n"                                                                                      \
  "add sp, sp, #32\n"                                                                                        \
  "pop {r4-r11, pc}\n"

/* All pairs up to the first one with a channel that needs the general path; returns how many are left. */
static __attribute__((naked, noinline, used)) int32_t tinysdk_run_single(TINYSDK_IN const tinysdk_run *run) {
  __asm__(TINYSDK_RUN(TINYSDK_FINISH_SINGLE_A, TINYSDK_FINISH_SINGLE_B));
}

static __attribute__((naked, noinline, used)) int32_t tinysdk_run_tflite(TINYSDK_IN const tinysdk_run *run) {
  __asm__(TINYSDK_RUN(TINYSDK_FINISH_TFLITE_A, TINYSDK_FINISH_TFLITE_B));
}

/* clang-format off */
/* The split run's fields lie on the stack, behind the distance of the rows in use. */
#define TINYSDK_SPLIT_ROWS(weights, label_loop, label_odd) \
  "subs r2, r3, r0\n" \
  "lsls r2, r2, #26\n" \
  "bmi " label_odd "f\n" \
  label_loop ":\n" TINYSDK_QUAD_OF_ROWS \
  label_odd ":\n" TINYSDK_QUAD_OF_ROWS \
  "ldr r2, [sp, #" weights " + 8]\n" \
  "cmp r0, r2\n" \
  "bne " label_loop "b\n"

/* A sum's value into r0: multiplier r2, addend r3, shift lr. */
#define TINYSDK_SPLIT_SINGLE(v) \
  "smmla r0, " v ", r2, r3\n" \
  "asr r0, r0, lr\n"
#define TINYSDK_SPLIT_TFLITE(v) \
  "lsl " v ", " v ", #1\n" \
  "smmlar r0, " v ", r2, r3\n" \
  "add r0, r0, " v ", asr #31\n" \
  "asr r0, r0, lr\n"

#define TINYSDK_SPLIT_BYTE(value, v) value(v) "ssat " v ", #8, r0\n"
#define TINYSDK_SPLIT_MASKED_BYTE(value, v, bit) \
  TINYSDK_SPLIT_BYTE(value, v) \
  "cmp r0, " v "\n" \
  "it eq\n" \
  "orreq r1, r1, #" bit "\n"

#define TINYSDK_SPLIT_FOUR(value, a, b, c, d) \
  TINYSDK_SPLIT_BYTE(value, a) TINYSDK_SPLIT_BYTE(value, b) TINYSDK_SPLIT_BYTE(value, c) TINYSDK_SPLIT_BYTE(value, d)
#define TINYSDK_SPLIT_MASKED_FOUR(value, a, b, c, d, bit_a, bit_b, bit_c, bit_d) \
  TINYSDK_SPLIT_MASKED_BYTE(value, a, bit_a) TINYSDK_SPLIT_MASKED_BYTE(value, b, bit_b) \
  TINYSDK_SPLIT_MASKED_BYTE(value, c, bit_c) TINYSDK_SPLIT_MASKED_BYTE(value, d, bit_d)

#define TINYSDK_SPLIT_CONSTANTS(offset) \
  "ldrd r2, r3, [r12, #" offset " + 4]\n" \
  "ldr lr, [r12, #" offset " + 12]\n"

/* The low four bits of r1 for element r2 of the mask lr; `next` takes them away. */
#define TINYSDK_SPLIT_NIBBLE(next) \
  "lsr r5, r2, #3\n" \
  "ldrb r6, [lr, r5]\n" \
  "tst r2, #4\n" \
  "ite eq\n" \
  "bfieq r6, r1, #0, #4\n" \
  "bfine r6, r1, #4, #4\n" \
  "strb r6, [lr, r5]\n" next

#define TINYSDK_SPLIT_RUN(value) \
  "push {r4-r11, lr}\n" \
  "sub sp, sp, #56\n" \
  "add r12, sp, #4\n" \
  "ldm r0!, {r1-r7}\n" \
  "stm r12!, {r1-r7}\n" \
  "ldm r0, {r1-r6}\n" \
  "stm r12, {r1-r6}\n" \
  "1:\n" \
  "ldr r12, [sp, #32]\n" \
  "ldr r2, [r12, #12]\n" \
  "ldr r3, [r12, #28]\n" \
  "ldr r7, [r12]\n" \
  "ldr r11, [r12, #16]\n" \
  "orrs r2, r2, r3\n" \
  "bmi 9f\n" \
  "ldr r0, [sp, #28]\n" \
  "ldrd r1, r2, [sp, #4]\n" \
  "ldr r3, [sp, #12]\n" \
  "mov r4, r7\n" \
  "mov r5, r7\n" \
  "mov r6, r7\n" \
  "mov r8, r11\n" \
  "mov r9, r11\n" \
  "mov r10, r11\n" \
  "str r2, [sp]\n" \
  "add r2, r1, r2, lsl #1\n" \
  "str r2, [sp, #4]\n" \
  TINYSDK_SPLIT_ROWS("4", "2", "3") \
  "ldrd r1, r2, [sp, #16]\n" \
  "ldr r3, [sp, #24]\n" \
  "cmp r0, r3\n" \
  "beq 6f\n" \
  "str r2, [sp]\n" \
  "add r2, r1, r2, lsl #1\n" \
  "str r2, [sp, #16]\n" \
  TINYSDK_SPLIT_ROWS("16", "4", "5") \
  "6:\n" \
  "ldr r12, [sp, #32]\n" \
  "ldr r0, [sp, #48]\n" \
  TINYSDK_SPLIT_CONSTANTS("0") \
  "cmp r0, #0\n" \
  "bne 7f\n" \
  TINYSDK_SPLIT_FOUR(value, "r4", "r5", "r6", "r7") \
  TINYSDK_SPLIT_CONSTANTS("16") \
  TINYSDK_SPLIT_FOUR(value, "r8", "r9", "r10", "r11") \
  "b 8f\n" \
  "7:\n" \
  "mov r1, #0\n" \
  TINYSDK_SPLIT_MASKED_FOUR(value, "r4", "r5", "r6", "r7", "1", "2", "4", "8") \
  TINYSDK_SPLIT_CONSTANTS("16") \
  TINYSDK_SPLIT_MASKED_FOUR(value, "r8", "r9", "r10", "r11", "16", "32", "64", "128") \
  "bfi r4, r5, #8, #8\n" \
  "bfi r6, r7, #8, #8\n" \
  "pkhbt r7, r4, r6, lsl #16\n" \
  "ldrd lr, r2, [sp, #48]\n" \
  "ldrd r0, r3, [sp, #36]\n" \
  "sub r2, r0, r2\n" \
  TINYSDK_SPLIT_NIBBLE("lsr r1, r1, #4\n") \
  "add r2, r2, r3\n" \
  TINYSDK_SPLIT_NIBBLE("b 10f\n") \
  "8:\n" \
  "bfi r4, r5, #8, #8\n" \
  "bfi r6, r7, #8, #8\n" \
  "pkhbt r7, r4, r6, lsl #16\n" \
  "10:\n" \
  "bfi r8, r9, #8, #8\n" \
  "bfi r10, r11, #8, #8\n" \
  "pkhbt r8, r8, r10, lsl #16\n" \
  "ldrd r0, r2, [sp, #36]\n" \
  "ldr r3, [sp, #44]\n" \
  "add r12, r12, #32\n" \
  "str r7, [r0]\n" \
  "str r8, [r0, r2]\n" \
  "add r0, r0, r2, lsl #1\n" \
  "strd r12, r0, [sp, #32]\n" \
  "subs r3, r3, #1\n" \
  "str r3, [sp, #44]\n" \
  "bne.w 1b\n" \
  "9:\n" \
  "ldr r0, [sp, #44]\n" \
  "add sp, sp, #56\n" \
  "pop {r4-r11, pc}\n"

_Static_assert(offsetof(tinysdk_split_run, columns) == 24 && offsetof(tinysdk_split_run, output) == 32 &&
                   offsetof(tinysdk_split_run, pairs) == 40 && offsetof(tinysdk_split_run, base) == 48,
               "the assembly counts on these");

/* As the two above. */
static __attribute__((naked, noinline, used)) int32_t
tinysdk_run_split_single(TINYSDK_IN const tinysdk_split_run *run) {
  __asm__(TINYSDK_SPLIT_RUN(TINYSDK_SPLIT_SINGLE));
}

static __attribute__((naked, noinline, used)) int32_t
tinysdk_run_split_tflite(TINYSDK_IN const tinysdk_split_run *run) {
  __asm__(TINYSDK_SPLIT_RUN(TINYSDK_SPLIT_TFLITE));
}
/* clang-format on */

#endif
