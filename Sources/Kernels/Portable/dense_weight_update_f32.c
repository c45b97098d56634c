#include "dense_gradient.h"

void tinysdk_dense_weight_update_f32(const tinysdk_dense_f32_args *args, const float *gradient,
                                     const float *input, const float *rate, float *weights) {
  const float step = -rate[0];
  for (int32_t o = 0; o < args->out_count; o++) {
    float *restrict const row = weights + o * args->in_count;
    for (int32_t i = 0; i < args->in_count; i++)
      row[i] = fmaf(step, tinysdk_dense_weight_gradient(args, gradient, input, o, i), row[i]);
  }
}
