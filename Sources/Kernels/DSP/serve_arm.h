/* The frame of the code that serves pairs: r4-r7 hold A, r8-r11 hold C, r0 walks the columns and r1 the
 * weights. How a row is multiplied is a variant's own (serve_pairs_arm.h, serve_pairs_dual_arm.h).
 *
 * The run lies on the stack; every pair names the code that serves it: the entry for its row's length, then
 * its channels' endings, one for every usual shift, because SSAT shifts by a constant at no cost. r12 points
 * into the pair that comes next, or into this one: what starts it lies below, what ends it above. */
#ifndef TINYSDK_DSP_SERVE_ARM_H
#define TINYSDK_DSP_SERVE_ARM_H

#include "pairs.h"

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

/* A value that SSAT is to shift; multiplier m, addend n. */
#define TINYSDK_RAW_SINGLE(v, m, n) "smmla " v ", " v ", " m ", " n "\n"
#define TINYSDK_RAW_TFLITE(v, m, n) "smmlar " v ", " v ", " m ", lr\n"
#define TINYSDK_PREPARE_SINGLE(v, n)
#define TINYSDK_PREPARE_TFLITE_A(v, n) "add lr, " n ", " v ", asr #31\nlsl " v ", " v ", #1\n"
#define TINYSDK_PREPARE_TFLITE_B(v, n) "add lr, " n ", " v ", asr #31\nasr " v ", " v ", #7\n"
#define TINYSDK_SHIFTED_BYTE(v, right) "ssat " v ", #8, " v ", asr #" right "\n"

/* Endings of a channel each: what does not depend on anything recent stands beside the multiplications. That
 * of A also takes A from C, that of B packs both and goes on. */
#define TINYSDK_FINISH_A(label, prepare, raw, right) \
  label ":\n" \
  "sub r8, r8, r4\n" \
  prepare("r4", "r1") raw("r4", "r0", "r1") \
  "sub r9, r9, r5\n" \
  prepare("r5", "r1") raw("r5", "r0", "r1") \
  "sub r10, r10, r6\n" \
  prepare("r6", "r1") raw("r6", "r0", "r1") \
  "sub r11, r11, r7\n" \
  TINYSDK_SHIFTED_BYTE("r4", right) \
  prepare("r7", "r1") raw("r7", "r0", "r1") \
  TINYSDK_SHIFTED_BYTE("r5", right) \
  TINYSDK_SHIFTED_BYTE("r6", right) \
  TINYSDK_SHIFTED_BYTE("r7", right) \
  "ldr pc, [r12], #28\n"
#define TINYSDK_FINISH_B(label, prepare, raw, right) \
  label ":\n" \
  "ldrd r1, r0, [sp]\n" \
  prepare("r8", "r3") raw("r8", "r2", "r3") \
  "bfi r4, r5, #8, #8\n" \
  prepare("r9", "r3") raw("r9", "r2", "r3") \
  "bfi r6, r7, #8, #8\n" \
  prepare("r10", "r3") raw("r10", "r2", "r3") \
  TINYSDK_SHIFTED_BYTE("r8", right) \
  prepare("r11", "r3") raw("r11", "r2", "r3") \
  "pkhbt r4, r4, r6, lsl #16\n" \
  TINYSDK_SHIFTED_BYTE("r9", right) \
  "add r2, r0, r1, lsl #1\n" \
  TINYSDK_SHIFTED_BYTE("r10", right) \
  "str r4, [r0]\n" \
  TINYSDK_SHIFTED_BYTE("r11", right) \
  "bfi r8, r9, #8, #8\n" \
  "strd r2, r12, [sp, #4]\n" \
  "bfi r10, r11, #8, #8\n" \
  "pkhbt r8, r8, r10, lsl #16\n" \
  "str r8, [r0, r1]\n" \
  TINYSDK_START_PAIR

#define TINYSDK_SINGLE_A(label, right) \
  TINYSDK_FINISH_A(label, TINYSDK_PREPARE_SINGLE, TINYSDK_RAW_SINGLE, right)
#define TINYSDK_SINGLE_B(label, right) \
  TINYSDK_FINISH_B(label, TINYSDK_PREPARE_SINGLE, TINYSDK_RAW_SINGLE, right)
#define TINYSDK_TFLITE_A(label, right) \
  TINYSDK_FINISH_A(label, TINYSDK_PREPARE_TFLITE_A, TINYSDK_RAW_TFLITE, right)
#define TINYSDK_TFLITE_B(label, right) \
  TINYSDK_FINISH_B(label, TINYSDK_PREPARE_TFLITE_B, TINYSDK_RAW_TFLITE, right)

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
  "sub r8, r8, r4\n" \
  "sub r9, r9, r5\n" \
  "sub r10, r10, r6\n" \
  "sub r11, r11, r7\n" \
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

#define TINYSDK_SERVE_ENDINGS \
  TINYSDK_SINGLE_A("103", "3") TINYSDK_SINGLE_A("104", "4") \
  TINYSDK_SINGLE_A("105", "5") TINYSDK_SINGLE_A("106", "6") \
  TINYSDK_SINGLE_A("107", "7") TINYSDK_SINGLE_A("108", "8") \
  TINYSDK_SINGLE_A("109", "9") TINYSDK_SINGLE_A("110", "10") \
  TINYSDK_SINGLE_B("211", "11") TINYSDK_SINGLE_B("212", "12") \
  TINYSDK_SINGLE_B("213", "13") TINYSDK_SINGLE_B("214", "14") \
  TINYSDK_SINGLE_B("215", "15") TINYSDK_SINGLE_B("216", "16") \
  TINYSDK_SINGLE_B("217", "17") TINYSDK_SINGLE_B("218", "18") \
  TINYSDK_TFLITE_A("304", "4") TINYSDK_TFLITE_A("305", "5") \
  TINYSDK_TFLITE_A("306", "6") TINYSDK_TFLITE_A("307", "7") \
  TINYSDK_TFLITE_A("308", "8") TINYSDK_TFLITE_A("309", "9") \
  TINYSDK_TFLITE_A("310", "10") TINYSDK_TFLITE_A("311", "11") \
  TINYSDK_TFLITE_B("404", "4") TINYSDK_TFLITE_B("405", "5") \
  TINYSDK_TFLITE_B("406", "6") TINYSDK_TFLITE_B("407", "7") \
  TINYSDK_TFLITE_B("408", "8") TINYSDK_TFLITE_B("409", "9") \
  TINYSDK_TFLITE_B("410", "10") TINYSDK_TFLITE_B("411", "11") \
  "30:\n" TINYSDK_EIGHT(TINYSDK_SCALE_TFLITE, TINYSDK_LEAVE_PLAIN) "b 39f\n" \
  "31:\n" TINYSDK_EIGHT(TINYSDK_SCALE_SINGLE, TINYSDK_LEAVE_PLAIN) "b 39f\n" \
  "32:\n" TINYSDK_EIGHT(TINYSDK_SCALE_TFLITE, TINYSDK_LEAVE_CLAMP) TINYSDK_CLAMP_BYTES "b 39f\n" \
  "33:\n" TINYSDK_EIGHT(TINYSDK_SCALE_SINGLE, TINYSDK_LEAVE_CLAMP) TINYSDK_CLAMP_BYTES "b 39f\n" \
  "34:\n" TINYSDK_EIGHT(TINYSDK_SCALE_TFLITE, TINYSDK_LEAVE_MASK) TINYSDK_CLAMP_BYTES TINYSDK_WRITE_MASK "b 39f\n" \
  "35:\n" TINYSDK_EIGHT(TINYSDK_SCALE_SINGLE, TINYSDK_LEAVE_MASK) TINYSDK_CLAMP_BYTES TINYSDK_WRITE_MASK \
  "39:\n" \
  "ldr r12, [sp, #8]\n" \
  "add r12, r12, #48\n" \
  "ldrd r1, r0, [sp]\n" \
  "str r4, [r0]\n" \
  "str r8, [r0, r1]\n" \
  "add r0, r0, r1, lsl #1\n" \
  "strd r0, r12, [sp, #4]\n" \
  TINYSDK_START_PAIR

/* The whole of it: entries of short rows, of long ones, of what follows a long row's first words. `start` may
 * change the run's fields in r1-r10. A row ends in TINYSDK_END_ROW. */
#define TINYSDK_SERVE(start, brief, lengthy, more, rows) \
  "cbz r0, 91f\n" \
  "push {r4-r11, lr}\n" \
  "sub sp, sp, #44\n" \
  "ldmia r0, {r1-r10}\n" \
  "add r3, r3, #20\n" \
  start \
  "stmia sp, {r1-r10}\n" \
  "mov r12, r3\n" \
  TINYSDK_START_PAIR \
  "91:\n" \
  "adr r0, 90f\n" \
  "bx lr\n" \
  ".p2align 2\n" \
  "90:\n" \
  brief lengthy more TINYSDK_PAIR_ENTRY("99") \
  TINYSDK_PAIR_ENTRIES("30", "31", "32", "33") TINYSDK_PAIR_ENTRY("34") TINYSDK_PAIR_ENTRY("35") \
  TINYSDK_PAIR_ENTRIES("103", "104", "105", "106") TINYSDK_PAIR_ENTRIES("107", "108", "109", "110") \
  TINYSDK_PAIR_ENTRIES("211", "212", "213", "214") TINYSDK_PAIR_ENTRIES("215", "216", "217", "218") \
  TINYSDK_PAIR_ENTRIES("304", "305", "306", "307") TINYSDK_PAIR_ENTRIES("308", "309", "310", "311") \
  TINYSDK_PAIR_ENTRIES("404", "405", "406", "407") TINYSDK_PAIR_ENTRIES("408", "409", "410", "411") \
  rows \
  TINYSDK_SERVE_ENDINGS \
  "99:\n" \
  "add sp, sp, #44\n" \
  "pop {r4-r11, pc}\n"

/* A and C are whole, r12 points to the pair: r0-r3 become both channels' constants. */
#define TINYSDK_END_ROW "ldmia r12!, {r0-r3, pc}\n"
/* clang-format on */

#endif
