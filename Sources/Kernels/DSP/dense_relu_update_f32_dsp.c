#include "dense_blocks.h"
#include "instructions.h"

#include <math.h>

extern __typeof__(tinysdk_dense_relu_update_f32) tinysdk_dense_relu_update_f32_dsp;
int32_t tinysdk_dense_relu_update_f32_dsp_instructions(const tinysdk_dense_f32_args *args);

void tinysdk_dense_relu_update_f32_dsp(const tinysdk_dense_f32_args *args, const float *gradient,
                                       const float *input, const float *rate, float *weights,
                                       float *input_gradient) {
  const int32_t inputs = args->in_count, outputs = args->out_count;
  const float step = -rate[0];
  int32_t i = 0;
  for (; i + 8 <= inputs; i += 8)
    tinysdk_dense_move_columns(gradient, input + i, inputs, outputs, step, weights + i, input_gradient + i);
  for (; i < inputs; i++) {
    const float value = input[i];
    float sum = 0.0f;
    for (int32_t o = 0; o < outputs; o++) {
      float *const weight = weights + o * inputs + i;
      sum = fmaf(*weight, gradient[o], sum);
      *weight = fmaf(step, fmaf(gradient[o], value, 0.0f), *weight);
    }
    input_gradient[i] = value > 0 ? sum : 0.0f;
  }
}

int32_t tinysdk_dense_relu_update_f32_dsp_instructions(const tinysdk_dense_f32_args *args) {
  const int64_t blocks = args->in_count / 8, rest = args->in_count % 8, outputs = args->out_count;
  if (outputs < 1)
    return -1;
  return tinysdk_instruction_count(24 + blocks * (56 + outputs * 31) + rest * (14 + outputs * 10));
}
