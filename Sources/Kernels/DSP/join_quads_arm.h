/* r6 and r12 take the weights, r2-r5 leave. */
#ifndef TINYSDK_DSP_JOIN_QUADS_ARM_H
#define TINYSDK_DSP_JOIN_QUADS_ARM_H

#define TINYSDK_JOIN_REGISTERS "memory", "r2", "r3", "r4", "r5", "r6", "r12"

/* From r3 and r6, the first and third channel's weights, and from r5 and r12, the others'. */
#define TINYSDK_STORE_JOINED                                                                                 \
  "pkhbt r2, r3, r6, lsl #16\n"                                                                              \
  "pkhtb r3, r6, r3, asr #16\n"                                                                              \
  "pkhbt r4, r5, r12, lsl #16\n"                                                                             \
  "pkhtb r5, r12, r5, asr #16\n"                                                                             \
  "stmia %[to]!, {r2-r5}\n"

/* Four weights each of two rows. */
static inline uint32_t *tinysdk_join_rows(const int8_t *row, int32_t distance, uint32_t *to) {
  __asm__ volatile("ldr r4, [%[row]]\n"
                   "ldr r12, [%[row], %[distance]]\n"
                   "sxtb16 r3, r4\n"
                   "sxtb16 r6, r12\n"
                   "sxtb16 r5, r4, ror #8\n"
                   "sxtb16 r12, r12, ror #8\n" TINYSDK_STORE_JOINED
                   : [to] "+r"(to)
                   : [row] "r"(row), [distance] "r"(distance)
                   : TINYSDK_JOIN_REGISTERS);
  return to;
}

/* Two words a + 256 b of packed pairs. b is a + 256 b + 128, divided by 256: a lies within +-128. */
static inline uint32_t *tinysdk_join_packed(const int8_t *packed, uint32_t *to) {
  __asm__ volatile("ldr r6, [%[packed]]\n"
                   "ldr r12, [%[packed], #4]\n"
                   "sxtb16 r3, r6\n"
                   "sxtb16 r5, r12\n"
                   "uadd16 r6, r6, %[half]\n"
                   "uadd16 r12, r12, %[half]\n"
                   "sxtb16 r6, r6, ror #8\n"
                   "sxtb16 r12, r12, ror #8\n" TINYSDK_STORE_JOINED
                   : [to] "+r"(to)
                   : [packed] "r"(packed), [half] "r"(0x00800080u)
                   : TINYSDK_JOIN_REGISTERS);
  return to;
}

#endif
