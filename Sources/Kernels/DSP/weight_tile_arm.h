/* s0-s15 hold the sums, s16-s23 four inputs of two pixels, s24-s31 two pixels of four outputs' gradients. */
#ifndef TINYSDK_DSP_WEIGHT_TILE_ARM_H
#define TINYSDK_DSP_WEIGHT_TILE_ARM_H

/* The nearest integer, half to even (the default mode). Saturates; 0 for NaN. */
static inline int32_t tinysdk_round_quickly(float value) {
  float bits;
  int32_t result;
  __asm__("vcvtr.s32.f32 %0, %1" : "=t"(bits) : "t"(value));
  memcpy(&result, &bits, sizeof(result));
  return result;
}

#define TINYSDK_FOUR_PRODUCTS(gradient, a, b, c, d, w, x, y, z)                                              \
  "vfma.f32 s" #a ", s" #gradient ", s" #w "\n"                                                              \
  "vfma.f32 s" #b ", s" #gradient ", s" #x "\n"                                                              \
  "vfma.f32 s" #c ", s" #gradient ", s" #y "\n"                                                              \
  "vfma.f32 s" #d ", s" #gradient ", s" #z "\n"

static inline void tinysdk_weight_tile(const float *const gradients[4], const float *values, int32_t pairs,
                                       float sums[16]) {
  const float *a = gradients[0], *b = gradients[1], *c = gradients[2], *d = gradients[3];
  __asm__ volatile(
      "vldmia %[sums], {s0-s15}\n"
      "1:\n"
      "vldmia %[values]!, {s16-s23}\n"
      "vldmia %[a]!, {s24-s25}\n"
      "vldmia %[b]!, {s26-s27}\n"
      "vldmia %[c]!, {s28-s29}\n"
      "vldmia %[d]!, {s30-s31}\n"
      "subs %[pairs], %[pairs], #1\n" TINYSDK_FOUR_PRODUCTS(24, 0, 1, 2, 3, 16, 17, 18, 19)
          TINYSDK_FOUR_PRODUCTS(26, 4, 5, 6, 7, 16, 17, 18, 19) TINYSDK_FOUR_PRODUCTS(
              28, 8, 9, 10, 11, 16, 17, 18, 19) TINYSDK_FOUR_PRODUCTS(30, 12, 13, 14, 15, 16, 17, 18, 19)
              TINYSDK_FOUR_PRODUCTS(25, 0, 1, 2, 3, 20, 21, 22, 23) TINYSDK_FOUR_PRODUCTS(
                  27, 4, 5, 6, 7, 20, 21, 22, 23) TINYSDK_FOUR_PRODUCTS(29, 8, 9, 10, 11, 20, 21, 22, 23)
                  TINYSDK_FOUR_PRODUCTS(31, 12, 13, 14, 15, 20, 21, 22, 23) "bne 1b\n"
                                                                            "vstmia %[sums], {s0-s15}\n"
      : [a] "+r"(a), [b] "+r"(b), [c] "+r"(c), [d] "+r"(d), [values] "+r"(values), [pairs] "+r"(pairs)
      : [sums] "r"(sums)
      : "cc", "memory", "s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "s12",
        "s13", "s14", "s15", "s16", "s17", "s18", "s19", "s20", "s21", "s22", "s23", "s24", "s25", "s26",
        "s27", "s28", "s29", "s30", "s31");
}

#endif
