/* What the assembly of depthwise_blocks_arm.h computes. */
#ifndef TINYSDK_DSP_DEPTHWISE_BLOCKS_HOST_H
#define TINYSDK_DSP_DEPTHWISE_BLOCKS_HOST_H

static inline void tinysdk_widen_strips(const int8_t *input, uint32_t *to, int32_t strips, int32_t rows,
                                        uint32_t pad, int32_t factor) {
  int16_t *halves = (int16_t *)to;
  for (; rows > 0; rows--, input += 4 * strips, halves += 2 * TINYSDK_STRIP_ROW)
    for (int32_t s = 0; s < strips; s++)
      for (int32_t i = 0; i < 6; i++) {
        const int32_t x = 4 * s + i - 1, inside = x >= 0 && x < 4 * strips;
        halves[s * 2 * TINYSDK_STRIP_WORDS + i] = inside ? (int16_t)(input[x] * factor) : (int16_t)pad;
      }
}

static inline void tinysdk_widen_strips_single(const int8_t *input, uint32_t *to, int32_t strips,
                                               int32_t rows, uint32_t pad) {
  tinysdk_widen_strips(input, to, strips, rows, pad, 256);
}

static inline void tinysdk_widen_strips_tflite(const int8_t *input, uint32_t *to, int32_t strips,
                                               int32_t rows, uint32_t pad) {
  tinysdk_widen_strips(input, to, strips, rows, pad, 1);
}

static inline void tinysdk_convolve_row(const tinysdk_blocks *blocks, const uint32_t *x, int8_t *output,
                                        int32_t rounding) {
  const uint32_t *w = blocks->weights;
  const tinysdk_channel channel = {0, blocks->multiplier, blocks->addend,
                                   rounding == TINYSDK_ROUNDING_SINGLE ? 16 : blocks->right};
  int32_t v[4] = {blocks->start, blocks->start, blocks->start, blocks->start};
  for (int32_t ky = 0; ky < 3; ky++, w += 2, x += TINYSDK_STRIP_ROW)
    for (int32_t i = 0; i < 4; i += 2) {
      v[i] = tinysdk_smlabt(x[i / 2 + 1], w[1], tinysdk_smlad(x[i / 2], w[0], v[i]));
      v[i + 1] = tinysdk_smlad(x[i / 2 + 1], w[1], tinysdk_smlatb(x[i / 2], w[0], v[i + 1]));
    }
  for (int32_t i = 0; i < 4; i++)
    v[i] = (rounding == TINYSDK_ROUNDING_SINGLE ? tinysdk_finish_single(v[i], &channel)
                                                : tinysdk_finish_tflite(v[i], &channel)) -
           128;
  tinysdk_store_word(output, tinysdk_saturate_bytes(v[0], v[1], v[2], v[3]));
  if (blocks->mask)
    tinysdk_write_mask(blocks->mask, (int32_t)(output - blocks->base), v, 4, -128, 127);
}

static inline void tinysdk_convolve_blocks(const tinysdk_blocks *blocks, int32_t rounding) {
  for (int32_t s = 0; s < blocks->strips; s++) {
    const uint32_t *x = blocks->input + s * TINYSDK_STRIP_WORDS;
    int8_t *const end = blocks->end + 4 * s;
    for (int8_t *to = blocks->output + 4 * s; to != end; to += blocks->row_bytes, x += TINYSDK_STRIP_ROW)
      tinysdk_convolve_row(blocks, x, to, rounding);
  }
}

static inline void tinysdk_convolve_blocks_single(const tinysdk_blocks *blocks) {
  tinysdk_convolve_blocks(blocks, TINYSDK_ROUNDING_SINGLE);
}

static inline void tinysdk_convolve_blocks_tflite(const tinysdk_blocks *blocks) {
  tinysdk_convolve_blocks(blocks, TINYSDK_ROUNDING_TFLITE);
}

#endif
