/* s0-s7 hold the sums, s8-s14 a kernel row's weights, s15-s28 the gradients. Each sum takes its products one
 * by one, kernel rows and columns ascending. */
#ifndef TINYSDK_DSP_GRADIENT_STRIP_ARM_H
#define TINYSDK_DSP_GRADIENT_STRIP_ARM_H

/* clang-format off */
#define TINYSDK_TAP_4(w, s, t, u, v, a, b, c, d) \
  "vfma.f32 s" #s ", s" #w ", s" #a "\n" \
  "vfma.f32 s" #t ", s" #w ", s" #b "\n" \
  "vfma.f32 s" #u ", s" #w ", s" #c "\n" \
  "vfma.f32 s" #v ", s" #w ", s" #d "\n"

#define TINYSDK_TAP_8(w, a, b, c, d, e, f, g, h) \
  TINYSDK_TAP_4(w, 0, 1, 2, 3, a, b, c, d) TINYSDK_TAP_4(w, 4, 5, 6, 7, e, f, g, h)

#define TINYSDK_TAPS_8_3 \
  TINYSDK_TAP_8(8, 17, 18, 19, 20, 21, 22, 23, 24) \
  TINYSDK_TAP_8(9, 16, 17, 18, 19, 20, 21, 22, 23) \
  TINYSDK_TAP_8(10, 15, 16, 17, 18, 19, 20, 21, 22)

#define TINYSDK_TAPS_4_3 \
  TINYSDK_TAP_4(8, 0, 1, 2, 3, 17, 18, 19, 20) \
  TINYSDK_TAP_4(9, 0, 1, 2, 3, 16, 17, 18, 19) \
  TINYSDK_TAP_4(10, 0, 1, 2, 3, 15, 16, 17, 18)

#define TINYSDK_TAPS_2_3_EVEN \
  TINYSDK_TAP_4(8, 0, 2, 4, 6, 16, 17, 18, 19) \
  TINYSDK_TAP_4(9, 1, 3, 5, 7, 16, 17, 18, 19) \
  TINYSDK_TAP_4(10, 0, 2, 4, 6, 15, 16, 17, 18)

#define TINYSDK_TAPS_2_3_ODD \
  TINYSDK_TAP_4(8, 1, 3, 5, 7, 16, 17, 18, 19) \
  TINYSDK_TAP_4(9, 0, 2, 4, 6, 15, 16, 17, 18) \
  TINYSDK_TAP_4(10, 1, 3, 5, 7, 15, 16, 17, 18)

#define TINYSDK_TAPS_8_5 \
  TINYSDK_TAP_8(8, 19, 20, 21, 22, 23, 24, 25, 26) \
  TINYSDK_TAP_8(9, 18, 19, 20, 21, 22, 23, 24, 25) \
  TINYSDK_TAP_8(10, 17, 18, 19, 20, 21, 22, 23, 24) \
  TINYSDK_TAP_8(11, 16, 17, 18, 19, 20, 21, 22, 23) \
  TINYSDK_TAP_8(12, 15, 16, 17, 18, 19, 20, 21, 22)

#define TINYSDK_TAPS_4_5 \
  TINYSDK_TAP_4(8, 0, 1, 2, 3, 19, 20, 21, 22) \
  TINYSDK_TAP_4(9, 0, 1, 2, 3, 18, 19, 20, 21) \
  TINYSDK_TAP_4(10, 0, 1, 2, 3, 17, 18, 19, 20) \
  TINYSDK_TAP_4(11, 0, 1, 2, 3, 16, 17, 18, 19) \
  TINYSDK_TAP_4(12, 0, 1, 2, 3, 15, 16, 17, 18)

#define TINYSDK_TAPS_2_5_EVEN \
  TINYSDK_TAP_4(8, 0, 2, 4, 6, 17, 18, 19, 20) \
  TINYSDK_TAP_4(9, 1, 3, 5, 7, 17, 18, 19, 20) \
  TINYSDK_TAP_4(10, 0, 2, 4, 6, 16, 17, 18, 19) \
  TINYSDK_TAP_4(11, 1, 3, 5, 7, 16, 17, 18, 19) \
  TINYSDK_TAP_4(12, 0, 2, 4, 6, 15, 16, 17, 18)

#define TINYSDK_TAPS_2_5_ODD \
  TINYSDK_TAP_4(8, 1, 3, 5, 7, 17, 18, 19, 20) \
  TINYSDK_TAP_4(9, 0, 2, 4, 6, 16, 17, 18, 19) \
  TINYSDK_TAP_4(10, 1, 3, 5, 7, 16, 17, 18, 19) \
  TINYSDK_TAP_4(11, 0, 2, 4, 6, 15, 16, 17, 18) \
  TINYSDK_TAP_4(12, 1, 3, 5, 7, 15, 16, 17, 18)

#define TINYSDK_TAPS_8_7 \
  TINYSDK_TAP_8(8, 21, 22, 23, 24, 25, 26, 27, 28) \
  TINYSDK_TAP_8(9, 20, 21, 22, 23, 24, 25, 26, 27) \
  TINYSDK_TAP_8(10, 19, 20, 21, 22, 23, 24, 25, 26) \
  TINYSDK_TAP_8(11, 18, 19, 20, 21, 22, 23, 24, 25) \
  TINYSDK_TAP_8(12, 17, 18, 19, 20, 21, 22, 23, 24) \
  TINYSDK_TAP_8(13, 16, 17, 18, 19, 20, 21, 22, 23) \
  TINYSDK_TAP_8(14, 15, 16, 17, 18, 19, 20, 21, 22)

#define TINYSDK_TAPS_4_7 \
  TINYSDK_TAP_4(8, 0, 1, 2, 3, 21, 22, 23, 24) \
  TINYSDK_TAP_4(9, 0, 1, 2, 3, 20, 21, 22, 23) \
  TINYSDK_TAP_4(10, 0, 1, 2, 3, 19, 20, 21, 22) \
  TINYSDK_TAP_4(11, 0, 1, 2, 3, 18, 19, 20, 21) \
  TINYSDK_TAP_4(12, 0, 1, 2, 3, 17, 18, 19, 20) \
  TINYSDK_TAP_4(13, 0, 1, 2, 3, 16, 17, 18, 19) \
  TINYSDK_TAP_4(14, 0, 1, 2, 3, 15, 16, 17, 18)

#define TINYSDK_TAPS_2_7_EVEN \
  TINYSDK_TAP_4(8, 0, 2, 4, 6, 18, 19, 20, 21) \
  TINYSDK_TAP_4(9, 1, 3, 5, 7, 18, 19, 20, 21) \
  TINYSDK_TAP_4(10, 0, 2, 4, 6, 17, 18, 19, 20) \
  TINYSDK_TAP_4(11, 1, 3, 5, 7, 17, 18, 19, 20) \
  TINYSDK_TAP_4(12, 0, 2, 4, 6, 16, 17, 18, 19) \
  TINYSDK_TAP_4(13, 1, 3, 5, 7, 16, 17, 18, 19) \
  TINYSDK_TAP_4(14, 0, 2, 4, 6, 15, 16, 17, 18)

#define TINYSDK_TAPS_2_7_ODD \
  TINYSDK_TAP_4(8, 1, 3, 5, 7, 18, 19, 20, 21) \
  TINYSDK_TAP_4(9, 0, 2, 4, 6, 17, 18, 19, 20) \
  TINYSDK_TAP_4(10, 1, 3, 5, 7, 17, 18, 19, 20) \
  TINYSDK_TAP_4(11, 0, 2, 4, 6, 16, 17, 18, 19) \
  TINYSDK_TAP_4(12, 1, 3, 5, 7, 16, 17, 18, 19) \
  TINYSDK_TAP_4(13, 0, 2, 4, 6, 15, 16, 17, 18) \
  TINYSDK_TAP_4(14, 1, 3, 5, 7, 15, 16, 17, 18)

/* `sums`, `weights` and `gradients` are register lists. */
#define TINYSDK_STRIP(sums, weights, gradients, taps) \
  __asm__ volatile("vldmia %[zeros], {" sums "}\n" \
                   "1:\n" \
                   "vldmia %[row], {" gradients "}\n" \
                   "vldmia %[weight]!, {" weights "}\n" \
                   "sub %[row], %[row], %[pitch]\n" \
                   "subs %[rows], %[rows], #1\n" taps \
                   "bne 1b\n" \
                   "vstmia %[to], {" sums "}\n" \
                   : [row] "+r"(row), [weight] "+r"(weight), [rows] "+r"(rows) \
                   : [zeros] "r"(strip->zeros), [pitch] "r"(strip->pitch), [to] "r"(to) \
                   : "cc", "memory", "s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", \
                     "s12", "s13", "s14", "s15", "s16", "s17", "s18", "s19", "s20", "s21", "s22", "s23", "s24", \
                     "s25", "s26", "s27", "s28")
/* clang-format on */

/* `kind` is a constant where this is inlined. */
static inline __attribute__((always_inline)) void
tinysdk_gradient_strip(tinysdk_strip_kind kind, const tinysdk_gradient_strips *strip, const float *row,
                       const float *weight, int32_t rows, float *to) {
  if (kind.stride == 1 && kind.count == 8) {
    if (kind.width == 3)
      TINYSDK_STRIP("s0-s7", "s8-s10", "s15-s24", TINYSDK_TAPS_8_3);
    else if (kind.width == 5)
      TINYSDK_STRIP("s0-s7", "s8-s12", "s15-s26", TINYSDK_TAPS_8_5);
    else
      TINYSDK_STRIP("s0-s7", "s8-s14", "s15-s28", TINYSDK_TAPS_8_7);
  } else if (kind.stride == 1) {
    if (kind.width == 3)
      TINYSDK_STRIP("s0-s3", "s8-s10", "s15-s20", TINYSDK_TAPS_4_3);
    else if (kind.width == 5)
      TINYSDK_STRIP("s0-s3", "s8-s12", "s15-s22", TINYSDK_TAPS_4_5);
    else
      TINYSDK_STRIP("s0-s3", "s8-s14", "s15-s24", TINYSDK_TAPS_4_7);
  } else if (kind.odd) {
    if (kind.width == 3)
      TINYSDK_STRIP("s0-s7", "s8-s10", "s15-s19", TINYSDK_TAPS_2_3_ODD);
    else if (kind.width == 5)
      TINYSDK_STRIP("s0-s7", "s8-s12", "s15-s20", TINYSDK_TAPS_2_5_ODD);
    else
      TINYSDK_STRIP("s0-s7", "s8-s14", "s15-s21", TINYSDK_TAPS_2_7_ODD);
  } else {
    if (kind.width == 3)
      TINYSDK_STRIP("s0-s7", "s8-s10", "s15-s19", TINYSDK_TAPS_2_3_EVEN);
    else if (kind.width == 5)
      TINYSDK_STRIP("s0-s7", "s8-s12", "s15-s20", TINYSDK_TAPS_2_5_EVEN);
    else
      TINYSDK_STRIP("s0-s7", "s8-s14", "s15-s21", TINYSDK_TAPS_2_7_EVEN);
  }
}

/* Rows of four or eight gradients, `pitch` bytes apart where they go; rows >= 1. */
#define TINYSDK_COPY_ROWS(registers)                                                                         \
  __asm__ volatile("1:\n"                                                                                    \
                   "vldmia %[from]!, {" registers "}\n"                                                      \
                   "subs %[rows], %[rows], #1\n"                                                             \
                   "vstmia %[to], {" registers "}\n"                                                         \
                   "add %[to], %[to], %[pitch]\n"                                                            \
                   "bne 1b\n"                                                                                \
                   : [from] "+r"(from), [to] "+r"(to), [rows] "+r"(rows)                                     \
                   : [pitch] "r"(pitch)                                                                      \
                   : "cc", "memory", "s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7")

static inline void tinysdk_copy_gradient_rows(const float *from, int32_t count, int32_t rows, int32_t pitch,
                                              float *to) {
  if (count == 4)
    TINYSDK_COPY_ROWS("s0-s3");
  else
    TINYSDK_COPY_ROWS("s0-s7");
}

#endif
