/* Whole planes through depthwise_blocks.h: a band of rows is widened before its outputs are written, so that
 * they may overwrite the plane. */
#ifndef TINYSDK_DSP_DEPTHWISE_3X3_H
#define TINYSDK_DSP_DEPTHWISE_3X3_H

#include "depthwise_blocks.h"

static inline int32_t tinysdk_is_3x3(const tinysdk_conv2d_args *args) {
  return args->kernel_height == 3 && args->kernel_width == 3 && args->stride_y == 1 && args->stride_x == 1 &&
         args->pad_top == 1 && args->pad_left == 1 && args->out_height == args->in_height &&
         args->out_width == args->in_width && args->out_height % 2 == 0 && args->out_width % 4 == 0 &&
         tinysdk_is_plain(args->clamp_min, args->clamp_max, NULL);
}

/* One strip more, for what the first one writes to its left. */
static inline int32_t tinysdk_3x3_words(const tinysdk_conv2d_args *args) {
  return (args->out_width / 4 + 1) * TINYSDK_STRIP_WORDS;
}

static inline void tinysdk_pad_strips(uint32_t *row, int32_t strips, uint32_t pad) {
  for (; strips > 0; strips--, row += TINYSDK_STRIP_WORDS)
    row[0] = row[1] = row[2] = pad;
}

/* The band's last two rows become the next one's first two. */
static inline void tinysdk_keep_strips(uint32_t *strip, int32_t strips) {
  for (; strips > 0; strips--, strip += TINYSDK_STRIP_WORDS) {
    const uint32_t *const kept = strip + TINYSDK_BAND_ROWS * TINYSDK_STRIP_ROW;
    const uint32_t a = kept[0], b = kept[1], c = kept[2], d = kept[3], e = kept[4], f = kept[5];
    strip[0] = a, strip[1] = b, strip[2] = c, strip[3] = d, strip[4] = e, strip[5] = f;
  }
}

/* The zero point as the widened rows hold it. */
static inline uint32_t tinysdk_3x3_pad(const tinysdk_conv2d_args *args) {
  const int32_t single = args->rounding == TINYSDK_ROUNDING_SINGLE;
  return ((uint32_t)args->input_zero & (single ? 0xFFu : 0xFFFFu)) * (single ? 0x01000100u : 0x10001u);
}

static inline void tinysdk_set_band(tinysdk_blocks *blocks, int32_t width, int32_t rows) {
  blocks->row_bytes = width;
  blocks->column = rows * width;
  blocks->strips = width / 4;
  blocks->skip = (TINYSDK_STRIP_WORDS - rows * TINYSDK_STRIP_ROW) * (int32_t)sizeof(uint32_t);
}

static inline void tinysdk_run_band(tinysdk_blocks *blocks, int8_t *output, int32_t rounding) {
  blocks->output = output;
  blocks->end = output + blocks->column;
  if (rounding == TINYSDK_ROUNDING_SINGLE)
    tinysdk_convolve_blocks_single(blocks);
  else
    tinysdk_convolve_blocks_tflite(blocks);
}

static inline void tinysdk_widen_band(const int8_t *input, uint32_t *to, int32_t strips, int32_t rows,
                                      uint32_t pad, int32_t rounding) {
  if (rounding == TINYSDK_ROUNDING_SINGLE)
    tinysdk_widen_strips_single(input, to, strips, rows, pad);
  else
    tinysdk_widen_strips_tflite(input, to, strips, rows, pad);
}

/* Before planes that are one band each: their padding and what else they share. */
static inline void tinysdk_start_3x3(const tinysdk_conv2d_args *args, tinysdk_blocks *blocks,
                                     uint32_t *room) {
  uint32_t *const band = room + TINYSDK_STRIP_WORDS;
  const int32_t strips = args->out_width / 4;
  blocks->input = band;
  tinysdk_set_band(blocks, args->out_width, args->out_height);
  tinysdk_pad_strips(band, strips, tinysdk_3x3_pad(args));
  tinysdk_pad_strips(band + (args->out_height + 1) * TINYSDK_STRIP_ROW, strips, tinysdk_3x3_pad(args));
}

static inline int32_t tinysdk_is_one_band(const tinysdk_conv2d_args *args) {
  return args->out_height <= TINYSDK_BAND_ROWS;
}

/* One plane of several bands; `blocks` holds the channel's weights and constants. */
static inline void tinysdk_convolve_bands(const tinysdk_conv2d_args *args, tinysdk_blocks *blocks,
                                          const int8_t *input, int8_t *output, uint32_t *room) {
  const int32_t width = args->out_width, height = args->out_height, strips = width / 4;
  const uint32_t pad = tinysdk_3x3_pad(args);
  uint32_t *const band = room + TINYSDK_STRIP_WORDS;
  blocks->input = band;
  tinysdk_pad_strips(band, strips, pad);
  for (int32_t y = 0, from = 0; y < height; y += TINYSDK_BAND_ROWS) {
    const int32_t rows = tinysdk_min(TINYSDK_BAND_ROWS, height - y), end = tinysdk_min(y + rows + 1, height);
    tinysdk_widen_band(input + from * width, band + (from - y + 1) * TINYSDK_STRIP_ROW, strips, end - from,
                       pad, args->rounding);
    if (y + rows == height)
      tinysdk_pad_strips(band + (rows + 1) * TINYSDK_STRIP_ROW, strips, pad);
    from = end;
    tinysdk_set_band(blocks, width, rows);
    tinysdk_run_band(blocks, output + y * width, args->rounding);
    if (end < height)
      tinysdk_keep_strips(band, strips);
  }
}

#endif
