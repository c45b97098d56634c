/* Integer gradients times a factor per channel, through a mask; lanes_g16.h or lanes_g8.h comes first. The
 * shift grows while the tensor is written, so that it is read once. */
#ifndef TINYSDK_HOST_SCALE_MANTISSAS_H
#define TINYSDK_HOST_SCALE_MANTISSAS_H

#include "narrowing.h"
#include "tinysdk_kernels.h"

typedef struct {
  const tinysdk_gradient *input;
  const uint8_t *mask;
  tinysdk_gradient *output;
  int32_t bits;
  host_narrowing narrowing;
} host_scaled;

/* Elements e ... e + count - 1, of one aligned eight; the others of the eight are 0. */
HOST_INLINE host_s32 host_multiply_part(const host_scaled *scaled, int32_t factor, int32_t e, int32_t count,
                                        int32_t masked) {
  const host_s32 bits = {1, 2, 4, 8, 16, 32, 64, 128};
  /* A mantissa's upper half meets a zero. */
  const host_s32 products =
      host_dot_pairs((host_s16)host_load_part(scaled->input, e, count), (host_s16)host_splat_s32(factor));
  if (!masked)
    return products;
  const host_s32 passes = host_splat_byte(scaled->mask[e / 8]) & bits;
  return products & (passes == bits);
}

/* The shift that fits an eight too, with everything before element e shifted so far. */
HOST_OUTLINE int32_t host_grow_shift(tinysdk_gradient *output, int32_t shift, int32_t bits,
                                     const int32_t *products, int32_t e) {
  const tinysdk_narrowing written = {output, 0, shift};
  host_extremes extremes = {{0}, {0}};
  host_widen_extremes(&extremes, host_load_s32(products));
  const int32_t grown = host_narrowing_from(shift, &extremes, bits).shift;
  tinysdk_shift_written(&written, 0, e, grown - shift);
  return grown;
}

HOST_INLINE void host_scale_part(host_scaled *scaled, int32_t factor, int32_t e, int32_t count,
                                 int32_t masked) {
  const host_s32 products = host_multiply_part(scaled, factor, e, count, masked);
  if (!host_fits(&scaled->narrowing, products, scaled->bits)) {
    int32_t values[HOST_LANES];
    host_store_s32(values, products);
    scaled->narrowing =
        host_narrowing_by(host_grow_shift(scaled->output, scaled->narrowing.shift, scaled->bits, values, e));
  }
  host_store_part(scaled->output, e, count, host_narrow(&scaled->narrowing, products));
}

/* Returns the shift. `scaled` never leaves this function's registers. */
HOST_INLINE int32_t host_scale_planes(const tinysdk_scale_gradient_args *args, host_scaled scaled,
                                      const int16_t *factor, int32_t masked) {
  const int32_t planes = args->batch * args->channels, channels = args->channels, plane = args->plane;
  for (int32_t p = 0, c = 0, e = 0; p < planes; p++, c = c + 1 < channels ? c + 1 : 0) {
    const int32_t end = e + plane, count = host_part(e, end), by = factor[c];
    if (count < HOST_LANES) {
      host_scale_part(&scaled, by, e, count, masked);
      e += count;
    }
    for (; e + HOST_LANES <= end; e += HOST_LANES)
      host_scale_part(&scaled, by, e, HOST_LANES, masked);
    if (e < end)
      host_scale_part(&scaled, by, e, end - e, masked);
    e = end;
  }
  return scaled.narrowing.shift;
}

HOST_INLINE void host_scale_mantissas(const tinysdk_scale_gradient_args *args, const tinysdk_gradient *input,
                                      const int32_t *input_exponent, const uint8_t *mask,
                                      const int16_t *factor, tinysdk_gradient *output,
                                      int32_t *output_exponent) {
  const int32_t exponent = input_exponent[0] + args->factor_exponent;
  const host_scaled scaled = {input, mask, output, args->bits, host_narrowing_by(0)};
  const int32_t shift =
      mask ? host_scale_planes(args, scaled, factor, 1) : host_scale_planes(args, scaled, factor, 0);
  output_exponent[0] = exponent + shift;
}

/* Sixteen for eight elements. */
HOST_INLINE int32_t host_scale_mantissas_instructions(const tinysdk_scale_gradient_args *args) {
  return host_instructions((int64_t)args->batch * args->channels * ((int64_t)args->plane * 2 + 8));
}

#endif
