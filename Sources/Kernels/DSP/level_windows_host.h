/* What the routines of level_windows_arm.h compute. */
#ifndef TINYSDK_DSP_LEVEL_WINDOWS_HOST_H
#define TINYSDK_DSP_LEVEL_WINDOWS_HOST_H

static inline uint32_t tinysdk_level_windows(tinysdk_level_strips *run, int32_t size) {
  tinysdk_strips *const strips = &run->strips;
  const int32_t words = strips->pitch / 4, pairs = size - 1;
  tinysdk_gradient *to = strips->output, *end = strips->end;
  for (; strips->rows > 0; strips->rows--) {
    for (; to != end; to += 4, strips->input += size * words - strips->back / 4) {
      uint32_t levels[4];
      for (int32_t i = 0; i < 4; i++) {
        int32_t sum = strips->start[i];
        for (int32_t ky = 0; ky < size; ky++)
          sum = tinysdk_multiply_window(strips->input + ky * words, strips->weights + ky * pairs, size, 1, i,
                                        sum);
        levels[i] = (uint32_t)sum >> run->shift;
      }
      if (tinysdk_store_levels(levels[0], levels[1], levels[2], levels[3], run->limits, to))
        return 1;
    }
    end += strips->row_bytes / (int32_t)sizeof(*to);
    strips->input += strips->next / 4;
  }
  return 0;
}

static inline uint32_t tinysdk_level_sixteen_5(tinysdk_level_strips *run) {
  return tinysdk_level_windows(run, 5);
}

#endif
