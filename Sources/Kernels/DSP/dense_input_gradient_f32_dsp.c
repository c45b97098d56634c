#include "dense_blocks.h"
#include "instructions.h"

#include <math.h>

extern __typeof__(tinysdk_dense_input_gradient_f32) tinysdk_dense_input_gradient_f32_dsp;
int32_t tinysdk_dense_input_gradient_f32_dsp_instructions(const tinysdk_dense_f32_args *args);

void tinysdk_dense_input_gradient_f32_dsp(const tinysdk_dense_f32_args *args, const float *gradient,
                                          const float *weights, float *input_gradient) {
  const int32_t inputs = args->in_count, outputs = args->out_count;
  for (int32_t b = 0; b < args->batch; b++, gradient += outputs, input_gradient += inputs) {
    int32_t i = 0;
    for (; i + 8 <= inputs; i += 8)
      tinysdk_dense_eight_columns(gradient, weights + i, inputs, outputs, input_gradient + i);
    for (; i < inputs; i++) {
      float sum = 0.0f;
      for (int32_t o = 0; o < outputs; o++)
        sum = fmaf(weights[o * inputs + i], gradient[o], sum);
      input_gradient[i] = sum;
    }
  }
}

int32_t tinysdk_dense_input_gradient_f32_dsp_instructions(const tinysdk_dense_f32_args *args) {
  const int64_t blocks = args->in_count / 8, rest = args->in_count % 8, outputs = args->out_count;
  if (outputs < 1)
    return -1;
  return tinysdk_instruction_count(args->batch *
                                   (20 + blocks * (14 + outputs * 13) + rest * (8 + outputs * 6)));
}
