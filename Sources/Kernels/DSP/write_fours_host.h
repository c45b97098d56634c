/* What the routines of write_fours_g8_arm.h and write_fours_g16_arm.h compute. */
#ifndef TINYSDK_DSP_WRITE_FOURS_HOST_H
#define TINYSDK_DSP_WRITE_FOURS_HOST_H

static inline uint32_t tinysdk_write_fours(const tinysdk_levels *levels, const int32_t *sums, int32_t count,
                                           tinysdk_gradient *to) {
  uint32_t excess = 0;
  for (const int32_t *const end = sums + count; sums < end; sums += 4, to += 4)
    excess |= tinysdk_write_levels(*levels, (uint32_t)sums[0] + levels->even, (uint32_t)sums[1] + levels->odd,
                                   (uint32_t)sums[2] + levels->even, (uint32_t)sums[3] + levels->odd, to);
  return excess;
}

#endif
