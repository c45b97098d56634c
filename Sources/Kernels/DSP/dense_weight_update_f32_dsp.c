#include "dense_blocks.h"
#include "instructions.h"

#include <math.h>

extern __typeof__(tinysdk_dense_weight_update_f32) tinysdk_dense_weight_update_f32_dsp;
int32_t tinysdk_dense_weight_update_f32_dsp_instructions(const tinysdk_dense_f32_args *args);

void tinysdk_dense_weight_update_f32_dsp(const tinysdk_dense_f32_args *args, const float *gradient,
                                         const float *input, const float *rate, float *weights) {
  const int32_t inputs = args->in_count, blocks = inputs >> 3;
  const float step = -rate[0];
  for (int32_t o = 0; o < args->out_count; o++, weights += inputs) {
    const float factor = gradient[o];
    if (blocks > 0)
      tinysdk_dense_move_row(input, blocks, factor, step, weights);
    for (int32_t i = 8 * blocks; i < inputs; i++)
      weights[i] = fmaf(step, fmaf(factor, input[i], 0.0f), weights[i]);
  }
}

/* One sample only: its gradient is one product. */
int32_t tinysdk_dense_weight_update_f32_dsp_instructions(const tinysdk_dense_f32_args *args) {
  const int64_t blocks = args->in_count / 8, rest = args->in_count % 8;
  if (args->batch != 1)
    return -1;
  return tinysdk_instruction_count(30 + args->out_count * (10 + blocks * 22 + rest * 8));
}
