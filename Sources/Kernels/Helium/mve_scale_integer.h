/* Integer gradients times a factor per channel, through a mask; mve_mantissas_g16.h or mve_mantissas_g8.h
 * comes first. */
#ifndef TINYSDK_MVE_SCALE_INTEGER_H
#define TINYSDK_MVE_SCALE_INTEGER_H

#include "mve_narrow.h"
#include "tinysdk_kernels.h"

/* Eight elements from `first` on, of which some do not fit. */
static __attribute__((noinline)) void tinysdk_mve_scale_slowly(tinysdk_mve_narrowing *narrowing,
                                                               const tinysdk_gradient *input,
                                                               uint32_t passing, int32_t factor,
                                                               int32_t first) {
  int32_t products[8];
  for (int32_t i = 0; i < 8; i++)
    products[i] = passing >> i & 1 ? input[first + i] * factor : 0;
  tinysdk_mve_narrow_slowly(narrowing, products, 8, first);
}

/* Elements e ... of one image, up to its end or to eight that do not fit the present shift; returns where it
 * stopped. Planes are whole eights, so that a mask's bits are whole bytes. */
static inline __attribute__((always_inline)) int32_t
tinysdk_mve_scale_fitting(const tinysdk_scale_gradient_args *args, const tinysdk_mve_narrowing *narrowing,
                          const tinysdk_gradient *input, const uint8_t *mask, const int16_t *factor,
                          int32_t e, int32_t image) {
  static const int16_t bits[8] = {1, 2, 4, 8, 16, 32, 64, 128};
  const int16x8_t each = vldrhq_s16(bits);
  const int32x4_t even = vdupq_n_s32(narrowing->dithers[0]), odd = vdupq_n_s32(narrowing->dithers[1]);
  const int32_t right = -narrowing->by.shift, plane = args->plane, end = image + args->channels * plane;
  const uint32_t limit = (uint32_t)narrowing->by.limit;
  tinysdk_gradient *const output = narrowing->by.output;
  int32_t c = (e - image) / plane;
  for (int32_t next = image + (c + 1) * plane; next <= end; next += plane) {
    const int16x8_t factors = vdupq_n_s16(factor[c++]);
    for (; e < next; e += 8) {
      const mve_pred16_t pass = mask ? vcmpneq_n_s16(vandq_s16(vdupq_n_s16(mask[e >> 3]), each), 0) : 0xFFFF;
      const int16x8_t values = tinysdk_mve_eight_mantissas(input + e, pass);
      const int32x4_t low = vshlq_r_s32(vaddq_s32(vmullbq_int_s16(values, factors), even), right);
      const int32x4_t high = vshlq_r_s32(vaddq_s32(vmulltq_int_s16(values, factors), odd), right);
      if (vmaxavq_s32(vmaxavq_s32(0, low), high) > limit)
        return e;
      tinysdk_mve_store_eight(output + e, vmovntq_s32(vreinterpretq_s16_s32(low), high));
    }
  }
  return end;
}

static __attribute__((noinline)) int32_t tinysdk_mve_scale_masked(const tinysdk_scale_gradient_args *args,
                                                                  const tinysdk_mve_narrowing *narrowing,
                                                                  const tinysdk_gradient *input,
                                                                  const uint8_t *mask, const int16_t *factor,
                                                                  int32_t e, int32_t image) {
  return tinysdk_mve_scale_fitting(args, narrowing, input, mask, factor, e, image);
}

static __attribute__((noinline)) int32_t
tinysdk_mve_scale_all(const tinysdk_scale_gradient_args *args, const tinysdk_mve_narrowing *narrowing,
                      const tinysdk_gradient *input, const int16_t *factor, int32_t e, int32_t image) {
  return tinysdk_mve_scale_fitting(args, narrowing, input, 0, factor, e, image);
}

static inline void tinysdk_mve_scale_integer(const tinysdk_scale_gradient_args *args,
                                             const tinysdk_gradient *input, const int32_t *input_exponent,
                                             const uint8_t *mask, const int16_t *factor,
                                             tinysdk_gradient *output, int32_t *output_exponent) {
  const int32_t exponent = input_exponent[0] + args->factor_exponent;
  const int32_t size = args->channels * args->plane;
  tinysdk_mve_narrowing narrowing = tinysdk_mve_narrow_start(output, args->bits);
  for (int32_t image = 0; image < args->batch * size; image += size)
    for (int32_t e = image;;) {
      e = mask ? tinysdk_mve_scale_masked(args, &narrowing, input, mask, factor, e, image)
               : tinysdk_mve_scale_all(args, &narrowing, input, factor, e, image);
      if (e == image + size)
        break;
      tinysdk_mve_scale_slowly(&narrowing, input, mask ? mask[e >> 3] : 255,
                               factor[(e - image) / args->plane], e);
      e += 8;
    }
  output_exponent[0] = exponent + narrowing.by.shift;
}

static inline int32_t tinysdk_mve_scale_integer_instructions(const tinysdk_scale_gradient_args *args) {
  if (args->plane % 8 != 0)
    return -1;
  return args->batch * args->channels * (args->plane / 8 * 19 + 10);
}

#endif
