/* What the assembly of serve_arm.h computes. */
#ifndef TINYSDK_DSP_SERVE_PAIRS_HOST_H
#define TINYSDK_DSP_SERVE_PAIRS_HOST_H

#include "pairs.h"

/* Four unclamped values of one channel, without the clamp's lower end, become outputs. */
static inline void tinysdk_leave_pair(const tinysdk_pair_run *run, const int32_t *values, int8_t *output,
                                      int32_t element) {
  const int32_t range = (int32_t)(run->range & 0xFFu), low = (int8_t)(uint8_t)run->low;
  uint32_t passing = 0;
  for (int32_t p = 0; p < 4; p++) {
    output[p] = (int8_t)(tinysdk_clamp(values[p], 0, range) + low);
    passing |= (uint32_t)(values[p] >= 0 && values[p] <= range) << p;
  }
  if (run->tail == TINYSDK_TAIL_MASK) {
    uint8_t *const byte = run->mask + element / 8;
    *byte = (uint8_t)((*byte & ~(15u << (element & 4))) | passing << (element & 4));
  }
}

static inline const int16_t *tinysdk_serve_pairs(const tinysdk_pair_run *run) {
  const int32_t quads = run ? (int32_t)(run->end - run->pair->columns) / 8 : 0,
                rounding = run && run->rounding;
  int8_t *output = run ? run->output : NULL;
  int32_t element = run ? run->element : 0;
  for (const tinysdk_pair *pair = run ? run->pair : NULL; pair && pair->multiply != TINYSDK_PAIR_NONE;
       pair++) {
    const tinysdk_channel channels[2] = {{0, pair->multiplier_a, pair->addend_a, pair->right_a},
                                         {0, pair->multiplier_b, pair->addend_b, pair->right_b}};
    int32_t v[8];
    for (int32_t i = 0; i < 8; i++)
      v[i] = i < 4 ? pair->start_a : pair->start_c;
    tinysdk_multiply_pairs(pair->columns, pair->weights, quads, v);
    for (int32_t p = 0; p < 4; p++) {
      v[4 + p] = (int32_t)((uint32_t)v[4 + p] - (uint32_t)v[p]);
      if (rounding == TINYSDK_ROUNDING_TFLITE)
        v[4 + p] >>= 8;
    }
    for (int32_t i = 0; i < 8; i++)
      v[i] = tinysdk_finish(v[i], &channels[i / 4], rounding);
    for (int32_t i = 0; i < 2; i++, output += run->plane, element += run->plane) {
      if (run->tail == TINYSDK_TAIL_PLAIN)
        tinysdk_store_word(output,
                           tinysdk_saturate_bytes(v[4 * i], v[4 * i + 1], v[4 * i + 2], v[4 * i + 3]));
      else
        tinysdk_leave_pair(run, v + 4 * i, output, element);
    }
  }
  return NULL;
}

#endif
