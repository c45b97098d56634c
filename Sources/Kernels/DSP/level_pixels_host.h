/* What the routine of level_pixels_arm.h computes. */
#ifndef TINYSDK_DSP_LEVEL_PIXELS_HOST_H
#define TINYSDK_DSP_LEVEL_PIXELS_HOST_H

static inline uint32_t tinysdk_level_pixels(const uint32_t *columns, const uint32_t *weights,
                                            const uint32_t *end, tinysdk_level_pixels_run *run) {
  const int32_t pairs = (int32_t)(end - weights) / 4;
  const int32_t distance = run->distance / (int32_t)sizeof(*run->to), shift = run->shift;
  for (; run->to < run->last; run->to += 4, columns += 4 * pairs)
    for (int32_t channel = 0; channel < 2; channel++) {
      uint32_t levels[4];
      for (int32_t p = 0; p < 4; p++) {
        int32_t sum = (int32_t)run->starts[p];
        for (int32_t i = 0; i < pairs; i++)
          sum = tinysdk_smlad(weights[4 * i + channel], columns[4 * i + p], sum);
        levels[p] = (uint32_t)sum >> shift;
      }
      if (tinysdk_store_levels(levels[0], levels[1], levels[2], levels[3], run->limits,
                               run->to + channel * distance))
        return 1;
    }
  return 0;
}

#endif
