/* What the assembly of serve_pairs_dual_arm.h computes: the same as the other rows. */
#ifndef TINYSDK_DSP_SERVE_PAIRS_DUAL_HOST_H
#define TINYSDK_DSP_SERVE_PAIRS_DUAL_HOST_H

#include "serve_pairs_host.h"

static inline void tinysdk_multiply_pairs_dual(const uint32_t *x, const int8_t *packed, int32_t quads,
                                               int32_t *sums) {
  tinysdk_multiply_pairs(x, packed, quads, sums);
}

static inline const int16_t *tinysdk_serve_pairs_dual(const tinysdk_pair_run *run) {
  return tinysdk_serve_pairs(run);
}

#endif
