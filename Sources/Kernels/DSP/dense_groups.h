/* A vector of inputs times the weights of up to three pairs of outputs, in layout `dense_pairs`: on Arm
 * written out; elsewhere in C. */
#ifndef TINYSDK_DSP_DENSE_GROUPS_H
#define TINYSDK_DSP_DENSE_GROUPS_H

#include "layout_dense_pairs.h"
#include "simd.h"

/* The products of one quad of inputs join the sums A and A + 256 B of each pair. */
static inline void tinysdk_multiply_quad(uint32_t inputs, const int8_t *weights, int32_t pairs, uint32_t *a,
                                         uint32_t *c) {
  uint32_t x = tinysdk_sxtb16(inputs);
  for (int32_t half = 0; half < 2; half++, x = tinysdk_sxtb16_odd(inputs))
    for (int32_t i = 0; i < pairs; i++, weights += 4) {
      const uint32_t both = tinysdk_load_word(weights);
      a[i] = (uint32_t)tinysdk_smlad(tinysdk_sxtb16(both), x, (int32_t)a[i]);
      c[i] = (uint32_t)tinysdk_smlad(both, x, (int32_t)c[i]);
    }
}

/* The sums of a group's outputs; the last quad may hold one input. */
static __attribute__((noinline, unused)) void tinysdk_multiply_group_plainly(const int8_t *input,
                                                                             int32_t inputs,
                                                                             const int8_t *group,
                                                                             int32_t pairs, int32_t *sums) {
  uint32_t a[TINYSDK_DENSE_GROUP], c[TINYSDK_DENSE_GROUP];
  for (int32_t i = 0; i < pairs; i++, group += 4) {
    a[i] = tinysdk_load_word(group);
    c[i] = tinysdk_load_word(group + 4 * pairs);
  }
  for (group += 4 * pairs; inputs > 0; inputs -= 4, input += 4, group += 8 * pairs)
    tinysdk_multiply_quad(inputs < 4 ? tinysdk_load_tail(input, inputs) : tinysdk_load_word(input), group,
                          pairs, a, c);
  for (int32_t i = 0; i < pairs; i++) {
    sums[2 * i] = (int32_t)a[i];
    sums[2 * i + 1] = (int32_t)(c[i] - a[i]) >> 8;
  }
}

#if defined(__ARM_FEATURE_DSP) && defined(__thumb__)
#include "dense_groups_arm.h"
#else
#include "dense_groups_host.h"
#endif

#endif
