/* What pairs.h needs on Arm. */
#ifndef TINYSDK_DSP_PAIRS_ARM_H
#define TINYSDK_DSP_PAIRS_ARM_H

static inline uintptr_t tinysdk_pair_code(const int16_t *entries, int32_t entry) {
  return (uintptr_t)entries + (uintptr_t)(intptr_t)entries[entry];
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
          "ldr r6, [r0, r1, lsl #1]\n"
          "ldr r5, [r0, r1]\n"
          "pkhbt r12, r4, r6, lsl #16\n"
          "ldr r7, [r0, r8]\n"
          "pkhtb r6, r6, r4, asr #16\n"
          "add r0, r0, r1, lsl #2\n"
          "sxtab16 r9, r2, r12\n"
          "subs lr, lr, #1\n"
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
          "bne 1b\n"
          "pop {r4-r11, pc}\n");
}

#endif
