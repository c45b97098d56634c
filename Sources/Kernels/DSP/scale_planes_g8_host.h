/* What the routine of scale_planes_g8_arm.h computes. */
#ifndef TINYSDK_DSP_SCALE_PLANES_G8_HOST_H
#define TINYSDK_DSP_SCALE_PLANES_G8_HOST_H

static inline int8_t *tinysdk_run_scale(tinysdk_scale_run *run) {
  const int32_t most = (int32_t)(run->most & 0xFFFFu);
  int8_t *to = run->elements;
  for (; run->planes > 0; run->planes--, run->factor++) {
    const int64_t factor = (int64_t)run->factor[0] << run->shift;
    for (int8_t *const end = to + run->plane; to < end; to += 4) {
      const int32_t i = (int32_t)(to - run->elements);
      const uint32_t word = tinysdk_load_word(to) & run->passing[run->mask[i / 8] >> (i & 4) & 15];
      uint32_t levels = 0;
      for (int32_t j = 0; j < 4; j++) {
        const int64_t product = (factor > INT32_MAX ? INT32_MAX : factor) * (int8_t)(word >> 8 * j) * 256;
        const int32_t sum = (int32_t)((j & 1 ? run->odd : run->even) + (uint32_t)(product >> 16));
        if (sum >> 16 < 0 || sum >> 16 > most)
          return to;
        levels |= (uint32_t)(sum >> 16) << 8 * j;
      }
      tinysdk_store_word(to, tinysdk_sub8(levels, run->limits));
    }
  }
  return to;
}

static inline int8_t *tinysdk_run_scale_all(tinysdk_scale_run *run) {
  return tinysdk_run_scale(run);
}

#endif
