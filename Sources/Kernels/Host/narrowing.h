/* From exact sums to mantissas: the least and the greatest sum decide the shift, then every sum is shifted.
 * lanes_g16.h or lanes_g8.h comes first. */
#ifndef TINYSDK_HOST_NARROWING_H
#define TINYSDK_HOST_NARROWING_H

#include "narrow.h"

/* The least and the greatest sum of each lane. Vectors start at multiples of eight, so that a lane's elements
 * have one parity, and among them the shift that fits the extremes fits all. */
typedef struct {
  host_s32 low;
  host_s32 high;
} host_extremes;

HOST_INLINE void host_widen_extremes(host_extremes *extremes, host_s32 sums) {
  extremes->low = host_min_s32(extremes->low, sums);
  extremes->high = host_max_s32(extremes->high, sums);
}

/* How the elements of a tensor are shifted. */
typedef struct {
  host_s32 dithers;
  host_s32 shifts; /* the shift in every lane */
  int32_t shift;
} host_narrowing;

HOST_INLINE host_narrowing host_narrowing_by(int32_t shift) {
  const int32_t even = tinysdk_dither(0, 0, shift), odd = tinysdk_dither(1, 0, shift);
  return (host_narrowing){{even, odd, even, odd, even, odd, even, odd}, host_splat_s32(shift), shift};
}

HOST_INLINE host_s32 host_narrow(const host_narrowing *narrowing, host_s32 sums) {
  return (sums + narrowing->dithers) >> narrowing->shifts;
}

/* Whether every mantissa has `bits` bits. */
HOST_INLINE int32_t host_fits(const host_narrowing *narrowing, host_s32 sums, int32_t bits) {
  const host_s32 mantissas = host_narrow(narrowing, sums);
  const int32_t limit = (1 << bits) - 1;
  return host_lane_bits((mantissas < -limit) | (mantissas > limit)) == 0;
}

/* The smallest shift, from `shift` on, that leaves `bits` bits. */
HOST_INLINE host_narrowing host_narrowing_from(int32_t shift, const host_extremes *extremes, int32_t bits) {
  host_narrowing narrowing = host_narrowing_by(shift);
  while (!host_fits(&narrowing, extremes->low, bits) || !host_fits(&narrowing, extremes->high, bits))
    narrowing = host_narrowing_by(narrowing.shift + 1);
  return narrowing;
}

/* Elements e ... e + count - 1, of one aligned eight, in their lanes; 0 in the others. */
HOST_INLINE host_s32 host_load_part(const tinysdk_gradient *from, int32_t e, int32_t count) {
  if (count == HOST_LANES)
    return host_load_mantissas(from + e);
  tinysdk_gradient lanes[HOST_LANES] = {0};
  memcpy(lanes + e % HOST_LANES, from + e, sizeof(tinysdk_gradient) * (uint32_t)count);
  return host_load_mantissas(lanes);
}

HOST_INLINE void host_store_part(tinysdk_gradient *to, int32_t e, int32_t count, host_s32 mantissas) {
  if (count == HOST_LANES) {
    host_store_mantissas(to + e, mantissas);
    return;
  }
  tinysdk_gradient lanes[HOST_LANES];
  host_store_mantissas(lanes, mantissas);
  memcpy(to + e, lanes + e % HOST_LANES, sizeof(tinysdk_gradient) * (uint32_t)count);
}

/* How many elements from e on lie in its aligned eight, and before `end`. */
HOST_INLINE int32_t host_part(int32_t e, int32_t end) {
  return tinysdk_min(HOST_LANES - e % HOST_LANES, end - e);
}

/* A whole tensor, whose sums have room up to a multiple of eight. Returns the shift. */
HOST_INLINE int32_t host_narrow_tensor(int32_t *sums, int32_t count, tinysdk_gradient *output) {
  host_extremes extremes = {{0}, {0}};
  for (int32_t e = count; e % HOST_LANES != 0; e++)
    sums[e] = 0;
  for (int32_t e = 0; e < count; e += HOST_LANES)
    host_widen_extremes(&extremes, host_load_s32(sums + e));
  const host_narrowing narrowing = host_narrowing_from(0, &extremes, TINYSDK_MANTISSA_BITS);
  for (int32_t e = 0; e < count; e += HOST_LANES)
    host_store_part(output, e, host_part(e, count), host_narrow(&narrowing, host_load_s32(sums + e)));
  return narrowing.shift;
}

#endif
