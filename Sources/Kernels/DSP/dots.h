/* Rows of weights times one widened vector: on Arm written out; elsewhere in C. A quad of inputs is two
 * words: the values (0, 2), then (1, 3), without their zero point. */
#ifndef TINYSDK_DSP_DOTS_H
#define TINYSDK_DSP_DOTS_H

#include "simd.h"

#if defined(__ARM_FEATURE_DSP) && defined(__thumb__)
#include "dots_arm.h"
#else
#include "dots_host.h"
#endif

/* sum + one row's products. */
static inline int32_t tinysdk_dot_one(const uint32_t *x, const int8_t *weights, int32_t quads, int32_t sum) {
  for (; quads > 0; quads--, x += 2, weights += 4) {
    const uint32_t word = tinysdk_load_word(weights);
    sum = tinysdk_smlad(tinysdk_sxtb16(word), x[0], sum);
    sum = tinysdk_smlad(tinysdk_sxtb16_odd(word), x[1], sum);
  }
  return sum;
}

#endif
