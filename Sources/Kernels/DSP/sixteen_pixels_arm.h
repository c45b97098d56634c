/* s0-s15, sixteen pixels' sums, go on by a weight times the sixteen gradients at r0; s16-s23 are used. */
#ifndef TINYSDK_DSP_SIXTEEN_PIXELS_ARM_H
#define TINYSDK_DSP_SIXTEEN_PIXELS_ARM_H

#define TINYSDK_SIXTEEN_PIXELS(weight)                                                                       \
  "vldmia r0!, {s16-s23}\n"                                                                                  \
  "vfma.f32 s0, " weight ", s16\n"                                                                           \
  "vfma.f32 s1, " weight ", s17\n"                                                                           \
  "vfma.f32 s2, " weight ", s18\n"                                                                           \
  "vfma.f32 s3, " weight ", s19\n"                                                                           \
  "vfma.f32 s4, " weight ", s20\n"                                                                           \
  "vfma.f32 s5, " weight ", s21\n"                                                                           \
  "vfma.f32 s6, " weight ", s22\n"                                                                           \
  "vfma.f32 s7, " weight ", s23\n"                                                                           \
  "vldmia r0!, {s16-s23}\n"                                                                                  \
  "vfma.f32 s8, " weight ", s16\n"                                                                           \
  "vfma.f32 s9, " weight ", s17\n"                                                                           \
  "vfma.f32 s10, " weight ", s18\n"                                                                          \
  "vfma.f32 s11, " weight ", s19\n"                                                                          \
  "vfma.f32 s12, " weight ", s20\n"                                                                          \
  "vfma.f32 s13, " weight ", s21\n"                                                                          \
  "vfma.f32 s14, " weight ", s22\n"                                                                          \
  "vfma.f32 s15, " weight ", s23\n"

#endif
