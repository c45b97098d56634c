/* Integer gradients times a factor per channel, through a mask; lanes_g16.h or lanes_g8.h comes first. The
 * products are formed twice: for the shift, and to be shifted. */
#ifndef TINYSDK_HOST_SCALE_MANTISSAS_H
#define TINYSDK_HOST_SCALE_MANTISSAS_H

#include "narrowing.h"
#include "tinysdk_kernels.h"

typedef struct {
  const tinysdk_gradient *input;
  const uint8_t *mask;
  tinysdk_gradient *output;
  host_extremes extremes;
  host_narrowing narrowing;
} host_scaled;

/* Elements e ... e + count - 1, of one aligned eight. */
HOST_INLINE void host_scale_part(host_scaled *scaled, int32_t factor, int32_t e, int32_t count,
                                 int32_t masked, int32_t writes) {
  const host_s32 bits = {1, 2, 4, 8, 16, 32, 64, 128};
  host_s32 products = host_load_part(scaled->input, e, count) * factor;
  if (masked)
    products &= (scaled->mask[e / 8] & bits) == bits;
  if (writes)
    host_store_part(scaled->output, e, count, host_narrow(&scaled->narrowing, products));
  else
    host_widen_extremes(&scaled->extremes, products);
}

HOST_INLINE void host_scale_planes(const tinysdk_scale_gradient_args *args, host_scaled *whole,
                                   const int16_t *factor, int32_t masked, int32_t writes) {
  host_scaled scaled = *whole;
  for (int32_t b = 0, e = 0; b < args->batch; b++)
    for (int32_t c = 0; c < args->channels; c++) {
      const int32_t end = e + args->plane;
      int32_t count = host_part(e, end);
      if (count < HOST_LANES) {
        host_scale_part(&scaled, factor[c], e, count, masked, writes);
        e += count;
      }
      for (; e + HOST_LANES <= end; e += HOST_LANES)
        host_scale_part(&scaled, factor[c], e, HOST_LANES, masked, writes);
      if (e < end)
        host_scale_part(&scaled, factor[c], e, end - e, masked, writes);
      e = end;
    }
  *whole = scaled;
}

HOST_INLINE void host_scale_mantissas(const tinysdk_scale_gradient_args *args, const tinysdk_gradient *input,
                                      const int32_t *input_exponent, const uint8_t *mask,
                                      const int16_t *factor, tinysdk_gradient *output,
                                      int32_t *output_exponent) {
  const int32_t exponent = input_exponent[0] + args->factor_exponent;
  host_scaled scaled = {.input = input, .mask = mask, .output = output};
  if (mask)
    host_scale_planes(args, &scaled, factor, 1, 0);
  else
    host_scale_planes(args, &scaled, factor, 0, 0);
  scaled.narrowing = host_narrowing_for(&scaled.extremes, args->bits);
  if (mask)
    host_scale_planes(args, &scaled, factor, 1, 1);
  else
    host_scale_planes(args, &scaled, factor, 0, 1);
  output_exponent[0] = exponent + scaled.narrowing.shift;
}

/* Ten for the shift and twelve for the mantissas, by eights. */
HOST_INLINE int32_t host_scale_mantissas_instructions(const tinysdk_scale_gradient_args *args) {
  return host_instructions((int64_t)args->batch * args->channels * ((int64_t)args->plane * 3 + 10));
}

#endif
