/* Sums of products for blocks of sixteen pixels, whose inputs were transposed so that one vector holds
 * sixteen channels (or kernel taps) of one pixel.
 *
 * Columns of `count` channels: [pixel / 4][channel / 16][pixel % 4][channel % 16], whole blocks of sixteen
 * channels. What lies past the last channel is multiplied by zero. */
#ifndef TINYSDK_MVE_COLUMNS_H
#define TINYSDK_MVE_COLUMNS_H

#include "mve.h"
#include "mve_outputs.h"

#define TINYSDK_MVE_PIXELS 16

/* Vectors of weights held in registers at once. */
#define TINYSDK_MVE_HELD 6

/* Up to here the byte offsets of a column's sixteen pixels fit 16 bits. */
#define TINYSDK_MVE_CHANNELS 4096

static inline int32_t tinysdk_mve_blocks(int32_t count) {
  return (count + 15) >> 4;
}

static inline int32_t tinysdk_mve_columns_bytes(int32_t count) {
  return tinysdk_mve_blocks(count) * 16 * TINYSDK_MVE_PIXELS;
}

/* Where the sixteen pixels of one channel go: two vectors of byte offsets. */
typedef struct {
  uint16x8_t low;
  uint16x8_t high;
} tinysdk_mve_spread;

static inline tinysdk_mve_spread tinysdk_mve_spread_over(int32_t count) {
  uint16_t offsets[16];
  for (int32_t p = 0; p < 16; p++)
    offsets[p] = (uint16_t)((p >> 2) * tinysdk_mve_blocks(count) * 64 + (p & 3) * 16);
  const tinysdk_mve_spread spread = {vldrhq_u16(offsets), vldrhq_u16(offsets + 8)};
  return spread;
}

static inline int8_t *tinysdk_mve_column(int8_t *columns, int32_t channel) {
  return columns + (channel >> 4) * 64 + (channel & 15);
}

/* One channel of sixteen pixels. */
static inline void tinysdk_mve_put_column(int8_t *column, tinysdk_mve_spread spread, const int8_t *pixels) {
  vstrbq_scatter_offset_s16(column, spread.low, vldrbq_s16(pixels));
  vstrbq_scatter_offset_s16(column, spread.high, vldrbq_s16(pixels + 8));
}

/* The first `count` of them. */
static inline void tinysdk_mve_put_some(int8_t *column, tinysdk_mve_spread spread, const int8_t *pixels,
                                        int32_t count) {
  const int32_t rest = tinysdk_max(count - 8, 0);
  vstrbq_scatter_offset_s16(column, spread.low, vldrbq_z_s16(pixels, vctp16q((uint32_t)count)));
  vstrbq_scatter_offset_s16(column, spread.high, vldrbq_z_s16(pixels + 8, vctp16q((uint32_t)rest)));
}

/* One output channel by `held` vectors of weights, the last of them as long as `tail` says. `held` and
 * `first` are constants where this is inlined. Returns the sum of the weights. */
static inline __attribute__((always_inline)) int32_t tinysdk_mve_dot(const int8_t *weights, int32_t held,
                                                                     mve_pred16_t tail, const int8_t *columns,
                                                                     int32_t pitch, int32_t groups,
                                                                     int32_t first, int32_t *sums) {
  int8x16_t w[TINYSDK_MVE_HELD];
  int32_t total = 0;
  for (int32_t k = 0; k < held; k++) {
    w[k] = k + 1 < held ? vldrbq_s8(weights + 16 * k) : vldrbq_z_s8(weights + 16 * k, tail);
    total = vaddvaq_s8(total, w[k]);
  }
  for (int32_t g = 0; g < groups; g++) {
    for (int32_t p = 0; p < 4; p++) {
      const int8_t *const pixel = columns + 16 * p;
      int32_t sum =
          first ? vmladavq_s8(w[0], vldrbq_s8(pixel)) : vmladavaq_s8(sums[p], w[0], vldrbq_s8(pixel));
      for (int32_t k = 1; k < held; k++)
        sum = vmladavaq_s8(sum, w[k], vldrbq_s8(pixel + 64 * k));
      sums[p] = sum;
    }
    columns += pitch;
    sums += 4;
  }
  return total;
}

#define TINYSDK_MVE_DOT(held)                                                                                \
  case held:                                                                                                 \
    return first ? tinysdk_mve_dot(weights, held, tail, columns, pitch, groups, 1, sums)                     \
                 : tinysdk_mve_dot(weights, held, tail, columns, pitch, groups, 0, sums)

static __attribute__((noinline)) int32_t tinysdk_mve_dot_held(const int8_t *weights, int32_t held,
                                                              mve_pred16_t tail, const int8_t *columns,
                                                              int32_t pitch, int32_t groups, int32_t first,
                                                              int32_t *sums) {
  switch (held) {
    TINYSDK_MVE_DOT(1);
    TINYSDK_MVE_DOT(2);
    TINYSDK_MVE_DOT(3);
    TINYSDK_MVE_DOT(4);
    TINYSDK_MVE_DOT(5);
  default:
    return first ? tinysdk_mve_dot(weights, 6, tail, columns, pitch, groups, 1, sums)
                 : tinysdk_mve_dot(weights, 6, tail, columns, pitch, groups, 0, sums);
  }
}

/* sums (of `groups` groups of four pixels; added to unless `first`) = weights * columns; returns the sum of
 * the weights. */
static inline int32_t tinysdk_mve_multiply(const int8_t *weights, int32_t count, const int8_t *columns,
                                           int32_t groups, int32_t first, int32_t *sums) {
  const int32_t blocks = tinysdk_mve_blocks(count), pitch = blocks * 64;
  int32_t total = 0;
  for (int32_t b = 0; b < blocks; b += TINYSDK_MVE_HELD) {
    const int32_t held = tinysdk_min(TINYSDK_MVE_HELD, blocks - b);
    const mve_pred16_t tail = vctp8q((uint32_t)(count - 16 * (b + held - 1)));
    total += tinysdk_mve_dot_held(weights + 16 * b, held, tail, columns + 64 * b, pitch, groups,
                                  first && b == 0, sums);
  }
  return total;
}

/* The weights of some output channels, as one tensor or as two that split the input positions. */
typedef struct {
  const int8_t *trained;
  const int8_t *frozen;
  int32_t trained_count; /* positions (channels times taps) of one output channel in each tensor */
  int32_t frozen_count;
} tinysdk_mve_weights;

static inline int32_t tinysdk_mve_split_bytes(int32_t trained_count, int32_t frozen_count) {
  return tinysdk_mve_columns_bytes(trained_count) + tinysdk_mve_columns_bytes(frozen_count);
}

/* `outputs` output channels of `count` pixels: element `first` is the first of them in the first channel,
 * `plane` elements lie between channels. `bias` may be NULL. */
static __attribute__((noinline)) void
tinysdk_mve_convolve(const tinysdk_conv2d_args *args, const int8_t *columns, tinysdk_mve_weights weights,
                     const int32_t *bias, const tinysdk_requantization *requantization, int32_t outputs,
                     int32_t count, int32_t first, int32_t plane, const tinysdk_mve_target *target) {
  const int32_t groups = (count + 3) >> 2;
  const int8_t *const frozen_columns = columns + tinysdk_mve_columns_bytes(weights.trained_count);
  for (int32_t o = 0; o < outputs; o++) {
    int32_t sums[TINYSDK_MVE_PIXELS];
    int32_t total = 0;
    if (weights.trained_count > 0)
      total = tinysdk_mve_multiply(weights.trained + o * weights.trained_count, weights.trained_count,
                                   columns, groups, 1, sums);
    if (weights.frozen_count > 0)
      total += tinysdk_mve_multiply(weights.frozen + o * weights.frozen_count, weights.frozen_count,
                                    frozen_columns, groups, weights.trained_count == 0, sums);
    const int32_t left =
        tinysdk_mve_fold(bias ? bias[o] : 0, -total * args->input_zero, sums, TINYSDK_MVE_PIXELS);
    tinysdk_mve_write_sums(target, left, requantization[o], args->rounding, sums, count, first + o * plane);
  }
}

#endif
