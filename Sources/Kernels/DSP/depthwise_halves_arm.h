/* r4-r7 hold the sums, r0 walks through the copy, r11 is the mask of the upper bytes; the description lies on
 * the stack. */
#ifndef TINYSDK_DSP_DEPTHWISE_HALVES_ARM_H
#define TINYSDK_DSP_DEPTHWISE_HALVES_ARM_H

_Static_assert(offsetof(tinysdk_halves_run, start) == 24 && offsetof(tinysdk_halves_run, output) == 40 &&
                   offsetof(tinysdk_halves_run, end) == 44 && offsetof(tinysdk_halves_run, rows) == 52 &&
                   offsetof(tinysdk_halves_run, next) == 56 && offsetof(tinysdk_halves_run, back) == 60 &&
                   offsetof(tinysdk_halves_run, input) == 68,
               "the assembly counts on these");

/* clang-format off */
/* Bytes 0 and 2, 1 and 3 of `bytes` as halves. */
#define TINYSDK_HALVES_LOW_SINGLE(to, bytes) "and " to ", r11, " bytes ", lsl #8\n"
#define TINYSDK_HALVES_HIGH_SINGLE(to, bytes) "and " to ", r11, " bytes "\n"
#define TINYSDK_HALVES_LOW_TFLITE(to, bytes) "sxtb16 " to ", " bytes "\n"
#define TINYSDK_HALVES_HIGH_TFLITE(to, bytes) "sxtb16 " to ", " bytes ", ror #8\n"

/* A kernel row: weights (0, 2) in r12, (1, 1) in lr; inputs -1 and 1 in r1, 0 and 2 in r2, 3 and 5 in r3, 4
 * and 6 in r8, 5 and 7 in r9. */
#define TINYSDK_HALVES_ROW(low, high, weights, a, b, c, d) \
  "ldr r2, [r0, #-1]\n" \
  "ldrd r12, lr, [sp, #" weights "]\n" \
  "ldr r8, [r0, #3]\n" \
  low("r1", "r2") \
  high("r2", "r2") \
  "smlad r4, r1, r12, " a "\n" \
  low("r3", "r8") \
  "smlatb r5, r1, r12, " b "\n" \
  high("r8", "r8") \
  "smlatb r5, r2, lr, r5\n" \
  "ldr r9, [r0, #4]\n" \
  "smlabb r4, r2, lr, r4\n" \
  high("r9", "r9") \
  "smlad r6, r3, r12, " c "\n" \
  "smlad r7, r9, r12, " d "\n" \
  "add r0, r0, r10\n" \
  "smlabb r6, r8, lr, r6\n" \
  "smlatb r7, r8, lr, r7\n" \
  "smlabt r5, r3, r12, r5\n"

/* Values (0, 2) and (1, 3) in r4 and r5. */
#define TINYSDK_HALVES_SINGLE \
  "ldrd r1, r2, [sp, #28]\n" \
  "smmla r4, r4, r1, r2\n" \
  "smmla r5, r5, r1, r2\n" \
  "smmla r6, r6, r1, r2\n" \
  "smmla r7, r7, r1, r2\n" \
  "pkhtb r4, r6, r4, asr #16\n" \
  "pkhtb r5, r7, r5, asr #16\n"
#define TINYSDK_HALVES_TFLITE \
  "ldrd r1, r2, [sp, #28]\n" \
  "ldr r3, [sp, #36]\n" \
  TINYSDK_BLOCK_TFLITE_TWO("r4", "r5") \
  TINYSDK_BLOCK_TFLITE_TWO("r6", "r7") \
  "pkhbt r4, r4, r6, lsl #16\n" \
  "pkhbt r5, r5, r7, lsl #16\n"

#define TINYSDK_HALVES(name, low, high, values) \
  static __attribute__((naked, noinline, used)) void name(__attribute__((unused)) tinysdk_halves_run *run) { \
    __asm__("push {r4-r11, lr}\n" \
            "sub sp, sp, #76\n" \
            "ldm r0!, {r1-r9}\n" \
            "stm sp, {r1-r9}\n" \
            "ldm r0, {r1-r9}\n" \
            "add r10, sp, #36\n" \
            "stm r10, {r1-r9}\n" \
            "mov r0, r9\n" \
            "mov r10, r8\n" \
            "mov r11, #0xFF00FF00\n" \
            "1:\n" \
            "ldr r7, [sp, #24]\n" \
            TINYSDK_HALVES_ROW(low, high, "0", "r7", "r7", "r7", "r7") \
            TINYSDK_HALVES_ROW(low, high, "8", "r4", "r5", "r6", "r7") \
            TINYSDK_HALVES_ROW(low, high, "16", "r4", "r5", "r6", "r7") \
            values \
            "usat16 r5, #8, r5\n" \
            "usat16 r4, #8, r4\n" \
            "ldrd r8, r9, [sp, #40]\n" \
            "ldr r3, [sp, #60]\n" \
            "orr r4, r4, r5, lsl #8\n" \
            "eor r4, r4, #0x80808080\n" \
            "sub r0, r0, r3\n" \
            "str r4, [r8], #4\n" \
            "cmp r8, r9\n" \
            "str r8, [sp, #40]\n" \
            "bne.w 1b\n" \
            "ldrd r1, r2, [sp, #48]\n" \
            "ldr r3, [sp, #56]\n" \
            "add r9, r9, r1\n" \
            "add r0, r0, r3\n" \
            "subs r2, r2, #1\n" \
            "str r9, [sp, #44]\n" \
            "str r2, [sp, #52]\n" \
            "bne.w 1b\n" \
            "add sp, sp, #76\n" \
            "pop {r4-r11, pc}\n"); \
  }

TINYSDK_HALVES(tinysdk_run_halves_single, TINYSDK_HALVES_LOW_SINGLE, TINYSDK_HALVES_HIGH_SINGLE,
               TINYSDK_HALVES_SINGLE)
TINYSDK_HALVES(tinysdk_run_halves_tflite, TINYSDK_HALVES_LOW_TFLITE, TINYSDK_HALVES_HIGH_TFLITE,
               TINYSDK_HALVES_TFLITE)
/* clang-format on */

#endif
