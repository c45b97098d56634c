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

/* clang-format off */
#define TINYSDK_JOIN_PACKED \
  "ldrd r4, r5, [r0]\n" \
  "add r0, r0, r1\n" \
  "ldrd r6, r7, [r0]\n" \
  "add r0, r0, r1\n" \
  "pkhbt r8, r4, r6, lsl #16\n" \
  "pkhtb r9, r6, r4, asr #16\n" \
  "pkhbt r10, r5, r7, lsl #16\n" \
  "pkhtb r11, r7, r5, asr #16\n" \
  "sxtb16 r4, r8\n" \
  "sxtb16 r5, r9\n" \
  "sxtb16 r6, r10\n" \
  "sxtb16 r7, r11\n" \
  "uadd16 r8, r8, lr\n" \
  "uadd16 r9, r9, lr\n" \
  "uadd16 r10, r10, lr\n" \
  "uadd16 r11, r11, lr\n" \
  "stmia r3!, {r4-r7}\n" \
  "sxtb16 r8, r8, ror #8\n" \
  "sxtb16 r9, r9, ror #8\n" \
  "sxtb16 r10, r10, ror #8\n" \
  "sxtb16 r11, r11, ror #8\n" \
  "stmia r3!, {r8-r11}\n"
/* clang-format on */

/* Of `twos` of rows of packed pairs, at least 1, `row` bytes apart: two words a + 256 b each give four
 * channels' weights (a, a'), then as many (b, b'). b is a + 256 b + 128, divided by 256: a lies within
 * +-128. The loop of four is entered where the rest is whole. */
static __attribute__((naked, noinline, unused)) void
tinysdk_join_packed(__attribute__((unused)) const int8_t *packed, __attribute__((unused)) int32_t row,
                    __attribute__((unused)) int32_t twos, __attribute__((unused)) uint32_t *to) {
  __asm__("push {r4-r11, lr}\n"
          "mov lr, #0x00800080\n"
          "lsls r12, r2, #31\n"
          "bcc 6f\n"
          "bmi 2f\n"
          "b 3f\n"
          "6:\n"
          "bmi 4f\n"
          "1:\n" TINYSDK_JOIN_PACKED "2:\n" TINYSDK_JOIN_PACKED "3:\n" TINYSDK_JOIN_PACKED
          "4:\n" TINYSDK_JOIN_PACKED "subs r2, r2, #4\n"
          "bgt 1b\n"
          "pop {r4-r11, pc}\n");
}

#endif
