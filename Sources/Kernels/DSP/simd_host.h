/* What the instructions of simd_arm.h do, in C: kernels are tested bit for bit without an emulator. */
#ifndef TINYSDK_DSP_SIMD_HOST_H
#define TINYSDK_DSP_SIMD_HOST_H

#include <stdint.h>

static inline int32_t tinysdk_low_half(uint32_t word) {
  return (int16_t)(uint16_t)word;
}

static inline int32_t tinysdk_high_half(uint32_t word) {
  return (int16_t)(uint16_t)(word >> 16);
}

static inline uint32_t tinysdk_halves(int32_t low, int32_t high) {
  return ((uint32_t)low & 0xFFFFu) | (uint32_t)high << 16;
}

static inline int32_t tinysdk_signed_byte(uint32_t word, int32_t index) {
  return (int8_t)(uint8_t)(word >> (8 * index));
}

static inline int32_t tinysdk_smlad(uint32_t a, uint32_t b, int32_t sum) {
  return (int32_t)((uint32_t)sum + (uint32_t)(tinysdk_low_half(a) * tinysdk_low_half(b)) +
                   (uint32_t)(tinysdk_high_half(a) * tinysdk_high_half(b)));
}

static inline int32_t tinysdk_smlabb(uint32_t a, uint32_t b, int32_t sum) {
  return (int32_t)((uint32_t)sum + (uint32_t)(tinysdk_low_half(a) * tinysdk_low_half(b)));
}

static inline int32_t tinysdk_smlabt(uint32_t a, uint32_t b, int32_t sum) {
  return (int32_t)((uint32_t)sum + (uint32_t)(tinysdk_low_half(a) * tinysdk_high_half(b)));
}

static inline int32_t tinysdk_smlatb(uint32_t a, uint32_t b, int32_t sum) {
  return (int32_t)((uint32_t)sum + (uint32_t)(tinysdk_high_half(a) * tinysdk_low_half(b)));
}

static inline uint32_t tinysdk_sxtb16(uint32_t bytes) {
  return tinysdk_halves(tinysdk_signed_byte(bytes, 0), tinysdk_signed_byte(bytes, 2));
}

static inline uint32_t tinysdk_sxtb16_odd(uint32_t bytes) {
  return tinysdk_halves(tinysdk_signed_byte(bytes, 1), tinysdk_signed_byte(bytes, 3));
}

static inline uint32_t tinysdk_sxtab16(uint32_t base, uint32_t bytes) {
  return tinysdk_halves(tinysdk_low_half(base) + tinysdk_signed_byte(bytes, 0),
                        tinysdk_high_half(base) + tinysdk_signed_byte(bytes, 2));
}

static inline uint32_t tinysdk_sxtab16_odd(uint32_t base, uint32_t bytes) {
  return tinysdk_sxtab16(base, bytes >> 8);
}

static inline uint32_t tinysdk_pack_low(uint32_t a, uint32_t b) {
  return (a & 0xFFFFu) | b << 16;
}

static inline uint32_t tinysdk_pack_high(uint32_t a, uint32_t b) {
  return a >> 16 | (b & 0xFFFF0000u);
}

static inline uint32_t tinysdk_pack_middle(uint32_t a, uint32_t b) {
  return a >> 16 | b << 16;
}

static inline int32_t tinysdk_smmla(int32_t a, int32_t b, int32_t addend) {
  return (int32_t)((uint32_t)addend + (uint32_t)((uint64_t)((int64_t)a * b) >> 32));
}

static inline int32_t tinysdk_smmlar(int32_t a, int32_t b, int32_t addend) {
  return (int32_t)((uint32_t)addend + (uint32_t)(((uint64_t)((int64_t)a * b) + (1u << 31)) >> 32));
}

static inline int32_t tinysdk_ssat8(int32_t value) {
  return value < -128 ? -128 : value > 127 ? 127 : value;
}

static inline int32_t tinysdk_ssat18(int32_t value) {
  return value < -(1 << 17) ? -(1 << 17) : value > (1 << 17) - 1 ? (1 << 17) - 1 : value;
}

static inline int32_t tinysdk_ssat16(int32_t value) {
  return value < -(1 << 15) ? -(1 << 15) : value > (1 << 15) - 1 ? (1 << 15) - 1 : value;
}

static inline uint32_t tinysdk_add_bytes(uint32_t bytes, uint32_t sum) {
  return sum + (bytes & 0xFFu) + (bytes >> 8 & 0xFFu) + (bytes >> 16 & 0xFFu) + (bytes >> 24);
}

static inline int32_t tinysdk_qsub(int32_t a, int32_t b) {
  const int64_t difference = (int64_t)a - b;
  return difference < INT32_MIN ? INT32_MIN : difference > INT32_MAX ? INT32_MAX : (int32_t)difference;
}

static inline uint32_t tinysdk_qadd16(uint32_t a, uint32_t b) {
  return tinysdk_halves(tinysdk_ssat16(tinysdk_low_half(a) + tinysdk_low_half(b)),
                        tinysdk_ssat16(tinysdk_high_half(a) + tinysdk_high_half(b)));
}

static inline uint32_t tinysdk_qsub16(uint32_t a, uint32_t b) {
  return tinysdk_halves(tinysdk_ssat16(tinysdk_low_half(a) - tinysdk_low_half(b)),
                        tinysdk_ssat16(tinysdk_high_half(a) - tinysdk_high_half(b)));
}

static inline uint32_t tinysdk_sub8(uint32_t a, uint32_t b) {
  uint32_t word = 0;
  for (int32_t i = 0; i < 32; i += 8)
    word |= ((a >> i) - (b >> i) & 0xFFu) << i;
  return word;
}

static inline uint32_t tinysdk_halve_bytes(uint32_t a, uint32_t b) {
  uint32_t word = 0;
  for (int32_t i = 0; i < 4; i++)
    word |= (uint32_t)(uint8_t)((tinysdk_signed_byte(a, i) + tinysdk_signed_byte(b, i)) >> 1) << (8 * i);
  return word;
}

static inline uint32_t tinysdk_halve_halves(uint32_t a, uint32_t b) {
  const int32_t low = (int16_t)a + (int16_t)b, high = ((int32_t)a >> 16) + ((int32_t)b >> 16);
  return tinysdk_pack_low((uint32_t)(low >> 1), (uint32_t)(high >> 1));
}

static inline uint32_t tinysdk_max_bytes(uint32_t a, uint32_t b) {
  uint32_t word = 0;
  for (int32_t i = 0; i < 4; i++) {
    const int32_t x = tinysdk_signed_byte(a, i), y = tinysdk_signed_byte(b, i);
    word |= (uint32_t)(uint8_t)(x >= y ? x : y) << (8 * i);
  }
  return word;
}

static inline uint32_t tinysdk_max_halves(uint32_t a, uint32_t b) {
  const int32_t low = tinysdk_low_half(a), high = tinysdk_high_half(a);
  return tinysdk_halves(low >= tinysdk_low_half(b) ? low : tinysdk_low_half(b),
                        high >= tinysdk_high_half(b) ? high : tinysdk_high_half(b));
}

static inline uint32_t tinysdk_uqsub8(uint32_t a, uint32_t b) {
  uint32_t word = 0;
  for (int32_t i = 0; i < 32; i += 8) {
    const uint32_t x = a >> i & 0xFFu, y = b >> i & 0xFFu;
    word |= (x > y ? x - y : 0) << i;
  }
  return word;
}

static inline uint32_t tinysdk_sub16(uint32_t a, uint32_t b) {
  return (a - b & 0xFFFFu) | ((a >> 16) - (b >> 16)) << 16;
}

static inline uint32_t tinysdk_add16(uint32_t a, uint32_t b) {
  return (a + b & 0xFFFFu) | ((a >> 16) + (b >> 16)) << 16;
}

static inline uint32_t tinysdk_uqsub16(uint32_t a, uint32_t b) {
  const uint32_t low = a & 0xFFFFu, high = a >> 16, from_low = b & 0xFFFFu, from_high = b >> 16;
  return (low > from_low ? low - from_low : 0) | (high > from_high ? high - from_high : 0) << 16;
}

static inline uint32_t tinysdk_pack_bytes(int32_t a, int32_t b, int32_t c, int32_t d) {
  return (uint32_t)(uint8_t)a | (uint32_t)(uint8_t)b << 8 | (uint32_t)(uint8_t)c << 16 |
         (uint32_t)(uint8_t)d << 24;
}

static inline uint32_t *tinysdk_store_four(uint32_t a, uint32_t b, uint32_t c, uint32_t d, uint32_t *to) {
  to[0] = a;
  to[1] = b;
  to[2] = c;
  to[3] = d;
  return to + 4;
}

#endif
