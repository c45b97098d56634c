/* Eight planes by eight pixels, turned so that the planes lie side by side. */
#ifndef TINYSDK_HOST_TRANSPOSE_H
#define TINYSDK_HOST_TRANSPOSE_H

#include "lanes.h"

#define HOST_INTERLEAVE(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)

/* rows[i] lane j becomes rows[j] lane i. */
HOST_INLINE void host_transpose(host_f32 rows[HOST_LANES]) {
  host_f32 two[HOST_LANES], four[HOST_LANES];
  for (int32_t i = 0; i < HOST_LANES; i += 2) {
    two[i] = HOST_INTERLEAVE(rows[i], rows[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
    two[i + 1] = HOST_INTERLEAVE(rows[i], rows[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
  }
  for (int32_t i = 0; i < HOST_LANES; i += 4)
    for (int32_t j = 0; j < 2; j++) {
      four[i + 2 * j] = HOST_INTERLEAVE(two[i + j], two[i + 2 + j], 0, 1, 8, 9, 4, 5, 12, 13);
      four[i + 2 * j + 1] = HOST_INTERLEAVE(two[i + j], two[i + 2 + j], 2, 3, 10, 11, 6, 7, 14, 15);
    }
  for (int32_t i = 0; i < 4; i++) {
    rows[i] = HOST_INTERLEAVE(four[i], four[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
    rows[i + 4] = HOST_INTERLEAVE(four[i], four[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
  }
}

#endif
