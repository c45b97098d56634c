/* r2-r5 leave. */
#ifndef TINYSDK_DSP_JOIN_QUADS_ARM_H
#define TINYSDK_DSP_JOIN_QUADS_ARM_H

#define TINYSDK_JOIN_REGISTERS "memory", "r2", "r3", "r4", "r5"

/* Four weights each of two rows: their first and their second halves side by side. */
static inline uint32_t *tinysdk_join_rows(const int8_t *row, int32_t distance, uint32_t *to) {
  __asm__ volatile("ldr r2, [%[row]]\n"
                   "ldr r3, [%[row], %[distance]]\n"
                   "pkhbt r4, r2, r3, lsl #16\n"
                   "pkhtb r5, r3, r2, asr #16\n"
                   "sxtb16 r2, r4\n"
                   "sxtb16 r3, r5\n"
                   "sxtb16 r4, r4, ror #8\n"
                   "sxtb16 r5, r5, ror #8\n"
                   "stmia %[to]!, {r2-r5}\n"
                   : [to] "+r"(to)
                   : [row] "r"(row), [distance] "r"(distance)
                   : TINYSDK_JOIN_REGISTERS);
  return to;
}

/* Two words a + 256 b each of two rows of packed pairs: four channels' weights (a, a'), then as many (b, b').
 * b is a + 256 b + 128, divided by 256: a lies within +-128. */
static inline uint32_t *tinysdk_join_packed(const int8_t *packed, int32_t row, uint32_t *to) {
  __asm__ volatile("ldr r6, [%[packed]]\n"
                   "ldr r10, [%[packed], #4]\n"
                   "ldr r2, [%[packed], %[row]]\n"
                   "ldr r3, [%[below], %[row]]\n"
                   "pkhbt r8, r6, r2, lsl #16\n"
                   "pkhtb r9, r2, r6, asr #16\n"
                   "pkhbt r6, r10, r3, lsl #16\n"
                   "pkhtb r10, r3, r10, asr #16\n"
                   "sxtb16 r2, r8\n"
                   "sxtb16 r3, r9\n"
                   "sxtb16 r4, r6\n"
                   "sxtb16 r5, r10\n"
                   "uadd16 r8, r8, %[half]\n"
                   "uadd16 r9, r9, %[half]\n"
                   "uadd16 r6, r6, %[half]\n"
                   "uadd16 r10, r10, %[half]\n"
                   "stmia %[to]!, {r2-r5}\n"
                   "sxtb16 r2, r8, ror #8\n"
                   "sxtb16 r3, r9, ror #8\n"
                   "sxtb16 r4, r6, ror #8\n"
                   "sxtb16 r5, r10, ror #8\n"
                   "stmia %[to]!, {r2-r5}\n"
                   : [to] "+r"(to)
                   : [packed] "r"(packed), [below] "r"(packed + 4), [row] "r"(row), [half] "r"(0x00800080u)
                   : TINYSDK_JOIN_REGISTERS, "r6", "r10", "r8", "r9");
  return to;
}

#endif
