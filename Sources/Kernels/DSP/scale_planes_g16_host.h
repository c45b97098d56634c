/* What the routine of scale_planes_g16_arm.h computes. */
#ifndef TINYSDK_DSP_SCALE_PLANES_G16_HOST_H
#define TINYSDK_DSP_SCALE_PLANES_G16_HOST_H

static inline tinysdk_gradient *tinysdk_run_scale(tinysdk_scale_run *run) {
  tinysdk_gradient *to = run->elements;
  for (; run->planes > 0; run->planes--, run->factor++)
    for (tinysdk_gradient *const end = to + run->plane / 2; to < end; to += 2) {
      const int32_t i = (int32_t)(to - run->elements);
      const uint32_t word = tinysdk_load_word(to) & run->passing[run->mask[i / 8] >> (i & 6) & 3];
      const uint32_t factor = (uint16_t)run->factor[0];
      const uint32_t a = (uint32_t)tinysdk_smlabb(word, factor, (int32_t)run->even) >> run->shift;
      const uint32_t b = (uint32_t)tinysdk_smlatb(word, factor, (int32_t)run->odd) >> run->shift;
      const uint32_t levels = tinysdk_pack_low(a, b);
      if ((a | b) >> 16 || tinysdk_uqsub16(levels, run->most))
        return to;
      tinysdk_store_word(to, tinysdk_sub16(levels, run->limits));
    }
  return to;
}

#endif
