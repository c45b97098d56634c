/* Rows with the fewest cycles where two instructions issue at once: single loads of the next pixels and
 * weights stand beside the multiplications, each some instructions before its use. r2 holds a word of
 * weights, r3 its first channel's, r12 and lr two pixels.
 *
 * All rows end at the end of the same sixteen words: a row that is shorter, or the rest of one that is
 * longer, enters in their middle, with r0 and r1 set back. The carry says whether these words are the last.
 */
#ifndef TINYSDK_DSP_SERVE_PAIRS_DUAL_ARM_H
#define TINYSDK_DSP_SERVE_PAIRS_DUAL_ARM_H

#include "serve_arm.h"

/* clang-format off */
/* Parts of a word whose first pixel is in r12; x: where its pixels lie. */
#define TINYSDK_DUAL_TWO(x) \
  "ldr lr, [r0, #" x " + 4]\n" \
  "smlad r8, r2, r12, r8\n" \
  "sxtb16 r3, r2\n" \
  "smlad r9, r2, lr, r9\n"
#define TINYSDK_DUAL_FOUR(x) \
  "smlad r4, r3, r12, r4\n" \
  "ldr r12, [r0, #" x " + 8]\n" \
  "smlad r5, r3, lr, r5\n" \
  "ldr lr, [r0, #" x " + 12]\n" \
  "smlad r10, r2, r12, r10\n" \
  "smlad r6, r3, r12, r6\n"
/* The last part, beside loads for the next word; w: where the word itself lies. */
#define TINYSDK_DUAL_NEXT(x, w) \
  "ldr r12, [r0, #" x " + 16]\n" \
  "smlad r11, r2, lr, r11\n" \
  "ldr r2, [r1, #" w " + 4]\n" \
  "smlad r7, r3, lr, r7\n"

#define TINYSDK_DUAL_WORD(x, w) \
  TINYSDK_DUAL_TWO(x) TINYSDK_DUAL_FOUR(x) TINYSDK_DUAL_NEXT(x, w)

/* On to more words; the carry becomes whether they are the last. */
#define TINYSDK_DUAL_ADVANCE(x, w, end) \
  "ldr lr, [" end "]\n" \
  "add r0, r0, #" x "\n" \
  "add r1, r1, #" w "\n" \
  "cmp r0, lr\n"

/* Every sum starts at its channel's start. */
#define TINYSDK_DUAL_START \
  "mov r4, r7\n" \
  "mov r5, r7\n" \
  "mov r6, r7\n" \
  "mov r8, r11\n" \
  "mov r9, r11\n" \
  "mov r10, r11\n"
/* Both entries of a length. */
#define TINYSDK_DUAL_ENTER(label, x, w, word) \
  label ":\n" \
  "ldr r2, [r1]\n" \
  "ldr r12, [r0]\n" \
  "sub r1, r1, #" w "\n" \
  "subs r0, r0, #" x "\n" \
  TINYSDK_DUAL_START \
  "b " word "f\n" \
  label "0:\n" \
  "ldr lr, [sp, #16]\n" \
  "ldr r2, [r1]\n" \
  "ldr r12, [r0]\n" \
  "sub r1, r1, #" w "\n" \
  "sub r0, r0, #" x "\n" \
  "cmp r0, lr\n" \
  TINYSDK_DUAL_START \
  "b " word "f\n"

#define TINYSDK_DUAL_ROWS \
  TINYSDK_DUAL_ENTER("2", "224", "56", "514") \
  TINYSDK_DUAL_ENTER("4", "192", "48", "512") \
  TINYSDK_DUAL_ENTER("6", "160", "40", "510") \
  TINYSDK_DUAL_ENTER("8", "128", "32", "508") \
  TINYSDK_DUAL_ENTER("10", "96", "24", "506") \
  TINYSDK_DUAL_ENTER("12", "64", "16", "504") \
  TINYSDK_DUAL_ENTER("14", "32", "8", "502") \
  TINYSDK_DUAL_ENTER("16", "0", "0", "500") \
  "500:\n" TINYSDK_DUAL_WORD("0", "0") TINYSDK_DUAL_WORD("16", "4") \
  "502:\n" TINYSDK_DUAL_WORD("32", "8") TINYSDK_DUAL_WORD("48", "12") \
  "504:\n" TINYSDK_DUAL_WORD("64", "16") TINYSDK_DUAL_WORD("80", "20") \
  "506:\n" TINYSDK_DUAL_WORD("96", "24") TINYSDK_DUAL_WORD("112", "28") \
  "508:\n" TINYSDK_DUAL_WORD("128", "32") TINYSDK_DUAL_WORD("144", "36") \
  "510:\n" TINYSDK_DUAL_WORD("160", "40") TINYSDK_DUAL_WORD("176", "44") \
  "512:\n" TINYSDK_DUAL_WORD("192", "48") TINYSDK_DUAL_WORD("208", "52") \
  "514:\n" TINYSDK_DUAL_WORD("224", "56") \
  TINYSDK_DUAL_TWO("240") \
  "bcs 70f\n" \
  TINYSDK_DUAL_FOUR("240") TINYSDK_DUAL_NEXT("240", "60") \
  TINYSDK_DUAL_ADVANCE("256", "64", "sp, #16") \
  "b 500b\n" \
  "70:\n" \
  TINYSDK_DUAL_FOUR("240") \
  "ldr r12, [sp, #8]\n" \
  "smlad r11, r2, lr, r11\n" \
  "smlad r7, r3, lr, r7\n" \
  TINYSDK_END_ROW

/* As tinysdk_serve_pairs. The run's end becomes where the last sixteen words' columns start. */
tinysdk_pair_server tinysdk_serve_pairs_dual;
__attribute__((naked, noinline, used, weak)) const int16_t *
tinysdk_serve_pairs_dual(TINYSDK_IN const tinysdk_pair_run *run) {
  __asm__(TINYSDK_SERVE(
      "sub r5, r5, #256\n",
      TINYSDK_PAIR_ENTRIES("2", "4", "6", "8") TINYSDK_PAIR_ENTRIES("10", "12", "14", "16"),
      TINYSDK_PAIR_ENTRIES("20", "40", "60", "80") TINYSDK_PAIR_ENTRIES("100", "120", "140", "160"),
      TINYSDK_PAIR_ENTRY("99") TINYSDK_PAIR_ENTRY("99") TINYSDK_PAIR_ENTRY("99"),
      TINYSDK_DUAL_ROWS));
}

/* As tinysdk_multiply_pairs, four words at a time; an odd count of quads enters in their middle. */
TINYSDK_ROUTINE tinysdk_multiply_pairs_dual(TINYSDK_IN const uint32_t *x, TINYSDK_IN const int8_t *packed,
                                            TINYSDK_IN int32_t quads, TINYSDK_IN int32_t *sums) {
  __asm__(
      "push {r3-r11, lr}\n"
      "ldm r3, {r4-r11}\n"
      "add r3, r0, r2, lsl #5\n"
      "sub r3, r3, #64\n"
      "push {r3}\n"
      "lsls lr, r2, #31\n"
      "ldr r2, [r1]\n"
      "ldr r12, [r0]\n"
      "beq 1f\n"
      "sub r0, r0, #32\n"
      "sub r1, r1, #8\n"
      "cmp r0, r3\n"
      "b 3f\n"
      "1:\n"
      "cmp r0, r3\n"
      "2:\n" TINYSDK_DUAL_WORD("0", "0") TINYSDK_DUAL_WORD("16", "4")
      "3:\n" TINYSDK_DUAL_WORD("32", "8")
      TINYSDK_DUAL_TWO("48")
      "bcs 4f\n"
      TINYSDK_DUAL_FOUR("48") TINYSDK_DUAL_NEXT("48", "12")
      TINYSDK_DUAL_ADVANCE("64", "16", "sp")
      "b 2b\n"
      "4:\n"
      TINYSDK_DUAL_FOUR("48")
      "smlad r11, r2, lr, r11\n"
      "smlad r7, r3, lr, r7\n"
      "pop {r2, r3}\n"
      "stm r3, {r4-r11}\n"
      "pop {r4-r11, pc}\n");
}
/* clang-format on */

#endif
