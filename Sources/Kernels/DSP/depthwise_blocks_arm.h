/* r4-r7 hold the upper row's sums, r8-r11 the lower row's, r1-r3 an input row, r12 and lr a weight row; r0
 * walks down a strip. The description lies on the stack. */
#ifndef TINYSDK_DSP_DEPTHWISE_BLOCKS_ARM_H
#define TINYSDK_DSP_DEPTHWISE_BLOCKS_ARM_H

_Static_assert(offsetof(tinysdk_blocks, start) == 24 && offsetof(tinysdk_blocks, multiplier) == 28 &&
                   offsetof(tinysdk_blocks, output) == 40 && offsetof(tinysdk_blocks, end) == 48 &&
                   offsetof(tinysdk_blocks, strips) == 52 && offsetof(tinysdk_blocks, skip) == 56 &&
                   offsetof(tinysdk_blocks, column) == 60 && offsetof(tinysdk_blocks, mask) == 64 &&
                   offsetof(tinysdk_blocks, input) == 72,
               "the assembly counts on these");

/* clang-format off */
/* One kernel row for four outputs; `from_*`: what each sum continues. */
#define TINYSDK_BLOCK_ROW(a, b, c, d, from_a, from_b, from_c, from_d) \
  "smlad " a ", r1, r12, " from_a "\n" \
  "smlatb " b ", r1, r12, " from_b "\n" \
  "smlad " c ", r2, r12, " from_c "\n" \
  "smlatb " d ", r2, r12, " from_d "\n" \
  "smlabt " a ", r2, lr, " a "\n" \
  "smlad " b ", r2, lr, " b "\n" \
  "smlabt " c ", r3, lr, " c "\n" \
  "smlad " d ", r3, lr, " d "\n"
#define TINYSDK_BLOCK_UPPER TINYSDK_BLOCK_ROW("r4", "r5", "r6", "r7", "r4", "r5", "r6", "r7")
#define TINYSDK_BLOCK_LOWER TINYSDK_BLOCK_ROW("r8", "r9", "r10", "r11", "r8", "r9", "r10", "r11")

#define TINYSDK_BLOCK_SUMS \
  "ldm r0!, {r1-r3}\n" \
  "ldrd r12, lr, [sp]\n" \
  "ldr r11, [sp, #24]\n" \
  TINYSDK_BLOCK_ROW("r4", "r5", "r6", "r7", "r11", "r11", "r11", "r11") \
  "ldm r0!, {r1-r3}\n" \
  TINYSDK_BLOCK_ROW("r8", "r9", "r10", "r11", "r11", "r11", "r11", "r11") \
  "ldrd r12, lr, [sp, #8]\n" \
  TINYSDK_BLOCK_UPPER \
  "ldm r0!, {r1-r3}\n" \
  TINYSDK_BLOCK_LOWER \
  "ldrd r12, lr, [sp, #16]\n" \
  TINYSDK_BLOCK_UPPER \
  "ldm r0!, {r1-r3}\n" \
  TINYSDK_BLOCK_LOWER

/* Values in pairs: (0, 2) and (1, 3) of the upper row in r4 and r5, of the lower row in r8 and r9. */
#define TINYSDK_BLOCK_SINGLE \
  "ldrd r1, r2, [sp, #28]\n" \
  "smmla r4, r4, r1, r2\n" \
  "smmla r5, r5, r1, r2\n" \
  "smmla r7, r7, r1, r2\n" \
  "smmla r6, r6, r1, r2\n" \
  "smmla r9, r9, r1, r2\n" \
  "pkhtb r5, r7, r5, asr #16\n" \
  "smmla r8, r8, r1, r2\n" \
  "smmla r10, r10, r1, r2\n" \
  "pkhtb r4, r6, r4, asr #16\n" \
  "smmla r11, r11, r1, r2\n" \
  "pkhtb r8, r10, r8, asr #16\n" \
  "pkhtb r9, r11, r9, asr #16\n"

#define TINYSDK_BLOCK_TFLITE_TWO(a, b) \
  "add r12, r2, " a ", asr #31\n" \
  "add lr, r2, " b ", asr #31\n" \
  "smmlar " a ", " a ", r1, r12\n" \
  "smmlar " b ", " b ", r1, lr\n" \
  "asr " a ", " a ", r3\n" \
  "asr " b ", " b ", r3\n"
#define TINYSDK_BLOCK_TFLITE \
  "ldrd r1, r2, [sp, #28]\n" \
  "ldr r3, [sp, #36]\n" \
  TINYSDK_BLOCK_TFLITE_TWO("r4", "r5") \
  TINYSDK_BLOCK_TFLITE_TWO("r6", "r7") \
  TINYSDK_BLOCK_TFLITE_TWO("r8", "r9") \
  TINYSDK_BLOCK_TFLITE_TWO("r10", "r11") \
  "pkhbt r4, r4, r6, lsl #16\n" \
  "pkhbt r5, r5, r7, lsl #16\n" \
  "pkhbt r8, r8, r10, lsl #16\n" \
  "pkhbt r9, r9, r11, lsl #16\n"

/* Four flags of the values that USAT16 leaves alone into the low bits of `to`: the others have a nonzero
 * upper byte. r11 is zero. */
#define TINYSDK_BLOCK_PASSING(to, even, odd) \
  "uxtb16 r7, " even ", ror #8\n" \
  "and r10, " odd ", #0xFF00FF00\n" \
  "orr r7, r7, r10\n" \
  "usub8 r7, r11, r7\n" \
  "mrs " to ", apsr\n" \
  "lsr " to ", " to ", #16\n"

/* The nibble in `bits` for element r2 of the mask r1. */
#define TINYSDK_BLOCK_NIBBLE(bits) \
  "lsr r7, r2, #3\n" \
  "ldrb r10, [r1, r7]\n" \
  "tst r2, #4\n" \
  "ite eq\n" \
  "bfieq r10, " bits ", #0, #4\n" \
  "bfine r10, " bits ", #4, #4\n" \
  "strb r10, [r1, r7]\n"

#define TINYSDK_BLOCKS(name, values) \
  static __attribute__((naked, noinline, used)) void name( \
      __attribute__((unused)) const tinysdk_blocks *blocks) { \
    __asm__("push {r4-r11, lr}\n" \
            "sub sp, sp, #76\n" \
            "ldm r0!, {r1-r12}\n" \
            "stm sp, {r1-r12}\n" \
            "ldm r0, {r1-r7}\n" \
            "add r8, sp, #48\n" \
            "stm r8, {r1-r7}\n" \
            "mov r0, r7\n" \
            "1:\n" \
            TINYSDK_BLOCK_SUMS values \
            "ldr r1, [sp, #64]\n" \
            "ldrd r12, r3, [sp, #40]\n" \
            "cbnz r1, 3f\n" \
            "2:\n" \
            "usat16 r5, #8, r5\n" \
            "usat16 r4, #8, r4\n" \
            "usat16 r9, #8, r9\n" \
            "usat16 r8, #8, r8\n" \
            "orr r4, r4, r5, lsl #8\n" \
            "ldr r1, [sp, #48]\n" \
            "eor r4, r4, #0x80808080\n" \
            "orr r8, r8, r9, lsl #8\n" \
            "eor r8, r8, #0x80808080\n" \
            "str r4, [r12]\n" \
            "sub r0, r0, #24\n" \
            "str r8, [r12, r3]\n" \
            "add r12, r12, r3, lsl #1\n" \
            "str r12, [sp, #40]\n" \
            "cmp r12, r1\n" \
            "bne.w 1b\n" \
            "ldrd r3, r4, [sp, #52]\n" \
            "ldr r2, [sp, #60]\n" \
            "add r0, r0, r4\n" \
            "add r1, r1, #4\n" \
            "subs r3, r3, #1\n" \
            "sub r12, r1, r2\n" \
            "strd r1, r3, [sp, #48]\n" \
            "str r12, [sp, #40]\n" \
            "bne.w 1b\n" \
            "add sp, sp, #76\n" \
            "pop {r4-r11, pc}\n" \
            "3:\n" \
            "mov r11, #0\n" \
            TINYSDK_BLOCK_PASSING("r6", "r4", "r5") TINYSDK_BLOCK_PASSING("lr", "r8", "r9") \
            "ldr r2, [sp, #68]\n" \
            "sub r2, r12, r2\n" \
            TINYSDK_BLOCK_NIBBLE("r6") \
            "add r2, r2, r3\n" \
            TINYSDK_BLOCK_NIBBLE("lr") \
            "b 2b\n"); \
  }

TINYSDK_BLOCKS(tinysdk_convolve_blocks_single, TINYSDK_BLOCK_SINGLE)
TINYSDK_BLOCKS(tinysdk_convolve_blocks_tflite, TINYSDK_BLOCK_TFLITE)

/* Bytes r6 become (0, 2) in r7 and (3, 1) in `to`. */
#define TINYSDK_WIDEN_SINGLE(to) \
  "and r7, r11, r6, lsl #8\n" \
  "and " to ", r11, r6, ror #16\n"
#define TINYSDK_WIDEN_TFLITE(to) \
  "sxtb16 r7, r6\n" \
  "sxtb16 " to ", r6, ror #24\n"

/* A strip's first word is the last one's third: the strip before the first has room for it. */
#define TINYSDK_WIDEN_STRIP(widen, last, this) \
  "ldr r6, [r0], #4\n" \
  widen(this) \
  "pkhbt r6, " last ", r7, lsl #16\n" \
  "pkhtb r7, r7, " this ", asr #16\n" \
  "str r6, [r4, #-112]\n" \
  "strd r6, r7, [r4], #120\n"

#define TINYSDK_WIDEN_STRIPS(name, widen) \
  static __attribute__((naked, noinline, used)) void name( \
      __attribute__((unused)) const int8_t *input, __attribute__((unused)) uint32_t *to, \
      __attribute__((unused)) int32_t strips, __attribute__((unused)) int32_t rows, \
      __attribute__((unused)) uint32_t pad) { \
    __asm__("push {r4-r11, lr}\n" \
            "ldr r12, [sp, #36]\n" \
            "mov r11, #0xFF00FF00\n" \
            "sub r10, r2, #1\n" \
            "1:\n" \
            "mov r4, r1\n" \
            "tst r2, #1\n" \
            "lsr r5, r10, #1\n" \
            "mov r8, r12\n" \
            "mov r9, r12\n" \
            "bne 3f\n" \
            "2:\n" \
            TINYSDK_WIDEN_STRIP(widen, "r9", "r8") \
            "3:\n" \
            TINYSDK_WIDEN_STRIP(widen, "r8", "r9") \
            "subs r5, r5, #1\n" \
            "bpl 2b\n" \
            "pkhbt r6, r9, r12, lsl #16\n" \
            "str r6, [r4, #-112]\n" \
            "add r1, r1, #12\n" \
            "subs r3, r3, #1\n" \
            "bne 1b\n" \
            "pop {r4-r11, pc}\n"); \
  }

TINYSDK_WIDEN_STRIPS(tinysdk_widen_strips_single, TINYSDK_WIDEN_SINGLE)
TINYSDK_WIDEN_STRIPS(tinysdk_widen_strips_tflite, TINYSDK_WIDEN_TFLITE)
/* clang-format on */

#endif
