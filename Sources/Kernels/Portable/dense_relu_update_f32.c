#include "tinysdk_kernels.h"

#include <math.h>

void tinysdk_dense_relu_update_f32(const tinysdk_dense_f32_args *args, const float *gradient,
                                   const float *input, const float *rate, float *weights,
                                   float *input_gradient) {
  const float step = -rate[0];
  for (int32_t i = 0; i < args->in_count; i++) {
    const float value = input[i];
    float *weight = weights + i;
    float sum = 0.0f;
    for (int32_t o = 0; o < args->out_count; o++, weight += args->in_count) {
      sum = fmaf(*weight, gradient[o], sum);
      *weight = fmaf(step, fmaf(gradient[o], value, 0.0f), *weight);
    }
    input_gradient[i] = value > 0 ? sum : 0.0f;
  }
}
