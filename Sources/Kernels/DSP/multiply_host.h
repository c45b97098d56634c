/* What the loops of multiply_arm.h compute. */
#ifndef TINYSDK_DSP_MULTIPLY_HOST_H
#define TINYSDK_DSP_MULTIPLY_HOST_H

#include "simd.h"

static inline void tinysdk_multiply_half(const uint32_t *x, uint32_t a, uint32_t b, int32_t sums[8]) {
  for (int32_t p = 0; p < 4; p++) {
    sums[p] = tinysdk_smlad(a, x[p], sums[p]);
    sums[4 + p] = tinysdk_smlad(b, x[p], sums[4 + p]);
  }
}

static inline void tinysdk_multiply_quads(const uint32_t *x, const int8_t *a, const int8_t *b, int32_t quads,
                                          int32_t sums[8]) {
  for (int32_t q = 0; q < quads; q++, x += 8) {
    const uint32_t wa = tinysdk_load_word(a + 4 * q), wb = tinysdk_load_word(b + 4 * q);
    tinysdk_multiply_half(x, tinysdk_sxtb16(wa), tinysdk_sxtb16(wb), sums);
    tinysdk_multiply_half(x + 4, tinysdk_sxtb16_odd(wa), tinysdk_sxtb16_odd(wb), sums);
  }
}

static inline void tinysdk_multiply_pairs(const uint32_t *x, const int8_t *packed, int32_t quads,
                                          int32_t sums[8]) {
  for (int32_t half = 0; half < 2 * quads; half++, x += 4) {
    const uint32_t word = tinysdk_load_word(packed + 4 * half);
    tinysdk_multiply_half(x, tinysdk_sxtb16(word), word, sums);
  }
}

/* All pairs up to the first one with a channel that needs the general path; returns how many are left. */
static inline int32_t tinysdk_run_pairs(const tinysdk_run *run, int32_t rounding) {
  const int32_t quads = (int32_t)(run->end - run->columns) / 8;
  const int8_t *row = run->weights;
  const tinysdk_channel *channel = run->channels;
  int8_t *output = run->output;
  for (int32_t left = run->pairs; left > 0; left--, channel += 2, output += 2 * run->plane) {
    if ((channel[0].right | channel[1].right) < 0)
      return left;
    int32_t v[8];
    for (int32_t i = 0; i < 8; i++)
      v[i] = channel[i / 4].start;
    tinysdk_multiply_quads(run->columns, row, row + run->row, quads, v);
    for (int32_t i = 0; i < 8; i++)
      v[i] = tinysdk_finish(v[i], &channel[i / 4], rounding);
    tinysdk_store_word(output, tinysdk_saturate_bytes(v[0], v[1], v[2], v[3]));
    tinysdk_store_word(output + run->plane, tinysdk_saturate_bytes(v[4], v[5], v[6], v[7]));
    row += 4 * quads + run->advance;
  }
  return 0;
}

static inline int32_t tinysdk_run_single(const tinysdk_run *run) {
  return tinysdk_run_pairs(run, TINYSDK_ROUNDING_SINGLE);
}

static inline int32_t tinysdk_run_tflite(const tinysdk_run *run) {
  return tinysdk_run_pairs(run, TINYSDK_ROUNDING_TFLITE);
}

static inline int32_t tinysdk_run_split(const tinysdk_split_run *run, int32_t rounding) {
  const int32_t quads = (int32_t)(run->first.end - run->columns) / 8;
  const int32_t others = (int32_t)(run->second.end - run->first.end) / 8;
  const int8_t *first = run->first.weights, *second = run->second.weights;
  const tinysdk_channel *channel = run->channels;
  int8_t *output = run->output;
  for (int32_t left = run->pairs; left > 0; left--, channel += 2, output += 2 * run->plane) {
    if ((channel[0].right | channel[1].right) < 0)
      return left;
    int32_t v[8];
    for (int32_t i = 0; i < 8; i++)
      v[i] = channel[i / 4].start;
    tinysdk_multiply_quads(run->columns, first, first + run->first.row, quads, v);
    first += 2 * run->first.row;
    if (others > 0) {
      tinysdk_multiply_quads(run->first.end, second, second + run->second.row, others, v);
      second += 2 * run->second.row;
    }
    for (int32_t i = 0; i < 8; i++)
      v[i] = tinysdk_finish(v[i], &channel[i / 4], rounding);
    for (int32_t i = 0; i < 2; i++) {
      int8_t *const to = output + i * run->plane;
      if (run->mask)
        tinysdk_write_mask(run->mask, (int32_t)(to - run->base), v + 4 * i, 4, -128, 127);
      tinysdk_store_word(to, tinysdk_saturate_bytes(v[4 * i], v[4 * i + 1], v[4 * i + 2], v[4 * i + 3]));
    }
  }
  return 0;
}

static inline int32_t tinysdk_run_split_single(const tinysdk_split_run *run) {
  return tinysdk_run_split(run, TINYSDK_ROUNDING_SINGLE);
}

static inline int32_t tinysdk_run_split_tflite(const tinysdk_split_run *run) {
  return tinysdk_run_split(run, TINYSDK_ROUNDING_TFLITE);
}

#endif
