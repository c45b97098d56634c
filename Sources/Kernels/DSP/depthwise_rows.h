/* One depthwise plane, row by row. The rows that a window spans are kept widened to halves in a ring, so that
 * the outputs may overwrite the plane. */
#ifndef TINYSDK_DSP_DEPTHWISE_ROWS_H
#define TINYSDK_DSP_DEPTHWISE_ROWS_H

#include "columns.h"

#define TINYSDK_LARGEST_KERNEL 7
#define TINYSDK_WAY_SLOW 2

/* Words of a widened row: what four outputs beyond the last whole strip still read. */
static inline int32_t tinysdk_row_words(const tinysdk_conv2d_args *args) {
  return ((args->out_width + 3) / 4 * 4 * args->stride_x + args->kernel_width + args->pad_left + 4) / 2 + 1;
}

/* One channel's way from plane to plane. */
typedef struct {
  const tinysdk_conv2d_args *args;
  const int8_t *input;
  uint32_t *ring;
  int32_t loaded; /* rows in the ring so far, counted from the first padding row */
  tinysdk_output_stage stage;
  tinysdk_channel channel;
  int32_t way; /* one of the roundings, or TINYSDK_WAY_SLOW */
  int32_t first;
  int8_t *output;
  uint8_t *mask;
  uint32_t weights[TINYSDK_LARGEST_KERNEL][TINYSDK_LARGEST_KERNEL - 1];
} tinysdk_depthwise_plane;

/* Row `row` (padding rows included) into its place in the ring, whose margins are zero already. Rows of
 * padding take no place: they are read from a row of zeros behind the ring. */
static inline void tinysdk_widen_row(const tinysdk_depthwise_plane *plane, int32_t row, int32_t row_words) {
  const tinysdk_conv2d_args *const args = plane->args;
  uint32_t *const to = plane->ring + row % args->kernel_height * row_words;
  const int32_t y = row - args->pad_top;
  if (y < 0 || y >= args->in_height)
    return;
  const uint32_t base = tinysdk_zero_base(args->input_zero);
  const int8_t *from = plane->input + y * args->in_width;
  int16_t *halves = (int16_t *)to + args->pad_left;
  const int32_t width = tinysdk_min(args->in_width, 2 * row_words - args->pad_left);
  int32_t x = 0;
  for (; x + 4 <= width; x += 4) {
    const uint32_t bytes = tinysdk_load_word(from + x);
    const uint32_t even = tinysdk_sxtab16(base, bytes), odd = tinysdk_sxtab16_odd(base, bytes);
    tinysdk_store_word(halves + x, tinysdk_pack_low(even, odd));
    tinysdk_store_word(halves + x + 2, tinysdk_pack_high(even, odd));
  }
  for (; x < width; x++)
    halves[x] = (int16_t)(from[x] - args->input_zero);
}

static inline int32_t tinysdk_row_place(const tinysdk_conv2d_args *args, int32_t row) {
  const int32_t y = row - args->pad_top;
  return y < 0 || y >= args->in_height ? args->kernel_height : row % args->kernel_height;
}

static inline uint32_t tinysdk_weight_pair(int32_t low, int32_t high) {
  return ((uint32_t)low & 0xFFFFu) | (uint32_t)high << 16;
}

/* Neighbouring weights as pairs: (0, 1), (1, 2), (2, 3) ... */
static inline void tinysdk_pair_weights(const int8_t *weights, int32_t height, int32_t width,
                                        uint32_t pairs[][TINYSDK_LARGEST_KERNEL - 1]) {
  for (int32_t ky = 0; ky < height; ky++, weights += width)
    for (int32_t kx = 0; kx + 1 < width; kx++)
      pairs[ky][kx] = tinysdk_weight_pair(weights[kx], weights[kx + 1]);
}

/* Four outputs, one kernel row, stride 1. Even outputs start at a word's low half, odd ones at its high half.
 * `width` is a constant where this is inlined. */
static inline __attribute__((always_inline)) void tinysdk_add_row_1(const uint32_t *x, const uint32_t *w,
                                                                    int32_t width, int32_t sums[4]) {
  for (int32_t i = 0; i < 2; i++) {
    int32_t even = sums[2 * i], odd = tinysdk_smlatb(x[i], w[0], sums[2 * i + 1]);
    for (int32_t k = 0; k < width / 2; k++) {
      even = tinysdk_smlad(x[i + k], w[2 * k], even);
      odd = tinysdk_smlad(x[i + k + 1], w[2 * k + 1], odd);
    }
    sums[2 * i] = tinysdk_smlabt(x[i + width / 2], w[width - 2], even);
    sums[2 * i + 1] = odd;
  }
}

/* The same for stride 2: every output starts at a low half. */
static inline __attribute__((always_inline)) void tinysdk_add_row_2(const uint32_t *x, const uint32_t *w,
                                                                    int32_t width, int32_t sums[4]) {
  for (int32_t i = 0; i < 4; i++) {
    for (int32_t k = 0; k < width / 2; k++)
      sums[i] = tinysdk_smlad(x[i + k], w[2 * k], sums[i]);
    sums[i] = tinysdk_smlabt(x[i + width / 2], w[width - 2], sums[i]);
  }
}

/* What a strip of four cannot do in registers. */
static __attribute__((noinline, unused)) void tinysdk_write_strip_slowly(const tinysdk_depthwise_plane *plane,
                                                                         const int32_t sums[4], int32_t count,
                                                                         int32_t at) {
  int32_t values[4];
  memcpy(values, sums, sizeof(values));
  if (plane->channel.right >= 0 && count == 4) {
    for (int32_t i = 0; i < 4; i++)
      values[i] = tinysdk_finish(values[i] + plane->stage.bias, &plane->channel, plane->stage.rounding);
    tinysdk_write_four(values, plane->stage.low, plane->stage.high, at, plane->output, plane->mask);
  } else
    tinysdk_write_sums(&plane->stage, values, count, at, plane->output, plane->mask);
}

/* `rounding` is a constant where this is inlined. */
static inline __attribute__((always_inline)) void
tinysdk_store_strip(const tinysdk_channel *channel, const int32_t sums[4], int32_t rounding, int8_t *output) {
  const int32_t a = tinysdk_finish(sums[0] + channel->start, channel, rounding);
  const int32_t b = tinysdk_finish(sums[1] + channel->start, channel, rounding);
  const int32_t c = tinysdk_finish(sums[2] + channel->start, channel, rounding);
  const int32_t d = tinysdk_finish(sums[3] + channel->start, channel, rounding);
  tinysdk_store_word(output, tinysdk_saturate_bytes(a, b, c, d));
}

/* The whole plane of a square kernel. `width` and `stride` are constants where this is inlined. */
static inline __attribute__((always_inline)) void tinysdk_convolve_rows(tinysdk_depthwise_plane *plane,
                                                                        int32_t width, int32_t stride) {
  const tinysdk_conv2d_args *const args = plane->args;
  const int32_t row_words = tinysdk_row_words(args), height = width;
  for (int32_t oy = 0; oy < args->out_height; oy++) {
    const int32_t top = oy * args->stride_y;
    const uint32_t *rows[TINYSDK_LARGEST_KERNEL];
    for (; plane->loaded < top + height; plane->loaded++)
      tinysdk_widen_row(plane, plane->loaded, row_words);
    for (int32_t ky = 0; ky < height; ky++)
      rows[ky] = plane->ring + tinysdk_row_place(args, top + ky) * row_words;
    for (int32_t x = 0; x < args->out_width; x += 4) {
      int32_t sums[4] = {0};
#pragma GCC unroll 7
      for (int32_t ky = 0; ky < height; ky++) {
        if (stride == 1)
          tinysdk_add_row_1(rows[ky] + x / 2, plane->weights[ky], width, sums);
        else
          tinysdk_add_row_2(rows[ky] + x, plane->weights[ky], width, sums);
      }
      const int32_t at = plane->first + oy * args->out_width + x, count = args->out_width - x;
      const int32_t way = count < 4 ? TINYSDK_WAY_SLOW : plane->way;
      if (way == TINYSDK_ROUNDING_SINGLE)
        tinysdk_store_strip(&plane->channel, sums, TINYSDK_ROUNDING_SINGLE, plane->output + at);
      else if (way == TINYSDK_ROUNDING_TFLITE)
        tinysdk_store_strip(&plane->channel, sums, TINYSDK_ROUNDING_TFLITE, plane->output + at);
      else
        tinysdk_write_strip_slowly(plane, sums, tinysdk_min(count, 4), at);
    }
  }
}

#endif
