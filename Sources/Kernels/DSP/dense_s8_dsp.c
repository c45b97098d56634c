#include "dense_outputs.h"
#include "dots.h"
#include "instructions.h"

extern __typeof__(tinysdk_dense_s8) tinysdk_dense_s8_dsp;
int32_t tinysdk_dense_s8_dsp_instructions(const tinysdk_dense_args *args);

/* Inputs widened at once, on the stack, for so many outputs. */
#define CHUNK 256
#define OUTPUTS 20

static void widen(const int8_t *input, int32_t quads, int32_t zero, uint32_t *x) {
  const uint32_t base = ((uint32_t)-zero & 0xFFFFu) * 0x10001u;
#pragma GCC unroll 2
  for (; quads > 0; quads--, input += 4, x += 2) {
    const uint32_t word = tinysdk_load_word(input);
    x[0] = tinysdk_sxtab16(base, word);
    x[1] = tinysdk_sxtab16_odd(base, word);
  }
}

/* Sums of `count` outputs, whose rows start at `weights`. */
static void sum_outputs(const tinysdk_dense_args *args, const int8_t *input, const int8_t *weights,
                        int32_t count, int32_t *sums) {
  const int32_t inputs = args->in_count, whole = inputs & ~3;
  uint32_t x[CHUNK / 2];
  for (int32_t from = 0; from < whole; from += CHUNK) {
    const int32_t quads = tinysdk_min(CHUNK, whole - from) / 4;
    int32_t o = 0;
    widen(input + from, quads, args->input_zero, x);
    for (; o + 5 <= count; o += 5)
      tinysdk_dot_five(x, weights + o * inputs + from, inputs, quads, sums + o);
    for (; o < count; o++)
      sums[o] = tinysdk_dot_one(x, weights + o * inputs + from, quads, sums[o]);
  }
  for (int32_t k = whole; k < inputs; k++)
    for (int32_t o = 0; o < count; o++)
      sums[o] += (input[k] - args->input_zero) * weights[o * inputs + k];
}

void tinysdk_dense_s8_dsp(const tinysdk_dense_args *args, const int8_t *input, const int8_t *weights,
                          const int8_t *trained, const uint16_t *order, const int32_t *bias,
                          const tinysdk_requantization *requantization, int8_t *output, uint8_t *mask) {
  const int32_t outputs = args->out_count;
  (void)trained, (void)order;
  for (int32_t b = 0; b < args->batch; b++, input += args->in_count)
    for (int32_t from = 0; from < outputs; from += OUTPUTS) {
      const int32_t count = tinysdk_min(OUTPUTS, outputs - from);
      int32_t sums[OUTPUTS] = {0};
      sum_outputs(args, input, weights + from * args->in_count, count, sums);
      tinysdk_write_dense(args, sums, count, bias ? bias + from : NULL, requantization + from,
                          b * outputs + from, output, mask);
    }
}

int32_t tinysdk_dense_s8_dsp_instructions(const tinysdk_dense_args *args) {
  const int64_t inputs = args->in_count;
  if (args->weight_zero != 0 || inputs * 255 * 128 >= 1 << 29 || args->trained_channels != 0)
    return -1;
  const int64_t outputs = args->out_count, fives = outputs / 5, ones = outputs % 5;
  const int64_t passes = (outputs + OUTPUTS - 1) / OUTPUTS;
  return tinysdk_instruction_count(args->batch * (inputs / 4 * (passes * 6 + fives * 27 + ones * 9) +
                                                  inputs % 4 * outputs * 8 + outputs * 50 + passes * 60));
}
