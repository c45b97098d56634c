/* Four values leave through a clamp, perhaps with their mask bits. Without the clamp's lower end, a value
 * lies within it where its unsigned compare with the clamp's width says so. */
#ifndef TINYSDK_DSP_LEAVE_H
#define TINYSDK_DSP_LEAVE_H

#include "simd.h"

#if defined(__ARM_FEATURE_DSP) && defined(__thumb__)
#include "leave_arm.h"
#else
#include "leave_host.h"
#endif

static inline void tinysdk_write_nibble(uint8_t *mask, int32_t first, uint32_t passing) {
  const uint32_t at = (uint32_t)first & 7;
  uint8_t *const byte = mask + (first >> 3);
  byte[0] = (uint8_t)((byte[0] & ~(15u << at)) | passing << at);
  if (at > 4)
    byte[1] = (uint8_t)((byte[1] & ~(15u >> (8 - at))) | passing >> (8 - at));
}

/* Values beyond +-2^30 do not occur. */
static inline __attribute__((always_inline)) void tinysdk_leave_four(int32_t a, int32_t b, int32_t c,
                                                                     int32_t d, int32_t low, int32_t high,
                                                                     int32_t first, int8_t *output,
                                                                     uint8_t *mask) {
  const uint32_t range = (uint32_t)(high - low);
  a -= low, b -= low, c -= low, d -= low;
  if (mask) {
    const uint32_t passing = tinysdk_shift_in(
        tinysdk_shift_in(tinysdk_shift_in(tinysdk_shift_in(0, range, d), range, c), range, b), range, a);
    tinysdk_write_nibble(mask, first, passing);
  }
  const uint32_t bytes =
      tinysdk_pack_bytes(tinysdk_usat8(a), tinysdk_usat8(b), tinysdk_usat8(c), tinysdk_usat8(d));
  tinysdk_store_word(output + first,
                     tinysdk_clamp_bytes(bytes, range * 0x01010101u, ((uint32_t)low & 0xFFu) * 0x01010101u));
}

#endif
