/* Sums of products for blocks of pixels, whose inputs were transposed so that one vector holds
 * sixteen channels (or kernel taps) of one pixel.
 *
 * Columns of `count` channels: [pixel / 4][channel / 16][pixel % 4][channel % 16], whole blocks of sixteen
 * channels. What lies past the last channel is multiplied by zero. */
#ifndef TINYSDK_MVE_COLUMNS_H
#define TINYSDK_MVE_COLUMNS_H

#include "mve.h"
#include "mve_outputs.h"

/* Pixels of a block, at most: what is done once per output channel pays for as many. */
#define TINYSDK_MVE_PIXELS 64

/* The block's columns shall take no more memory than those of sixteen pixels of a wide layer. */
#define TINYSDK_MVE_COLUMNS 4096

/* Vectors of weights held in registers at once. */
#define TINYSDK_MVE_HELD 6

/* Up to here the byte offsets of a column's sixteen pixels fit 16 bits. */
#define TINYSDK_MVE_CHANNELS 4096

static inline int32_t tinysdk_mve_blocks(int32_t count) {
  return (count + 15) >> 4;
}

/* Pixels of a block: 16, 32 or 64, by the vectors that one pixel takes. */
static inline int32_t tinysdk_mve_pixels(int32_t vectors, int32_t plane) {
  int32_t pixels = 16;
  while (pixels < TINYSDK_MVE_PIXELS && pixels < plane && 2 * pixels * vectors * 16 <= TINYSDK_MVE_COLUMNS)
    pixels *= 2;
  return pixels;
}

static inline int32_t tinysdk_mve_columns_bytes(int32_t count, int32_t pixels) {
  return tinysdk_mve_blocks(count) * 16 * pixels;
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

/* Word loads reach further from their base than byte loads. */
static inline int8x16_t tinysdk_mve_aligned(const int8_t *from) {
  return vreinterpretq_s8_s32(vldrwq_s32((const int32_t *)(const void *)from));
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
      int32_t sum = first ? vmladavq_s8(w[0], tinysdk_mve_aligned(pixel))
                          : vmladavaq_s8(sums[p], w[0], tinysdk_mve_aligned(pixel));
      for (int32_t k = 1; k < held; k++)
        sum = vmladavaq_s8(sum, w[k], tinysdk_mve_aligned(pixel + 64 * k));
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

/* Where the frozen positions' columns start, and how long all columns are. */
static inline int32_t tinysdk_mve_vectors(int32_t trained_count, int32_t frozen_count) {
  return tinysdk_mve_blocks(trained_count) + tinysdk_mve_blocks(frozen_count);
}

/* A block of `count` pixels in columns of `pixels`; element `first` is its first output in channel 0, `plane`
 * elements lie between channels. */
typedef struct {
  const int8_t *columns;
  int32_t pixels;
  int32_t count;
  int32_t first;
  int32_t plane;
} tinysdk_mve_block;

/* `outputs` output channels of a block. `bias` may be NULL. */
static __attribute__((noinline)) void tinysdk_mve_convolve(tinysdk_mve_stage *stage, int32_t input_zero,
                                                           tinysdk_mve_block block,
                                                           tinysdk_mve_weights weights, const int32_t *bias,
                                                           const tinysdk_requantization *requantization,
                                                           int32_t outputs, int8_t *output, uint8_t *mask) {
  const int32_t groups = (block.count + 3) >> 2;
  const int8_t *const frozen_columns =
      block.columns + tinysdk_mve_columns_bytes(weights.trained_count, block.pixels);
  int32_t sums[TINYSDK_MVE_PIXELS];
  for (int32_t o = 0; o < outputs; o++) {
    int32_t total = 0;
    if (weights.trained_count > 0)
      total = tinysdk_mve_multiply(weights.trained, weights.trained_count, block.columns, groups, 1, sums);
    if (weights.frozen_count > 0)
      total += tinysdk_mve_multiply(weights.frozen, weights.frozen_count, frozen_columns, groups,
                                    weights.trained_count == 0, sums);
    weights.trained += weights.trained_count;
    weights.frozen += weights.frozen_count;
    tinysdk_mve_set_scale(stage,
                          tinysdk_mve_fold(bias ? bias[o] : 0, -total * input_zero, sums, TINYSDK_MVE_PIXELS),
                          requantization[o]);
    tinysdk_mve_write_sums(stage, sums, block.count, block.first, output, mask);
    block.first += block.plane;
  }
}

#endif
