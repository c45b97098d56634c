/* r4-r8 hold the sums of five rows, r1 and r3 walk along the first and the fourth; an odd count of quads
 * enters the loop in its middle. */
#ifndef TINYSDK_DSP_DOTS_ARM_H
#define TINYSDK_DSP_DOTS_ARM_H

/* clang-format off */
#define TINYSDK_DOT_ROW(sum, from) \
  "ldr r11, " from "\n" \
  "sxtb16 r12, r11\n" \
  "sxtb16 r11, r11, ror #8\n" \
  "smlad " sum ", r12, r9, " sum "\n" \
  "smlad " sum ", r11, r10, " sum "\n"

#define TINYSDK_DOT_QUAD \
  "ldrd r9, r10, [r0], #8\n" \
  TINYSDK_DOT_ROW("r5", "[r1, r2]") \
  TINYSDK_DOT_ROW("r6", "[r1, r2, lsl #1]") \
  TINYSDK_DOT_ROW("r8", "[r3, r2]") \
  TINYSDK_DOT_ROW("r4", "[r1], #4") \
  TINYSDK_DOT_ROW("r7", "[r3], #4")

/* sums[i] += row i, `row` bytes apart; quads >= 1. */
static __attribute__((naked, noinline, used)) void
tinysdk_dot_five(__attribute__((unused)) const uint32_t *x, __attribute__((unused)) const int8_t *weights,
                 __attribute__((unused)) int32_t row, __attribute__((unused)) int32_t quads,
                 __attribute__((unused)) int32_t *sums) {
  __asm__("push {r4-r11, lr}\n"
          "ldr r12, [sp, #36]\n"
          "add lr, r0, r3, lsl #3\n"
          "lsls r9, r3, #31\n"
          "add r3, r1, r2, lsl #1\n"
          "add r3, r3, r2\n"
          "ldm r12, {r4-r8}\n"
          "bne 2f\n"
          "1:\n" TINYSDK_DOT_QUAD
          "2:\n" TINYSDK_DOT_QUAD
          "cmp r0, lr\n"
          "bne 1b\n"
          "ldr r12, [sp, #36]\n"
          "stm r12, {r4-r8}\n"
          "pop {r4-r11, pc}\n");
}
/* clang-format on */

#endif
