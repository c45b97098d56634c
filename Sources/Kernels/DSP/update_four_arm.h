/* s12-s15 hold the changes. Weights and residuals come together as halves of two words, even and odd ones; a
 * change saturates to 32 bits, as so large a one moves any weight to its limit. */
#ifndef TINYSDK_DSP_UPDATE_FOUR_ARM_H
#define TINYSDK_DSP_UPDATE_FOUR_ARM_H

/* clang-format off */
/* Both halves to within +-127 * 256, by saturation at either end. */
#define TINYSDK_LIMIT(fine) \
  "qadd16 " fine ", " fine ", %[up]\n" \
  "qsub16 " fine ", " fine ", %[down]\n" \
  "qadd16 " fine ", " fine ", %[back]\n"

#define TINYSDK_CHANGES(each) each("s12") each("s13") each("s14") each("s15")

#define TINYSDK_CHANGE_OF_FLOAT(s) \
  "vmul.f32 " s ", " s ", %[factor]\n" \
  "vmul.f32 " s ", " s ", %[unit]\n" \
  "vcvtr.s32.f32 " s ", " s "\n"
#define TINYSDK_CHANGE_OF_INTEGER(s) \
  "vcvt.f32.s32 " s ", " s "\n" \
  "vmul.f32 " s ", " s ", %[factor]\n" \
  "vcvtr.s32.f32 " s ", " s "\n"

#define TINYSDK_MOVE_FOUR(change) \
  "vldm %[sums], {s12-s15}\n" \
  "ldr %[odd], [%[weights]]\n" \
  "ldr %[a], [%[residual]]\n" \
  TINYSDK_CHANGES(change) \
  "lsl %[even], %[odd], #8\n" \
  "and %[odd], %[odd], #0xFF00FF00\n" \
  "and %[even], %[even], #0xFF00FF00\n" \
  "sxtab16 %[odd], %[odd], %[a], ror #8\n" \
  "sxtab16 %[even], %[even], %[a]\n" \
  "vmov %[a], %[b], s12, s13\n" \
  "sxth %[c], %[even]\n" \
  "qsub %[a], %[c], %[a]\n" \
  "sxth %[c], %[odd]\n" \
  "qsub %[b], %[c], %[b]\n" \
  "vmov %[c], s14\n" \
  "asr %[even], %[even], #16\n" \
  "qsub %[even], %[even], %[c]\n" \
  "vmov %[c], s15\n" \
  "asr %[odd], %[odd], #16\n" \
  "qsub %[odd], %[odd], %[c]\n" \
  "ssat %[a], #16, %[a]\n" \
  "ssat %[b], #16, %[b]\n" \
  "ssat %[even], #16, %[even]\n" \
  "ssat %[odd], #16, %[odd]\n" \
  "pkhbt %[a], %[a], %[even], lsl #16\n" \
  "pkhbt %[b], %[b], %[odd], lsl #16\n" \
  TINYSDK_LIMIT("%[a]") TINYSDK_LIMIT("%[b]") \
  "qadd16 %[even], %[a], %[half]\n" \
  "qadd16 %[odd], %[b], %[half]\n" \
  "uxtb16 %[even], %[even], ror #8\n" \
  "uxtb16 %[odd], %[odd], ror #8\n" \
  "uxtb16 %[a], %[a]\n" \
  "uxtb16 %[b], %[b]\n" \
  "orr %[even], %[even], %[odd], lsl #8\n" \
  "orr %[a], %[a], %[b], lsl #8\n" \
  "str %[even], [%[weights]]\n" \
  "str %[a], [%[residual]]\n"

#define TINYSDK_FOUR_TEMPORARIES \
  [even] "=&r"(even), [odd] "=&r"(odd), [a] "=&r"(a), [b] "=&r"(b), [c] "=&r"(c)
#define TINYSDK_FOUR_CONSTANTS \
  [weights] "r"(weights), [residual] "r"(residual), [sums] "r"(sums), [up] "r"(0x00FF00FFu), \
      [down] "r"(0x01FF01FFu), [back] "r"(0x01000100u), [half] "r"(0x00800080u)
/* clang-format on */

/* Changes of step * sum, in 256ths. */
static inline void tinysdk_update_four(float step, const float *sums, int8_t *weights, int8_t *residual) {
  uint32_t even, odd, a, b, c;
  __asm__ volatile(TINYSDK_MOVE_FOUR(TINYSDK_CHANGE_OF_FLOAT)
                   : TINYSDK_FOUR_TEMPORARIES
                   : TINYSDK_FOUR_CONSTANTS, [factor] "t"(step), [unit] "t"(256.0f)
                   : "memory", "s12", "s13", "s14", "s15");
}

/* Changes of factor * sum. */
static inline void tinysdk_move_by_sums(float factor, const int32_t *sums, int8_t *weights,
                                        int8_t *residual) {
  uint32_t even, odd, a, b, c;
  __asm__ volatile(TINYSDK_MOVE_FOUR(TINYSDK_CHANGE_OF_INTEGER)
                   : TINYSDK_FOUR_TEMPORARIES
                   : TINYSDK_FOUR_CONSTANTS, [factor] "t"(factor)
                   : "memory", "s12", "s13", "s14", "s15");
}

#endif
