/* Columns of four outputs that lie two inputs apart: bytes 0 and 2 of a tap's first word, bytes 1 and 3 of
 * the word three further on, so that no load reaches past the last input. */
#ifndef TINYSDK_DSP_GATHER_ARM_H
#define TINYSDK_DSP_GATHER_ARM_H

/* Two taps, at offsets `a` and `b`. */
#define TINYSDK_GATHER_TWO(a, b)                                                                             \
  "ldr r9, [r0, " a "]\n"                                                                                    \
  "ldr r10, [r0, " b "]\n"                                                                                   \
  "ldr r11, [r4, " a "]\n"                                                                                   \
  "ldr r12, [r4, " b "]\n"                                                                                   \
  "pkhbt " a ", r9, r10, lsl #16\n"                                                                          \
  "pkhtb r10, r10, r9, asr #16\n"                                                                            \
  "pkhbt " b ", r11, r12, lsl #16\n"                                                                         \
  "pkhtb r12, r12, r11, asr #16\n"                                                                           \
  "sxtab16 r9, r2, " a "\n"                                                                                  \
  "sxtab16 r10, r2, r10\n"                                                                                   \
  "sxtab16 r11, r2, " b ", ror #8\n"                                                                         \
  "sxtab16 r12, r2, r12, ror #8\n"                                                                           \
  "stmia r3!, {r9-r12}\n"

/* quads >= 1. */
static __attribute__((naked, noinline, used)) void
tinysdk_gather_stride2(TINYSDK_IN const int8_t *window, TINYSDK_IN const int32_t *offsets,
                       TINYSDK_IN uint32_t base, TINYSDK_IN uint32_t *columns, TINYSDK_IN int32_t quads) {
  __asm__("push {r4-r11, lr}\n"
          "ldr lr, [sp, #36]\n"
          "add r4, r0, #3\n"
          "1:\n"
          "ldmia r1!, {r5-r8}\n" TINYSDK_GATHER_TWO("r5", "r7")
              TINYSDK_GATHER_TWO("r6", "r8") "subs lr, lr, #1\n"
                                             "bne 1b\n"
                                             "pop {r4-r11, pc}\n");
}

#endif
