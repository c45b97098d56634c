/* Sums in s0-s7, eight inputs or weights beside them in s8-s31. Each sum takes its products one by one in the
 * order of the contract; two rows go side by side, so that one's sum need not wait for itself. */
#ifndef TINYSDK_DSP_DENSE_BLOCKS_ARM_H
#define TINYSDK_DSP_DENSE_BLOCKS_ARM_H

#define TINYSDK_DENSE_REGISTERS                                                                              \
  "cc", "memory", "s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "s12", "s13",    \
      "s14", "s15", "s16", "s17", "s18", "s19", "s20", "s21", "s22", "s23"

/* Sums a and b take eight inputs, s8-s15, times the weights in s16-s31. */
#define TINYSDK_DENSE_TWO_BY_EIGHT(a, b)                                                                     \
  "vfma.f32 " a ", s16, s8\n"                                                                                \
  "vfma.f32 " b ", s24, s8\n"                                                                                \
  "vfma.f32 " a ", s17, s9\n"                                                                                \
  "vfma.f32 " b ", s25, s9\n"                                                                                \
  "vfma.f32 " a ", s18, s10\n"                                                                               \
  "vfma.f32 " b ", s26, s10\n"                                                                               \
  "vfma.f32 " a ", s19, s11\n"                                                                               \
  "vfma.f32 " b ", s27, s11\n"                                                                               \
  "vfma.f32 " a ", s20, s12\n"                                                                               \
  "vfma.f32 " b ", s28, s12\n"                                                                               \
  "vfma.f32 " a ", s21, s13\n"                                                                               \
  "vfma.f32 " b ", s29, s13\n"                                                                               \
  "vfma.f32 " a ", s22, s14\n"                                                                               \
  "vfma.f32 " b ", s30, s14\n"                                                                               \
  "vfma.f32 " a ", s23, s15\n"                                                                               \
  "vfma.f32 " b ", s31, s15\n"

#define TINYSDK_DENSE_TWO_OF_EIGHT(a, b, next)                                                               \
  "vldmia %[weights], {s16-s23}\n"                                                                           \
  "add %[weights], %[weights], %[stride]\n"                                                                  \
  "vldmia %[weights], {s24-s31}\n"                                                                           \
  "add %[weights], %[weights], " next "\n" TINYSDK_DENSE_TWO_BY_EIGHT(a, b)

/* The sums of eight outputs go on by 8 * blocks inputs each; `stride` floats from one row to the next. */
static inline void tinysdk_dense_eight_rows(const float *input, const float *weights, int32_t stride,
                                            int32_t blocks, float sums[8]) {
  __asm__ volatile("vldmia %[sums], {s0-s7}\n"
                   "1:\n"
                   "vldmia %[input]!, {s8-s15}\n" TINYSDK_DENSE_TWO_OF_EIGHT("s0", "s1", "%[stride]")
                       TINYSDK_DENSE_TWO_OF_EIGHT("s2", "s3", "%[stride]")
                           TINYSDK_DENSE_TWO_OF_EIGHT("s4", "s5", "%[stride]") TINYSDK_DENSE_TWO_OF_EIGHT(
                               "s6", "s7", "%[back]") "subs %[blocks], %[blocks], #1\n"
                                                      "bne 1b\n"
                                                      "vstmia %[sums], {s0-s7}\n"
                   : [input] "+r"(input), [weights] "+r"(weights), [blocks] "+r"(blocks)
                   : [stride] "r"(4 * stride), [back] "r"(32 - 28 * stride), [sums] "r"(sums)
                   : TINYSDK_DENSE_REGISTERS, "s24", "s25", "s26", "s27", "s28", "s29", "s30", "s31");
}

/* The same of two outputs. */
static inline void tinysdk_dense_two_rows(const float *input, const float *weights, int32_t stride,
                                          int32_t blocks, float sums[2]) {
  const float *second = weights + stride;
  __asm__ volatile("vldmia %[sums], {s0-s1}\n"
                   "1:\n"
                   "vldmia %[input]!, {s8-s15}\n"
                   "vldmia %[first]!, {s16-s23}\n"
                   "vldmia %[second]!, {s24-s31}\n" TINYSDK_DENSE_TWO_BY_EIGHT(
                       "s0", "s1") "subs %[blocks], %[blocks], #1\n"
                                   "bne 1b\n"
                                   "vstmia %[sums], {s0-s1}\n"
                   : [input] "+r"(input), [first] "+r"(weights), [second] "+r"(second), [blocks] "+r"(blocks)
                   : [sums] "r"(sums)
                   : TINYSDK_DENSE_REGISTERS, "s24", "s25", "s26", "s27", "s28", "s29", "s30", "s31");
}

/* The sums of eight inputs' gradients over all outputs, at least one, from 0. */
static inline void tinysdk_dense_eight_columns(const float *gradient, const float *weights, int32_t stride,
                                               int32_t outputs, float sums[8]) {
  static const float zeros[8];
  __asm__ volatile("vldmia %[zeros], {s0-s7}\n"
                   "1:\n"
                   "vldmia %[gradient]!, {s16}\n"
                   "vldmia %[weights], {s8-s15}\n"
                   "vfma.f32 s0, s8, s16\n"
                   "vfma.f32 s1, s9, s16\n"
                   "vfma.f32 s2, s10, s16\n"
                   "vfma.f32 s3, s11, s16\n"
                   "add %[weights], %[weights], %[stride]\n"
                   "subs %[outputs], %[outputs], #1\n"
                   "vfma.f32 s4, s12, s16\n"
                   "vfma.f32 s5, s13, s16\n"
                   "vfma.f32 s6, s14, s16\n"
                   "vfma.f32 s7, s15, s16\n"
                   "bne 1b\n"
                   "vstmia %[sums], {s0-s7}\n"
                   : [gradient] "+r"(gradient), [weights] "+r"(weights), [outputs] "+r"(outputs)
                   : [stride] "r"(4 * stride), [zeros] "r"(zeros), [sums] "r"(sums)
                   : TINYSDK_DENSE_REGISTERS);
}

/* One output's weights take a step along gradient * input. Every product starts from +0, as the contract has
 * it: a plain multiplication would differ in the sign of a zero. */
static inline void tinysdk_dense_move_row(const float *input, int32_t blocks, float gradient, float step,
                                          float *weights) {
  static const float zeros[8];
  __asm__ volatile("1:\n"
                   "vldmia %[input]!, {s0-s7}\n"
                   "vldmia %[zeros], {s8-s15}\n"
                   "vldmia %[weights], {s16-s23}\n"
                   "vfma.f32 s8, %[gradient], s0\n"
                   "vfma.f32 s9, %[gradient], s1\n"
                   "vfma.f32 s10, %[gradient], s2\n"
                   "vfma.f32 s11, %[gradient], s3\n"
                   "vfma.f32 s12, %[gradient], s4\n"
                   "vfma.f32 s13, %[gradient], s5\n"
                   "vfma.f32 s14, %[gradient], s6\n"
                   "vfma.f32 s15, %[gradient], s7\n"
                   "subs %[blocks], %[blocks], #1\n"
                   "vfma.f32 s16, %[step], s8\n"
                   "vfma.f32 s17, %[step], s9\n"
                   "vfma.f32 s18, %[step], s10\n"
                   "vfma.f32 s19, %[step], s11\n"
                   "vfma.f32 s20, %[step], s12\n"
                   "vfma.f32 s21, %[step], s13\n"
                   "vfma.f32 s22, %[step], s14\n"
                   "vfma.f32 s23, %[step], s15\n"
                   "vstmia %[weights]!, {s16-s23}\n"
                   "bne 1b\n"
                   : [input] "+r"(input), [weights] "+r"(weights), [blocks] "+r"(blocks)
                   : [gradient] "t"(gradient), [step] "t"(step), [zeros] "r"(zeros)
                   : TINYSDK_DENSE_REGISTERS);
}

/* s28 holds +0 by then. */
#define TINYSDK_DENSE_ZERO_UNLESS_POSITIVE(sum, input)                                                       \
  "vcmp.f32 s" #input ", #0\n"                                                                               \
  "vmrs APSR_nzcv, fpscr\n"                                                                                  \
  "it le\n"                                                                                                  \
  "vmovle.f32 s" #sum ", s28\n"

/* The weights from eight inputs take such a step, and leave the gradients of what lies before the Relu that
 * the inputs are the outputs of; outputs >= 1. An input that is not a number passes none, as one below or at
 * 0. */
static inline void tinysdk_dense_move_columns(const float *gradient, const float *input, int32_t stride,
                                              int32_t outputs, float step, float *weights,
                                              float *input_gradient) {
  static const float zeros[8];
  __asm__ volatile("vldmia %[zeros], {s0-s7}\n"
                   "vldmia %[input], {s20-s27}\n"
                   "1:\n"
                   "vldmia %[gradient]!, {s28}\n"
                   "vldmia %[weights], {s8-s15}\n"
                   "vldmia %[zeros], {s16-s19}\n"
                   "vfma.f32 s0, s8, s28\n"
                   "vfma.f32 s1, s9, s28\n"
                   "vfma.f32 s2, s10, s28\n"
                   "vfma.f32 s3, s11, s28\n"
                   "vfma.f32 s4, s12, s28\n"
                   "vfma.f32 s5, s13, s28\n"
                   "vfma.f32 s6, s14, s28\n"
                   "vfma.f32 s7, s15, s28\n"
                   "vfma.f32 s16, s28, s20\n"
                   "vfma.f32 s17, s28, s21\n"
                   "vfma.f32 s18, s28, s22\n"
                   "vfma.f32 s19, s28, s23\n"
                   "vfma.f32 s8, %[step], s16\n"
                   "vfma.f32 s9, %[step], s17\n"
                   "vfma.f32 s10, %[step], s18\n"
                   "vfma.f32 s11, %[step], s19\n"
                   "vldmia %[zeros], {s16-s19}\n"
                   "vfma.f32 s16, s28, s24\n"
                   "vfma.f32 s17, s28, s25\n"
                   "vfma.f32 s18, s28, s26\n"
                   "vfma.f32 s19, s28, s27\n"
                   "subs %[outputs], %[outputs], #1\n"
                   "vfma.f32 s12, %[step], s16\n"
                   "vfma.f32 s13, %[step], s17\n"
                   "vfma.f32 s14, %[step], s18\n"
                   "vfma.f32 s15, %[step], s19\n"
                   "vstmia %[weights], {s8-s15}\n"
                   "add %[weights], %[weights], %[stride]\n"
                   "bne 1b\n"
                   "vldmia %[zeros], {s28}\n" TINYSDK_DENSE_ZERO_UNLESS_POSITIVE(0, 20)
                       TINYSDK_DENSE_ZERO_UNLESS_POSITIVE(1, 21) TINYSDK_DENSE_ZERO_UNLESS_POSITIVE(2, 22)
                           TINYSDK_DENSE_ZERO_UNLESS_POSITIVE(3, 23) TINYSDK_DENSE_ZERO_UNLESS_POSITIVE(4, 24)
                               TINYSDK_DENSE_ZERO_UNLESS_POSITIVE(5, 25)
                                   TINYSDK_DENSE_ZERO_UNLESS_POSITIVE(6, 26)
                                       TINYSDK_DENSE_ZERO_UNLESS_POSITIVE(7, 27) "vstmia %[sums], {s0-s7}\n"
                   : [gradient] "+r"(gradient), [weights] "+r"(weights), [outputs] "+r"(outputs)
                   : [input] "r"(input), [stride] "r"(4 * stride), [zeros] "r"(zeros),
                     [sums] "r"(input_gradient), [step] "t"(step)
                   : TINYSDK_DENSE_REGISTERS, "s24", "s25", "s26", "s27", "s28");
}

#endif
