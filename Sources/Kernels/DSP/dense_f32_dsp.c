#include "dense_blocks.h"
#include "instructions.h"

#include <math.h>

extern __typeof__(tinysdk_dense_f32) tinysdk_dense_f32_dsp;
int32_t tinysdk_dense_f32_dsp_instructions(const tinysdk_dense_f32_args *args);

/* Each part is a function of its own: together they would keep twice as much on the stack. */
#define APART static __attribute__((noinline))

/* Whole blocks of eight inputs for the outputs from `first` on, two by two; an odd one goes twice. */
APART void multiply_pairs(const tinysdk_dense_f32_args *args, const float *input, const float *weights,
                          int32_t first, float *output) {
  const int32_t inputs = args->in_count;
  for (int32_t o = first; o < args->out_count; o += 2) {
    const int32_t second = o + 1 < args->out_count;
    float sums[2] = {output[o], output[o + second]};
    tinysdk_dense_two_rows(input, weights + o * inputs, second * inputs, inputs >> 3, sums);
    output[o] = sums[0];
    if (second)
      output[o + 1] = sums[1];
  }
}

/* The same, eight outputs at a time. Returns how many outputs it has done. */
APART int32_t multiply_eights(const tinysdk_dense_f32_args *args, const float *input, const float *weights,
                              float *output) {
  int32_t o = 0;
  for (; o + 8 <= args->out_count; o += 8)
    tinysdk_dense_eight_rows(input, weights + o * args->in_count, args->in_count, args->in_count >> 3,
                             output + o);
  return o;
}

/* The inputs behind the last block of eight. */
APART void add_rest(const tinysdk_dense_f32_args *args, const float *input, const float *weights,
                    float *output) {
  for (int32_t i = args->in_count & ~7; i < args->in_count; i++)
    for (int32_t o = 0; o < args->out_count; o++)
      output[o] = fmaf(weights[o * args->in_count + i], input[i], output[o]);
}

void tinysdk_dense_f32_dsp(const tinysdk_dense_f32_args *args, const float *input, const float *weights,
                           const float *bias, float *output) {
  for (int32_t b = 0; b < args->batch; b++, input += args->in_count, output += args->out_count) {
    for (int32_t o = 0; o < args->out_count; o++)
      output[o] = bias ? bias[o] : 0.0f;
    if (args->in_count >= 8)
      multiply_pairs(args, input, weights, multiply_eights(args, input, weights, output), output);
    if (args->in_count & 7)
      add_rest(args, input, weights, output);
  }
}

int32_t tinysdk_dense_f32_dsp_instructions(const tinysdk_dense_f32_args *args) {
  const int64_t blocks = args->in_count / 8, rest = args->in_count % 8, outputs = args->out_count;
  const int64_t eights = outputs / 8, pairs = (outputs % 8 + 1) / 2;
  return tinysdk_instruction_count(args->batch * (60 + outputs * 4 + eights * (16 + blocks * 83) +
                                                  pairs * (24 + blocks * 21) + outputs * rest * 7));
}
