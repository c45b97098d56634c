/* What the assembly of depthwise_strips_arm.h computes. */
#ifndef TINYSDK_DSP_DEPTHWISE_STRIPS_HOST_H
#define TINYSDK_DSP_DEPTHWISE_STRIPS_HOST_H

/* Output i of a strip takes one kernel row: its window starts at half i * stride. */
static inline int32_t tinysdk_multiply_window(const uint32_t *x, const uint32_t *w, int32_t size,
                                              int32_t stride, int32_t i, int32_t sum) {
  const uint32_t *const from = x + i * stride / 2;
  const int32_t step = 3 - stride; /* from one pair of weights to the next but one */
  if (stride == 1 && (i & 1)) {
    sum = tinysdk_smlatb(from[0], w[0], sum);
    for (int32_t k = 0; k < size / 2; k++)
      sum = tinysdk_smlad(from[k + 1], w[2 * k + 1], sum);
    return sum;
  }
  for (int32_t k = 0; k < size / 2; k++)
    sum = tinysdk_smlad(from[k], w[step * k], sum);
  if (stride == 1)
    return tinysdk_smlabt(from[size / 2], w[size - 2], sum);
  return tinysdk_smlad(from[size / 2], w[size / 2], sum);
}

static inline void tinysdk_store_strip(tinysdk_strips *strips, const int32_t sums[4]) {
  const tinysdk_channel channel = {0, strips->multiplier, strips->addend, strips->right};
  int8_t *const output = strips->output;
  int32_t values[4];
  if (strips->way == TINYSDK_WAY_SUMS) {
    memcpy(output, sums, sizeof(values));
    strips->output = output + sizeof(values);
    return;
  }
  const int32_t masked = strips->way > TINYSDK_WAY_SUMS;
  const int32_t single = strips->way == TINYSDK_WAY_MASKED_SINGLE || strips->way == TINYSDK_ROUNDING_SINGLE;
  for (int32_t i = 0; i < 4; i++)
    values[i] = tinysdk_finish(sums[i], &channel, single ? TINYSDK_ROUNDING_SINGLE : TINYSDK_ROUNDING_TFLITE);
  if (masked)
    tinysdk_write_mask(strips->mask, (int32_t)(output - strips->base), values, 4, -128, 127);
  tinysdk_store_word(output, tinysdk_saturate_bytes(values[0], values[1], values[2], values[3]));
  strips->output = output + 4;
}

/* One strip of outputs by so many kernel rows. */
static inline void tinysdk_convolve_strip(tinysdk_strips *strips, const uint32_t *input,
                                          const uint32_t *weights, int32_t rows, int32_t size,
                                          int32_t stride) {
  const int32_t words = strips->pitch / 4, pairs = stride == 1 ? size - 1 : size / 2 + 1;
  int32_t sums[4];
  for (int32_t i = 0; i < 4; i++) {
    sums[i] = strips->start[i];
    for (int32_t ky = 0; ky < rows; ky++)
      sums[i] = tinysdk_multiply_window(input + ky * words, weights + ky * pairs, size, stride, i, sums[i]);
  }
  tinysdk_store_strip(strips, sums);
}

static inline void tinysdk_convolve_strips(tinysdk_strips *strips, int32_t size, int32_t stride) {
  const int32_t words = strips->pitch / 4;
  for (; strips->rows > 0; strips->rows--) {
    for (; strips->output != strips->end; strips->input += size * words - strips->back / 4)
      tinysdk_convolve_strip(strips, strips->input, strips->weights, size, size, stride);
    strips->end = (int8_t *)strips->end + strips->row_bytes;
    strips->input += strips->next / 4;
  }
}

static inline void tinysdk_convolve_clipped(tinysdk_strips *strips, int32_t size) {
  const int32_t words = strips->pitch / 4;
  for (const tinysdk_clipped_row *row = strips->table; row->input; row++) {
    const int32_t rows = (int32_t)row->entry;
    const uint32_t *input = row->input;
    strips->end = (int8_t *)strips->end + strips->row_bytes;
    for (; strips->output != strips->end; input += rows * words - row->back / 4)
      tinysdk_convolve_strip(strips, input, row->weights, rows, size, 1);
  }
}

static inline uintptr_t tinysdk_clipped_entry(int32_t size, int32_t rows) {
  (void)size;
  return (uintptr_t)rows;
}

#endif
