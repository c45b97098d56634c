/* Pairs of output channels by four pixels. r4-r7 hold A, r8-r11 hold C; r0 walks the columns; the weights
 * wait in floating-point registers, so that one LDM brings four pixels.
 *
 * The run lies on the stack; every pair names the code that serves it: the first group of up to sixteen
 * words (eight of longer rows), whose first word adds to the start values, then its channels' endings, one
 * for every usual shift, because SSAT shifts by a constant at no cost. r12 points into the pair that comes
 * next, or into this one: what starts it lies below, what ends it above. */
#ifndef TINYSDK_DSP_PAIRS_ARM_H
#define TINYSDK_DSP_PAIRS_ARM_H

_Static_assert(sizeof(tinysdk_pair) == 48 && offsetof(tinysdk_pair, multiply) == 16 &&
                   offsetof(tinysdk_pair, multiplier_a) == 20 && offsetof(tinysdk_pair, multiplier_b) == 28 &&
                   offsetof(tinysdk_pair, finish_a) == 36 && offsetof(tinysdk_pair, finish_b) == 40 &&
                   offsetof(tinysdk_pair, right_a) == 44 && offsetof(tinysdk_pair, right_b) == 45,
               "the assembly counts on these");
_Static_assert(offsetof(tinysdk_pair_run, element) == 36 && offsetof(tinysdk_pair_run, output) == 4 &&
                   offsetof(tinysdk_pair_run, pair) == 8 && offsetof(tinysdk_pair_run, rest) == 12 &&
                   offsetof(tinysdk_pair_run, end) == 16 && offsetof(tinysdk_pair_run, more) == 20 &&
                   offsetof(tinysdk_pair_run, range) == 24 && offsetof(tinysdk_pair_run, mask) == 32,
               "the assembly counts on these");

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

#define TINYSDK_PACK_A \
  "bfi r4, r5, #8, #8\n" \
  "bfi r6, r7, #8, #8\n" \
  "pkhbt r4, r4, r6, lsl #16\n"
#define TINYSDK_PACK_B \
  "bfi r8, r9, #8, #8\n" \
  "bfi r10, r11, #8, #8\n" \
  "pkhbt r8, r8, r10, lsl #16\n"

/* On to the pair at r12, of which some may be none at all. */
#define TINYSDK_START_PAIR "ldmdb r12, {r0, r1, r7, r11, pc}\n"
#define TINYSDK_NEXT_PAIR \
  "ldrd r3, r0, [sp]\n" \
  "str r4, [r0]\n" \
  "str r8, [r0, r3]\n" \
  "add r0, r0, r3, lsl #1\n" \
  "strd r0, r12, [sp, #4]\n" \
  TINYSDK_START_PAIR

/* A value that SSAT is to shift; multiplier m, addend n. */
#define TINYSDK_RAW_SINGLE(v, m, n) "smmla " v ", " v ", " m ", " n "\n"
#define TINYSDK_RAW_TFLITE(v, m, n) "smmlar lr, " v ", " m ", " n "\nadd " v ", lr, " v ", asr #31\n"
#define TINYSDK_RAW_TFLITE_A(v, m, n) "lsl " v ", " v ", #1\n" TINYSDK_RAW_TFLITE(v, m, n)
#define TINYSDK_RAW_TFLITE_B(v, m, n) "asr " v ", " v ", #7\n" TINYSDK_RAW_TFLITE(v, m, n)
#define TINYSDK_SHIFTED_BYTE(v, right) "ssat " v ", #8, " v ", asr #" right "\n"

#define TINYSDK_SHIFTED_FOUR(raw, right, m, n, a, b, c, d) \
  raw(a, m, n) raw(b, m, n) raw(c, m, n) raw(d, m, n) \
  TINYSDK_SHIFTED_BYTE(a, right) TINYSDK_SHIFTED_BYTE(b, right) \
  TINYSDK_SHIFTED_BYTE(c, right) TINYSDK_SHIFTED_BYTE(d, right)
#define TINYSDK_FINISH_A(label, raw, right) \
  label ":\n" \
  TINYSDK_SHIFTED_FOUR(raw, right, "r0", "r1", "r4", "r5", "r6", "r7") \
  TINYSDK_PACK_A \
  "ldr pc, [r12], #28\n"
#define TINYSDK_FINISH_B(label, raw, right) \
  label ":\n" \
  TINYSDK_SHIFTED_FOUR(raw, right, "r2", "r3", "r8", "r9", "r10", "r11") \
  TINYSDK_PACK_B TINYSDK_NEXT_PAIR

/* A value of any shift, by either rounding: multiplier r0, addend r1, shift r2. */
#define TINYSDK_SCALE_SINGLE_A(v) "smmla " v ", " v ", r0, r1\nasr " v ", " v ", r2\n"
#define TINYSDK_SCALE_SINGLE_B(v) TINYSDK_SCALE_SINGLE_A(v)
#define TINYSDK_SCALE_TFLITE(v) \
  "smmlar r3, " v ", r0, r1\nadd " v ", r3, " v ", asr #31\nasr " v ", " v ", r2\n"
#define TINYSDK_SCALE_TFLITE_A(v) "lsl " v ", " v ", #1\n" TINYSDK_SCALE_TFLITE(v)
#define TINYSDK_SCALE_TFLITE_B(v) "asr " v ", " v ", #7\n" TINYSDK_SCALE_TFLITE(v)

#define TINYSDK_LEAVE_PLAIN(v) "ssat " v ", #8, " v "\n"
#define TINYSDK_LEAVE_CLAMP(v) "usat " v ", #8, " v "\n"
/* The carry is whether the value lies within the clamp. */
#define TINYSDK_LEAVE_MASK(v) "cmp lr, " v "\nadc r12, r12, r12\nusat " v ", #8, " v "\n"

#define TINYSDK_FOUR(scale, leave, a, b, c, d) \
  scale(d) leave(d) scale(c) leave(c) scale(b) leave(b) scale(a) leave(a)
#define TINYSDK_EIGHT(scale, leave) \
  "ldrb r2, [r12, #4]\n" \
  "ldrb lr, [sp, #24]\n" \
  "mov r12, #0\n" \
  TINYSDK_FOUR(scale##_A, leave, "r4", "r5", "r6", "r7") \
  "ldr r3, [sp, #8]\n" \
  "ldrb r2, [r3, #25]\n" \
  "ldrd r0, r1, [r3, #8]\n" \
  TINYSDK_FOUR(scale##_B, leave, "r8", "r9", "r10", "r11") \
  TINYSDK_PACK_A TINYSDK_PACK_B

/* The unsigned minimum with the clamp's width, then its lower end. */
#define TINYSDK_CLAMP_BYTES \
  "ldrd r0, r1, [sp, #24]\n" \
  "usub8 r2, r0, r4\n" \
  "sel r4, r4, r0\n" \
  "usub8 r2, r0, r8\n" \
  "sel r8, r8, r0\n" \
  "uadd8 r4, r4, r1\n" \
  "uadd8 r8, r8, r1\n"

/* The low four bits of `bits` for element r1 of the mask r0; both nibbles of its byte are whole. */
#define TINYSDK_WRITE_NIBBLE(bits) \
  "lsrs r3, r1, #3\n" \
  "ldrb r5, [r0, r3]\n" \
  "ite cs\n" \
  "bfics r5, " bits ", #4, #4\n" \
  "bficc r5, " bits ", #0, #4\n" \
  "strb r5, [r0, r3]\n"
#define TINYSDK_WRITE_MASK \
  "ldrd r0, r1, [sp, #32]\n" \
  "ldr r2, [sp]\n" \
  "lsr r6, r12, #4\n" \
  TINYSDK_WRITE_NIBBLE("r6") \
  "add r1, r1, r2\n" \
  TINYSDK_WRITE_NIBBLE("r12") \
  "add r1, r1, r2\n" \
  "str r1, [sp, #36]\n"

#define TINYSDK_PAIR_ENTRY(label) ".hword " label "f - 90b + 1\n"
#define TINYSDK_PAIR_ENTRIES(a, b, c, d) \
  TINYSDK_PAIR_ENTRY(a) TINYSDK_PAIR_ENTRY(b) TINYSDK_PAIR_ENTRY(c) TINYSDK_PAIR_ENTRY(d)

/* Runs, or for NULL returns the entries: where from here the code lies that pairs name. Weak: three kernels
 * bring it, an image keeps one. */
const int16_t *tinysdk_serve_pairs(const tinysdk_pair_run *run);
__attribute__((naked, noinline, used, weak)) const int16_t *
tinysdk_serve_pairs(TINYSDK_IN const tinysdk_pair_run *run) {
  __asm__(
      "cbz r0, 91f\n"
      "push {r4-r11, lr}\n"
      "sub sp, sp, #44\n"
      "ldmia r0, {r1-r10}\n"
      "add r3, r3, #20\n"
      "stmia sp, {r1-r10}\n"
      "mov r12, r3\n"
      TINYSDK_START_PAIR
      "91:\n"
      "adr r0, 90f\n"
      "bx lr\n"
      ".p2align 2\n"
      "90:\n"
      TINYSDK_PAIR_ENTRIES("2", "4", "6", "8") TINYSDK_PAIR_ENTRIES("10", "12", "14", "16")
      TINYSDK_PAIR_ENTRIES("20", "40", "60", "80")
      TINYSDK_PAIR_ENTRIES("23", "24", "25", "99")
      TINYSDK_PAIR_ENTRIES("30", "31", "32", "33") TINYSDK_PAIR_ENTRY("34") TINYSDK_PAIR_ENTRY("35")
      TINYSDK_PAIR_ENTRIES("103", "104", "105", "106") TINYSDK_PAIR_ENTRIES("107", "108", "109", "110")
      TINYSDK_PAIR_ENTRIES("211", "212", "213", "214") TINYSDK_PAIR_ENTRIES("215", "216", "217", "218")
      TINYSDK_PAIR_ENTRIES("304", "305", "306", "307") TINYSDK_PAIR_ENTRIES("308", "309", "310", "311")
      TINYSDK_PAIR_ENTRIES("404", "405", "406", "407") TINYSDK_PAIR_ENTRIES("408", "409", "410", "411")
      TINYSDK_PAIR_FIRST("2", "8", "s0, s1", "")
      TINYSDK_PAIR_FIRST("4", "16", "s0-s3", TINYSDK_PAIR_TWO("s2", "s3"))
      TINYSDK_PAIR_FIRST("6", "24", "s0-s5", TINYSDK_PAIR_TWO("s2", "s3") TINYSDK_PAIR_TWO("s4", "s5"))
      TINYSDK_PAIR_FIRST("8", "32", "s0-s7", TINYSDK_PAIR_TWO("s2", "s3") TINYSDK_PAIR_TWO("s4", "s5")
                                             TINYSDK_PAIR_TWO("s6", "s7"))
      TINYSDK_PAIR_WHOLE("10", "s0-s9", TINYSDK_PAIR_EIGHT("s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9"))
      TINYSDK_PAIR_WHOLE("12", "s0-s11", TINYSDK_PAIR_EIGHT("s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9")
                                         TINYSDK_PAIR_TWO("s10", "s11"))
      TINYSDK_PAIR_WHOLE("14", "s0-s13", TINYSDK_PAIR_EIGHT("s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9")
                                         TINYSDK_PAIR_TWO("s10", "s11") TINYSDK_PAIR_TWO("s12", "s13"))
      TINYSDK_PAIR_WHOLE("16", "s0-s15", TINYSDK_PAIR_EIGHT("s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9")
                                         TINYSDK_PAIR_TWO("s10", "s11") TINYSDK_PAIR_TWO("s12", "s13")
                                         TINYSDK_PAIR_TWO("s14", "s15"))
      "25:\n"
      TINYSDK_PAIR_LOAD("s8-s15")
      "b 26f\n"
      "24:\n"
      TINYSDK_PAIR_LOAD("s0-s15")
      TINYSDK_PAIR_EIGHT("s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7")
      "26:\n"
      TINYSDK_PAIR_EIGHT("s8", "s9", "s10", "s11", "s12", "s13", "s14", "s15")
      "ldr r1, [sp, #16]\n"
      "cmp r0, r1\n"
      "bne.w 24b\n"
      "23:\n"
      "ldr r12, [sp, #8]\n"
      "sub r8, r8, r4\n"
      "sub r9, r9, r5\n"
      "sub r10, r10, r6\n"
      "sub r11, r11, r7\n"
      "ldmia r12!, {r0-r3, pc}\n"
      TINYSDK_FINISH_A("103", TINYSDK_RAW_SINGLE, "3") TINYSDK_FINISH_A("104", TINYSDK_RAW_SINGLE, "4")
      TINYSDK_FINISH_A("105", TINYSDK_RAW_SINGLE, "5") TINYSDK_FINISH_A("106", TINYSDK_RAW_SINGLE, "6")
      TINYSDK_FINISH_A("107", TINYSDK_RAW_SINGLE, "7") TINYSDK_FINISH_A("108", TINYSDK_RAW_SINGLE, "8")
      TINYSDK_FINISH_A("109", TINYSDK_RAW_SINGLE, "9") TINYSDK_FINISH_A("110", TINYSDK_RAW_SINGLE, "10")
      TINYSDK_FINISH_B("211", TINYSDK_RAW_SINGLE, "11") TINYSDK_FINISH_B("212", TINYSDK_RAW_SINGLE, "12")
      TINYSDK_FINISH_B("213", TINYSDK_RAW_SINGLE, "13") TINYSDK_FINISH_B("214", TINYSDK_RAW_SINGLE, "14")
      TINYSDK_FINISH_B("215", TINYSDK_RAW_SINGLE, "15") TINYSDK_FINISH_B("216", TINYSDK_RAW_SINGLE, "16")
      TINYSDK_FINISH_B("217", TINYSDK_RAW_SINGLE, "17") TINYSDK_FINISH_B("218", TINYSDK_RAW_SINGLE, "18")
      TINYSDK_FINISH_A("304", TINYSDK_RAW_TFLITE_A, "4") TINYSDK_FINISH_A("305", TINYSDK_RAW_TFLITE_A, "5")
      TINYSDK_FINISH_A("306", TINYSDK_RAW_TFLITE_A, "6") TINYSDK_FINISH_A("307", TINYSDK_RAW_TFLITE_A, "7")
      TINYSDK_FINISH_A("308", TINYSDK_RAW_TFLITE_A, "8") TINYSDK_FINISH_A("309", TINYSDK_RAW_TFLITE_A, "9")
      TINYSDK_FINISH_A("310", TINYSDK_RAW_TFLITE_A, "10") TINYSDK_FINISH_A("311", TINYSDK_RAW_TFLITE_A, "11")
      TINYSDK_FINISH_B("404", TINYSDK_RAW_TFLITE_B, "4") TINYSDK_FINISH_B("405", TINYSDK_RAW_TFLITE_B, "5")
      TINYSDK_FINISH_B("406", TINYSDK_RAW_TFLITE_B, "6") TINYSDK_FINISH_B("407", TINYSDK_RAW_TFLITE_B, "7")
      TINYSDK_FINISH_B("408", TINYSDK_RAW_TFLITE_B, "8") TINYSDK_FINISH_B("409", TINYSDK_RAW_TFLITE_B, "9")
      TINYSDK_FINISH_B("410", TINYSDK_RAW_TFLITE_B, "10") TINYSDK_FINISH_B("411", TINYSDK_RAW_TFLITE_B, "11")
      "30:\n" TINYSDK_EIGHT(TINYSDK_SCALE_TFLITE, TINYSDK_LEAVE_PLAIN) "b 39f\n"
      "31:\n" TINYSDK_EIGHT(TINYSDK_SCALE_SINGLE, TINYSDK_LEAVE_PLAIN) "b 39f\n"
      "32:\n" TINYSDK_EIGHT(TINYSDK_SCALE_TFLITE, TINYSDK_LEAVE_CLAMP) TINYSDK_CLAMP_BYTES "b 39f\n"
      "33:\n" TINYSDK_EIGHT(TINYSDK_SCALE_SINGLE, TINYSDK_LEAVE_CLAMP) TINYSDK_CLAMP_BYTES "b 39f\n"
      "34:\n" TINYSDK_EIGHT(TINYSDK_SCALE_TFLITE, TINYSDK_LEAVE_MASK) TINYSDK_CLAMP_BYTES TINYSDK_WRITE_MASK "b 39f\n"
      "35:\n" TINYSDK_EIGHT(TINYSDK_SCALE_SINGLE, TINYSDK_LEAVE_MASK) TINYSDK_CLAMP_BYTES TINYSDK_WRITE_MASK
      "39:\n"
      "ldr r12, [sp, #8]\n"
      "add r12, r12, #48\n"
      TINYSDK_NEXT_PAIR
      "99:\n"
      "add sp, sp, #44\n"
      "pop {r4-r11, pc}\n");
}

static inline uintptr_t tinysdk_pair_code(const int16_t *entries, int32_t entry) {
  return (uintptr_t)entries + (uintptr_t)(intptr_t)entries[entry];
}
/* clang-format on */

/* The columns of whole quads of planes; quads >= 1. */
static __attribute__((naked, noinline, used)) void
tinysdk_widen_quads(TINYSDK_IN const int8_t *input, TINYSDK_IN int32_t plane, TINYSDK_IN uint32_t base,
                    TINYSDK_IN uint32_t *columns, TINYSDK_IN int32_t quads) {
  __asm__("push {r4-r11, lr}\n"
          "ldr lr, [sp, #36]\n"
          "add r8, r1, r1, lsl #1\n"
          "1:\n"
          "ldr r4, [r0]\n"
          "ldr r5, [r0, r1]\n"
          "ldr r6, [r0, r1, lsl #1]\n"
          "ldr r7, [r0, r8]\n"
          "add r0, r0, r1, lsl #2\n"
          "pkhbt r12, r4, r6, lsl #16\n"
          "pkhtb r6, r6, r4, asr #16\n"
          "sxtab16 r9, r2, r12\n"
          "sxtab16 r10, r2, r12, ror #8\n"
          "sxtab16 r11, r2, r6\n"
          "sxtab16 r12, r2, r6, ror #8\n"
          "stmia r3!, {r9-r12}\n"
          "pkhbt r12, r5, r7, lsl #16\n"
          "pkhtb r7, r7, r5, asr #16\n"
          "sxtab16 r9, r2, r12\n"
          "sxtab16 r10, r2, r12, ror #8\n"
          "sxtab16 r11, r2, r7\n"
          "sxtab16 r12, r2, r7, ror #8\n"
          "stmia r3!, {r9-r12}\n"
          "subs lr, lr, #1\n"
          "bne 1b\n"
          "pop {r4-r11, pc}\n");
}

#endif
