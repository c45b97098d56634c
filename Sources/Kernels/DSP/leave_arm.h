#ifndef TINYSDK_DSP_LEAVE_ARM_H
#define TINYSDK_DSP_LEAVE_ARM_H

/* 2 bits + 1 where value <= range, both unsigned; else 2 bits. */
static inline uint32_t tinysdk_shift_in(uint32_t bits, uint32_t range, int32_t value) {
  __asm__("cmp %1, %2\n\tadc %0, %0, %0" : "+r"(bits) : "r"(range), "r"(value) : "cc");
  return bits;
}

/* Saturated to uint8. */
static inline int32_t tinysdk_usat8(int32_t value) {
  __asm__("usat %0, #8, %1" : "=r"(value) : "r"(value));
  return value;
}

/* Byte by byte: the unsigned minimum with `range`, plus `low`. */
static inline uint32_t tinysdk_clamp_bytes(uint32_t bytes, uint32_t range, uint32_t low) {
  uint32_t other;
  __asm__("usub8 %1, %2, %0\n\tsel %0, %0, %2\n\tuadd8 %0, %0, %3"
          : "+&r"(bytes), "=&r"(other)
          : "r"(range), "r"(low));
  return bytes;
}

#endif
