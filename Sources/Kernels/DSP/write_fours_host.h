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

static inline uint32_t tinysdk_write_interleaved_rows(const tinysdk_interleaved_rows *run) {
  const uint32_t *even = run->even, *odd = run->odd;
  const int32_t row = run->row_bytes / (int32_t)sizeof(*run->to), shift = run->shift;
  tinysdk_gradient *to = run->to;
  uint32_t excess = 0;
  for (int32_t y = 0; y < run->rows; y++, to += row)
    for (tinysdk_gradient *const end = to + row; to < end; to += 4, even += 2, odd += 2)
      excess |= tinysdk_store_levels(even[0] >> shift, odd[0] >> shift, even[1] >> shift, odd[1] >> shift,
                                     run->limits, to);
  return excess;
}

#endif
