/* Pairs of output channels by four pixels. r4-r7 hold A, r8-r11 hold C; r0 walks the columns; the weights
 * wait in floating-point registers, so that one LDM brings four pixels. The run's fields lie on the stack at
 * four times their index; the loop of eight words is entered behind a first group of two, four, six or eight,
 * whose first word adds to the start values. */
#ifndef TINYSDK_DSP_PAIRS_ARM_H
#define TINYSDK_DSP_PAIRS_ARM_H

#define TINYSDK_PAIR_WORD_FROM(weight, a0, a1, a2, a3, c0, c1, c2, c3)                                       \
  "vmov r1, " weight "\n"                                                                                    \
  "ldmia r0!, {r2, r3, r12, lr}\n"                                                                           \
  "smlad r8, r1, r2, " c0 "\n"                                                                               \
  "smlad r9, r1, r3, " c1 "\n"                                                                               \
  "smlad r10, r1, r12, " c2 "\n"                                                                             \
  "smlad r11, r1, lr, " c3 "\n"                                                                              \
  "sxtb16 r1, r1\n"                                                                                          \
  "smlad r4, r1, r2, " a0 "\n"                                                                               \
  "smlad r5, r1, r3, " a1 "\n"                                                                               \
  "smlad r6, r1, r12, " a2 "\n"                                                                              \
  "smlad r7, r1, lr, " a3 "\n"

#define TINYSDK_PAIR_START(weight)                                                                           \
  TINYSDK_PAIR_WORD_FROM(weight, "r7", "r7", "r7", "r7", "r11", "r11", "r11", "r11")
#define TINYSDK_PAIR_WORD(weight)                                                                            \
  TINYSDK_PAIR_WORD_FROM(weight, "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11")

#define TINYSDK_PAIR_TWO(first, second) TINYSDK_PAIR_WORD(first) TINYSDK_PAIR_WORD(second)
#define TINYSDK_PAIR_LOAD(registers)                                                                         \
  "vldmia lr!, {" registers "}\n"                                                                            \
  "str lr, [sp, #20]\n"

#define TINYSDK_PACK_A                                                                                       \
  "bfi r4, r5, #8, #8\n"                                                                                     \
  "bfi r6, r7, #8, #8\n"                                                                                     \
  "pkhbt r4, r4, r6, lsl #16\n"
#define TINYSDK_PACK_B                                                                                       \
  "bfi r8, r9, #8, #8\n"                                                                                     \
  "bfi r10, r11, #8, #8\n"                                                                                   \
  "pkhbt r8, r8, r10, lsl #16\n"

/* Stores the pair, goes on with the next one. */
#define TINYSDK_NEXT_PAIR                                                                                    \
  "ldmia sp, {r0-r3}\n"                                                                                      \
  "str r4, [r0]\n"                                                                                           \
  "str r8, [r0, r2]\n"                                                                                       \
  "add r1, r1, #32\n"                                                                                        \
  "add r0, r0, r2, lsl #1\n"                                                                                 \
  "strd r0, r1, [sp]\n"                                                                                      \
  "cmp r1, r3\n"                                                                                             \
  "bne 1b\n"                                                                                                 \
  "add sp, sp, #56\n"                                                                                        \
  "pop {r4-r11, pc}\n"

/* A value by either rounding: multiplier r0, addend r1, shift r2. */
#define TINYSDK_SCALE_SINGLE_A(v) "smmla " v ", " v ", r0, r1\nasr " v ", " v ", r2\n"
#define TINYSDK_SCALE_SINGLE_B(v) TINYSDK_SCALE_SINGLE_A(v)
#define TINYSDK_SCALE_TFLITE(v)                                                                              \
  "smmlar r3, " v ", r0, r1\nadd " v ", r3, " v ", asr #31\nasr " v ", " v ", r2\n"
#define TINYSDK_SCALE_TFLITE_A(v) "lsl " v ", " v ", #1\n" TINYSDK_SCALE_TFLITE(v)
#define TINYSDK_SCALE_TFLITE_B(v) "asr " v ", " v ", #7\n" TINYSDK_SCALE_TFLITE(v)

#define TINYSDK_LEAVE_PLAIN(v) "ssat " v ", #8, " v "\n"
#define TINYSDK_LEAVE_CLAMP(v) "usat " v ", #8, " v "\n"
/* The carry is whether the value lies within the clamp. */
#define TINYSDK_LEAVE_MASK(v) "cmp lr, " v "\nadc r12, r12, r12\nusat " v ", #8, " v "\n"

#define TINYSDK_FOUR(scale, leave, a, b, c, d)                                                               \
  scale(d) leave(d) scale(c) leave(c) scale(b) leave(b) scale(a) leave(a)
#define TINYSDK_EIGHT(scale, leave)                                                                          \
  "ldmia r12, {r0, r1, r2}\n"                                                                                \
  "ldrb lr, [sp, #36]\n"                                                                                     \
  "mov r12, #0\n" TINYSDK_FOUR(scale##_A, leave, "r4", "r5", "r6",                                           \
                               "r7") "ldr r0, [sp, #4]\n"                                                    \
                                     "add r0, r0, #12\n"                                                     \
                                     "ldmia r0, {r0, r1, r2}\n" TINYSDK_FOUR(scale##_B, leave, "r8", "r9",   \
                                                                             "r10", "r11")                   \
                                         TINYSDK_PACK_A TINYSDK_PACK_B

/* The unsigned minimum with the clamp's width, then its lower end. */
#define TINYSDK_CLAMP_BYTES                                                                                  \
  "ldrd r0, r1, [sp, #36]\n"                                                                                 \
  "usub8 r2, r0, r4\n"                                                                                       \
  "sel r4, r4, r0\n"                                                                                         \
  "usub8 r2, r0, r8\n"                                                                                       \
  "sel r8, r8, r0\n"                                                                                         \
  "uadd8 r4, r4, r1\n"                                                                                       \
  "uadd8 r8, r8, r1\n"

/* The low four bits of `bits` for element r1 of the mask r0; both nibbles of its byte are whole. */
#define TINYSDK_WRITE_NIBBLE(bits)                                                                           \
  "lsrs r3, r1, #3\n"                                                                                        \
  "ldrb r5, [r0, r3]\n"                                                                                      \
  "ite cs\n"                                                                                                 \
  "bfics r5, " bits ", #4, #4\n"                                                                             \
  "bficc r5, " bits ", #0, #4\n"                                                                             \
  "strb r5, [r0, r3]\n"
#define TINYSDK_WRITE_MASK                                                                                   \
  "ldrd r0, r1, [sp, #44]\n"                                                                                 \
  "ldr r2, [sp, #8]\n"                                                                                       \
  "lsr r6, r12, #4\n" TINYSDK_WRITE_NIBBLE("r6") "add r1, r1, r2\n" TINYSDK_WRITE_NIBBLE(                    \
      "r12") "add r1, r1, r2\n"                                                                              \
             "str r1, [sp, #48]\n"

static __attribute__((naked, noinline, used)) void
tinysdk_run_pair_weights(TINYSDK_IN const tinysdk_pair_run *run) {
  __asm__(
      "push {r4-r11, lr}\n"
      "sub sp, sp, #56\n"
      "ldmia r0!, {r1-r7}\n"
      "stmia sp, {r1-r7}\n"
      "ldmia r0, {r1-r6, r8}\n"
      "adr.w r7, 90f\n"
      "ldrsh r1, [r7, r1, lsl #1]\n"
      "add r2, r2, #4\n"
      "ldrsh r2, [r7, r2, lsl #1]\n"
      "add r1, r1, r7\n"
      "add r2, r2, r7\n"
      "add r8, r8, #10\n"
      "ldrsh r8, [r7, r8, lsl #1]\n"
      "add r8, r8, r7\n"
      "add r7, sp, #28\n"
      "stmia r7, {r1-r6, r8}\n"
      "ldr r1, [sp, #4]\n"
      "1:\n"
      "ldrd r0, lr, [sp, #16]\n"
      "ldrd r7, r11, [r1, #24]\n"
      "ldr pc, [sp, #28]\n"
      "2:\n" TINYSDK_PAIR_LOAD("s0, s1") TINYSDK_PAIR_START("s0") TINYSDK_PAIR_WORD(
          "s1") "ldr pc, [sp, #52]\n"
                "6:\n" TINYSDK_PAIR_LOAD("s0-s5") TINYSDK_PAIR_START("s0") TINYSDK_PAIR_WORD("s1")
                    TINYSDK_PAIR_TWO("s2", "s3") TINYSDK_PAIR_TWO(
                        "s4",
                        "s5") "ldr pc, [sp, #52]\n"
                              "4:\n" TINYSDK_PAIR_LOAD("s0-s3") TINYSDK_PAIR_START("s0") TINYSDK_PAIR_WORD(
                                  "s"
                                  "1")
                                  TINYSDK_PAIR_TWO(
                                      "s2",
                                      "s3") "ldr pc, [sp, #52]\n"
                                            "8:\n" TINYSDK_PAIR_LOAD("s0-s7") TINYSDK_PAIR_START(
                                                "s0") TINYSDK_PAIR_WORD("s1") TINYSDK_PAIR_TWO("s2", "s3")
                                                TINYSDK_PAIR_TWO("s4", "s5") TINYSDK_PAIR_TWO(
                                                    "s6",
                                                    "s7") "ldr pc, [sp, #52]\n"
                                                          "21:\n"
                                                          "ldr lr, [sp, #20]\n" TINYSDK_PAIR_LOAD("s0-s7") TINYSDK_PAIR_TWO(
                                                              "s0", "s1") TINYSDK_PAIR_TWO("s"
                                                                                           "2",
                                                                                           "s"
                                                                                           "3")
                                                              TINYSDK_PAIR_TWO("s4", "s5") TINYSDK_PAIR_TWO(
                                                                  "s6",
                                                                  "s7") "ldr r1, [sp, #24]\n"
                                                                        "cmp r0, r1\n"
                                                                        "bne 21b\n"
                                                                        "22:\n"
                                                                        "sub r8, r8, r4\n"
                                                                        "sub r9, r9, r5\n"
                                                                        "sub r10, r10, r6\n"
                                                                        "sub r11, r11, r7\n"
                                                                        "ldr r12, [sp, #4]\n"
                                                                        "ldr pc, [sp, #32]\n"
                                                                        "31:\n"
                                                                        "ldmia r12, {r0-r3, r12, lr}\n"
                                                                        "smmla r4, r4, r0, r1\n"
                                                                        "smmla r5, r5, r0, r1\n"
                                                                        "smmla r6, r6, r0, r1\n"
                                                                        "smmla r7, r7, r0, r1\n"
                                                                        "smmla r8, r8, r3, r12\n"
                                                                        "smmla r9, r9, r3, r12\n"
                                                                        "smmla r10, r10, r3, r12\n"
                                                                        "smmla r11, r11, r3, r12\n"
                                                                        "asr r4, r4, r2\n"
                                                                        "asr r5, r5, r2\n"
                                                                        "asr r6, r6, r2\n"
                                                                        "asr r7, r7, r2\n"
                                                                        "asr r8, r8, lr\n"
                                                                        "asr r9, r9, lr\n"
                                                                        "asr r10, r10, lr\n"
                                                                        "asr r11, r11, lr\n"
                                                                        "ssat r4, #8, r4\n"
                                                                        "ssat r5, #8, r5\n"
                                                                        "ssat r6, #8, r6\n"
                                                                        "ssat r7, #8, r7\n"
                                                                        "ssat r8, #8, r8\n"
                                                                        "ssat r9, #8, r9\n"
                                                                        "ssat r10, #8, r10\n"
                                                                        "ssat r11, #8, r11\n" TINYSDK_PACK_A
                                                                            TINYSDK_PACK_B
                                                                        "39:\n" TINYSDK_NEXT_PAIR
                                                                        "30:\n" TINYSDK_EIGHT(
                                                                            TINYSDK_SCALE_TFLITE,
                                                                            TINYSDK_LEAVE_PLAIN) "b 39b\n"
                                                                                                 "33:"
                                                                                                 "\n" TINYSDK_EIGHT(
                                                                                                     TINYSDK_SCALE_SINGLE,
                                                                                                     TINYSDK_LEAVE_CLAMP)
                                                                                                     TINYSDK_CLAMP_BYTES
      "b 39b\n"
      "32:\n" TINYSDK_EIGHT(TINYSDK_SCALE_TFLITE, TINYSDK_LEAVE_CLAMP) TINYSDK_CLAMP_BYTES
      "b 39b\n"
      "35:\n" TINYSDK_EIGHT(TINYSDK_SCALE_SINGLE, TINYSDK_LEAVE_MASK) TINYSDK_CLAMP_BYTES TINYSDK_WRITE_MASK
      "b 39b\n"
      "34:\n" TINYSDK_EIGHT(TINYSDK_SCALE_TFLITE, TINYSDK_LEAVE_MASK) TINYSDK_CLAMP_BYTES TINYSDK_WRITE_MASK
      "b 39b\n"
      ".p2align 2\n"
      "90:\n"
      ".hword 2b - 90b + 1, 4b - 90b + 1, 6b - 90b + 1, 8b - 90b + 1\n"
      ".hword 30b - 90b + 1, 31b - 90b + 1, 32b - 90b + 1, 33b - 90b + 1, 34b - 90b + 1, 35b - 90b + 1\n"
      ".hword 22b - 90b + 1, 21b - 90b + 1\n");
}

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
