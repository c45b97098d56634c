/* What the instructions of leave_arm.h do. */
#ifndef TINYSDK_DSP_LEAVE_HOST_H
#define TINYSDK_DSP_LEAVE_HOST_H

static inline uint32_t tinysdk_shift_in(uint32_t bits, uint32_t range, int32_t value) {
  return 2 * bits + (range >= (uint32_t)value);
}

static inline int32_t tinysdk_usat8(int32_t value) {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}

static inline uint32_t tinysdk_clamp_bytes(uint32_t bytes, uint32_t range, uint32_t low) {
  uint32_t clamped = 0;
  for (int32_t i = 0; i < 32; i += 8) {
    const uint32_t byte = bytes >> i & 0xFFu, most = range >> i & 0xFFu;
    clamped |= (((byte < most ? byte : most) + (low >> i)) & 0xFFu) << i;
  }
  return clamped;
}

#endif
