/* Rows with the fewest instructions: the weights wait in floating-point registers, so that one LDM brings
 * four pixels. A row starts with a group of up to sixteen words (eight of longer rows), whose first word adds
 * to the start values. */
#ifndef TINYSDK_DSP_SERVE_PAIRS_ARM_H
#define TINYSDK_DSP_SERVE_PAIRS_ARM_H

#include "serve_arm.h"

/* clang-format off */
#define TINYSDK_PAIR_WORD_FROM(weight, a0, a1, a2, a3, c0, c1, c2, c3) \
  "vmov r1, " weight "\n" \
  "ldmia r0!, {r2, r3, r12, lr}\n" \
  "smlad r8, r1, r2, " c0 "\n" \
  "smlad r9, r1, r3, " c1 "\n" \
  "smlad r10, r1, r12, " c2 "\n" \
  "smlad r11, r1, lr, " c3 "\n" \
  "sxtb16 r1, r1\n" \
  "smlad r4, r1, r2, " a0 "\n" \
  "smlad r5, r1, r3, " a1 "\n" \
  "smlad r6, r1, r12, " a2 "\n" \
  "smlad r7, r1, lr, " a3 "\n"

#define TINYSDK_PAIR_START(weight) \
  TINYSDK_PAIR_WORD_FROM(weight, "r7", "r7", "r7", "r7", "r11", "r11", "r11", "r11")
#define TINYSDK_PAIR_WORD(weight) \
  TINYSDK_PAIR_WORD_FROM(weight, "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11")
#define TINYSDK_PAIR_TWO(first, second) TINYSDK_PAIR_WORD(first) TINYSDK_PAIR_WORD(second)
#define TINYSDK_PAIR_EIGHT(a, b, c, d, e, f, g, h) \
  TINYSDK_PAIR_TWO(a, b) TINYSDK_PAIR_TWO(c, d) TINYSDK_PAIR_TWO(e, f) TINYSDK_PAIR_TWO(g, h)

/* A row of few words. */
#define TINYSDK_PAIR_WHOLE(label, registers, words) \
  label ":\n" \
  "vldmia r1, {" registers "}\n" \
  TINYSDK_PAIR_START("s0") TINYSDK_PAIR_WORD("s1") words \
  "ldr pc, [sp, #20]\n"

/* The first group of a row, and where the loop over sixteen goes on reading. */
#define TINYSDK_PAIR_FIRST(label, bytes, registers, words) \
  label "0:\n" \
  "add r2, r1, #" bytes "\n" \
  "str r2, [sp, #12]\n" \
  TINYSDK_PAIR_WHOLE(label, registers, words)

#define TINYSDK_PAIR_LOAD(registers) \
  "ldr lr, [sp, #12]\n" \
  "vldmia lr!, {" registers "}\n" \
  "str lr, [sp, #12]\n"

#define TINYSDK_PAIR_ROWS \
  TINYSDK_PAIR_FIRST("2", "8", "s0, s1", "") \
  TINYSDK_PAIR_FIRST("4", "16", "s0-s3", TINYSDK_PAIR_TWO("s2", "s3")) \
  TINYSDK_PAIR_FIRST("6", "24", "s0-s5", TINYSDK_PAIR_TWO("s2", "s3") TINYSDK_PAIR_TWO("s4", "s5")) \
  TINYSDK_PAIR_FIRST("8", "32", "s0-s7", TINYSDK_PAIR_TWO("s2", "s3") TINYSDK_PAIR_TWO("s4", "s5") \
                                         TINYSDK_PAIR_TWO("s6", "s7")) \
  TINYSDK_PAIR_WHOLE("10", "s0-s9", TINYSDK_PAIR_EIGHT("s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9")) \
  TINYSDK_PAIR_WHOLE("12", "s0-s11", TINYSDK_PAIR_EIGHT("s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9") \
                                     TINYSDK_PAIR_TWO("s10", "s11")) \
  TINYSDK_PAIR_WHOLE("14", "s0-s13", TINYSDK_PAIR_EIGHT("s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9") \
                                     TINYSDK_PAIR_TWO("s10", "s11") TINYSDK_PAIR_TWO("s12", "s13")) \
  TINYSDK_PAIR_WHOLE("16", "s0-s15", TINYSDK_PAIR_EIGHT("s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9") \
                                     TINYSDK_PAIR_TWO("s10", "s11") TINYSDK_PAIR_TWO("s12", "s13") \
                                     TINYSDK_PAIR_TWO("s14", "s15")) \
  "25:\n" \
  TINYSDK_PAIR_LOAD("s8-s15") \
  "b 26f\n" \
  "24:\n" \
  TINYSDK_PAIR_LOAD("s0-s15") \
  TINYSDK_PAIR_EIGHT("s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7") \
  "26:\n" \
  TINYSDK_PAIR_EIGHT("s8", "s9", "s10", "s11", "s12", "s13", "s14", "s15") \
  "ldr r1, [sp, #16]\n" \
  "cmp r0, r1\n" \
  "bne.w 24b\n" \
  "23:\n" \
  "ldr r12, [sp, #8]\n" \
  TINYSDK_END_ROW

/* Runs, or for NULL returns the entries: where from here the code lies that pairs name. Weak: several kernels
 * bring it, an image keeps one. */
tinysdk_pair_server tinysdk_serve_pairs;
__attribute__((naked, noinline, used, weak)) const int16_t *
tinysdk_serve_pairs(TINYSDK_IN const tinysdk_pair_run *run) {
  __asm__(TINYSDK_SERVE(
      "",
      TINYSDK_PAIR_ENTRIES("2", "4", "6", "8") TINYSDK_PAIR_ENTRIES("10", "12", "14", "16"),
      TINYSDK_PAIR_ENTRIES("20", "40", "60", "80") TINYSDK_PAIR_ENTRIES("20", "40", "60", "80"),
      TINYSDK_PAIR_ENTRY("23") TINYSDK_PAIR_ENTRY("24") TINYSDK_PAIR_ENTRY("25"),
      TINYSDK_PAIR_ROWS));
}
/* clang-format on */

#endif
