/* A mask's bits go through the carry one by one: each condition multiplies one element into a register that
 * held zero. */
#ifndef TINYSDK_DSP_EIGHT_FLOATS_ARM_H
#define TINYSDK_DSP_EIGHT_FLOATS_ARM_H

#define TINYSDK_EIGHT_FLOAT_REGISTERS                                                                        \
  "cc", "memory", "s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "s12", "s13",    \
      "s14", "s15"

#define TINYSDK_SCALE_WHERE_SET(to, from)                                                                    \
  "lsrs %[bits], %[bits], #1\n"                                                                              \
  "it cs\n"                                                                                                  \
  "vmulcs.f32 s" #to ", s" #from ", %[factor]\n"

static inline void tinysdk_scale_eights(const float *input, const uint8_t *mask, int32_t blocks, float factor,
                                        float *output) {
  static const float zeros[8];
  uint32_t bits;
  const uint8_t *const end = mask + blocks;
  __asm__ volatile("1:\n"
                   "ldrb %[bits], [%[mask]], #1\n"
                   "vldmia %[input]!, {s0-s7}\n"
                   "cmp %[bits], #255\n"
                   "beq 2f\n"
                   "vldmia %[zeros], {s8-s15}\n" TINYSDK_SCALE_WHERE_SET(8, 0) TINYSDK_SCALE_WHERE_SET(9, 1)
                       TINYSDK_SCALE_WHERE_SET(10, 2) TINYSDK_SCALE_WHERE_SET(11, 3)
                           TINYSDK_SCALE_WHERE_SET(12, 4) TINYSDK_SCALE_WHERE_SET(13, 5)
                               TINYSDK_SCALE_WHERE_SET(14, 6)
                                   TINYSDK_SCALE_WHERE_SET(15, 7) "vstmia %[output]!, {s8-s15}\n"
                                                                  "cmp %[mask], %[end]\n"
                                                                  "bne 1b\n"
                                                                  "b 3f\n"
                                                                  "2:\n"
                                                                  "vmul.f32 s0, s0, %[factor]\n"
                                                                  "vmul.f32 s1, s1, %[factor]\n"
                                                                  "vmul.f32 s2, s2, %[factor]\n"
                                                                  "vmul.f32 s3, s3, %[factor]\n"
                                                                  "vmul.f32 s4, s4, %[factor]\n"
                                                                  "vmul.f32 s5, s5, %[factor]\n"
                                                                  "vmul.f32 s6, s6, %[factor]\n"
                                                                  "vmul.f32 s7, s7, %[factor]\n"
                                                                  "vstmia %[output]!, {s0-s7}\n"
                                                                  "cmp %[mask], %[end]\n"
                                                                  "bne 1b\n"
                                                                  "3:\n"
                   : [input] "+r"(input), [mask] "+r"(mask), [output] "+r"(output), [bits] "=&r"(bits)
                   : [factor] "t"(factor), [end] "r"(end), [zeros] "r"(zeros)
                   : TINYSDK_EIGHT_FLOAT_REGISTERS);
}

static inline void tinysdk_scale_plain_eights(const float *input, int32_t blocks, float factor,
                                              float *output) {
  __asm__ volatile("1:\n"
                   "vldmia %[input]!, {s0-s7}\n"
                   "vmul.f32 s0, s0, %[factor]\n"
                   "vmul.f32 s1, s1, %[factor]\n"
                   "vmul.f32 s2, s2, %[factor]\n"
                   "vmul.f32 s3, s3, %[factor]\n"
                   "subs %[blocks], %[blocks], #1\n"
                   "vmul.f32 s4, s4, %[factor]\n"
                   "vmul.f32 s5, s5, %[factor]\n"
                   "vmul.f32 s6, s6, %[factor]\n"
                   "vmul.f32 s7, s7, %[factor]\n"
                   "vstmia %[output]!, {s0-s7}\n"
                   "bne 1b\n"
                   : [input] "+r"(input), [output] "+r"(output), [blocks] "+r"(blocks)
                   : [factor] "t"(factor)
                   : TINYSDK_EIGHT_FLOAT_REGISTERS);
}

static inline void tinysdk_add_eights(const float *input1, const float *input2, int32_t blocks,
                                      float *output) {
  __asm__ volatile(
      "1:\n"
      "vldmia %[input1]!, {s0-s7}\n"
      "vldmia %[input2]!, {s8-s15}\n"
      "vadd.f32 s0, s0, s8\n"
      "vadd.f32 s1, s1, s9\n"
      "vadd.f32 s2, s2, s10\n"
      "vadd.f32 s3, s3, s11\n"
      "subs %[blocks], %[blocks], #1\n"
      "vadd.f32 s4, s4, s12\n"
      "vadd.f32 s5, s5, s13\n"
      "vadd.f32 s6, s6, s14\n"
      "vadd.f32 s7, s7, s15\n"
      "vstmia %[output]!, {s0-s7}\n"
      "bne 1b\n"
      : [input1] "+r"(input1), [input2] "+r"(input2), [output] "+r"(output), [blocks] "+r"(blocks)
      :
      : TINYSDK_EIGHT_FLOAT_REGISTERS);
}

/* Four channels' sums go on by 4 * quads pixels each, four chains of additions side by side. */
static inline void tinysdk_sum_four(const float *const channels[4], int32_t quads, float sums[4]) {
  const float *a = channels[0], *b = channels[1], *c = channels[2], *d = channels[3];
  __asm__ volatile("vldmia %[sums], {s0-s3}\n"
                   "1:\n"
                   "vldmia %[a]!, {s4-s7}\n"
                   "vldmia %[b]!, {s8-s11}\n"
                   "vldmia %[c]!, {s12-s15}\n"
                   "vldmia %[d]!, {s16-s19}\n"
                   "vadd.f32 s0, s0, s4\n"
                   "vadd.f32 s1, s1, s8\n"
                   "vadd.f32 s2, s2, s12\n"
                   "vadd.f32 s3, s3, s16\n"
                   "vadd.f32 s0, s0, s5\n"
                   "vadd.f32 s1, s1, s9\n"
                   "vadd.f32 s2, s2, s13\n"
                   "vadd.f32 s3, s3, s17\n"
                   "vadd.f32 s0, s0, s6\n"
                   "vadd.f32 s1, s1, s10\n"
                   "vadd.f32 s2, s2, s14\n"
                   "vadd.f32 s3, s3, s18\n"
                   "vadd.f32 s0, s0, s7\n"
                   "vadd.f32 s1, s1, s11\n"
                   "vadd.f32 s2, s2, s15\n"
                   "vadd.f32 s3, s3, s19\n"
                   "subs %[quads], %[quads], #1\n"
                   "bne 1b\n"
                   "vstmia %[sums], {s0-s3}\n"
                   : [a] "+r"(a), [b] "+r"(b), [c] "+r"(c), [d] "+r"(d), [quads] "+r"(quads)
                   : [sums] "r"(sums)
                   : TINYSDK_EIGHT_FLOAT_REGISTERS, "s16", "s17", "s18", "s19");
}

#endif
