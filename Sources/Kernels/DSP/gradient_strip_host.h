/* What the assembly of gradient_strip_arm.h computes. */
#ifndef TINYSDK_DSP_GRADIENT_STRIP_HOST_H
#define TINYSDK_DSP_GRADIENT_STRIP_HOST_H

#include <math.h>

/* Which gradient of the strip meets input `x` under tap kx, or -1. */
static inline int32_t tinysdk_strip_gradient(tinysdk_strip_kind kind, int32_t x, int32_t kx) {
  const int32_t position = x + kind.odd - kx, most = (kind.width - 1) / kind.stride - kind.odd;
  if (kind.stride == 1)
    return position + most;
  return (position & 1) ? -1 : position / 2 + most;
}

static inline void tinysdk_gradient_strip(tinysdk_strip_kind kind, const tinysdk_gradient_strips *strip,
                                          const float *row, const float *weight, int32_t rows, float *to) {
  float sums[8] = {0};
  for (int32_t i = 0; i < rows; i++, row -= strip->pitch / 4, weight += kind.width)
    for (int32_t kx = 0; kx < kind.width; kx++)
      for (int32_t x = 0; x < kind.count; x++) {
        const int32_t at = tinysdk_strip_gradient(kind, x, kx);
        if (at >= 0)
          sums[x] = fmaf(weight[kx], row[at], sums[x]);
      }
  for (int32_t x = 0; x < kind.count; x++)
    to[x] = sums[x];
}

static inline void tinysdk_copy_gradient_rows(const float *from, int32_t count, int32_t rows, int32_t pitch,
                                              float *to) {
  for (int32_t y = 0; y < rows; y++)
    for (int32_t x = 0; x < count; x++)
      to[y * pitch / 4 + x] = from[y * count + x];
}

#endif
