/* What the assembly of depthwise_halves_arm.h computes. */
#ifndef TINYSDK_DSP_DEPTHWISE_HALVES_HOST_H
#define TINYSDK_DSP_DEPTHWISE_HALVES_HOST_H

static inline int32_t tinysdk_halves_sum(const tinysdk_halves_run *run, const int8_t *x, int32_t factor) {
  int32_t sum = run->start;
  for (int32_t ky = 0; ky < 3; ky++, x += run->pitch) {
    const uint32_t sides = tinysdk_halves(x[-1] * factor, x[1] * factor);
    const uint32_t middle = tinysdk_halves(x[0] * factor, 0);
    sum = tinysdk_smlad(middle, run->weights[2 * ky + 1], tinysdk_smlad(sides, run->weights[2 * ky], sum));
  }
  return sum;
}

static inline void tinysdk_run_halves(tinysdk_halves_run *run, int32_t rounding) {
  const int32_t single = rounding == TINYSDK_ROUNDING_SINGLE;
  const tinysdk_channel channel = {0, run->multiplier, run->addend, single ? 16 : run->right};
  int8_t *output = run->output;
  const int8_t *x = run->input;
  for (int32_t y = 0; y < run->rows; y++, x += run->next)
    for (int32_t s = 0; s < run->row_bytes; s += 4, x += 8, output += 4) {
      int32_t v[4];
      for (int32_t i = 0; i < 4; i++) {
        const int32_t sum = tinysdk_halves_sum(run, x + 2 * i, single ? 256 : 1);
        v[i] = (single ? tinysdk_finish_single(sum, &channel) : tinysdk_finish_tflite(sum, &channel)) - 128;
      }
      tinysdk_store_word(output, tinysdk_saturate_bytes(v[0], v[1], v[2], v[3]));
    }
}

static inline void tinysdk_run_halves_single(tinysdk_halves_run *run) {
  tinysdk_run_halves(run, TINYSDK_ROUNDING_SINGLE);
}

static inline void tinysdk_run_halves_tflite(tinysdk_halves_run *run) {
  tinysdk_run_halves(run, TINYSDK_ROUNDING_TFLITE);
}

#endif
