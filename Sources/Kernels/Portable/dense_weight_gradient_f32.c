#include "dense_gradient.h"

void tinysdk_dense_weight_gradient_f32(const tinysdk_dense_f32_args *args, const float *gradient,
                                       const float *input, float *weight_gradient) {
  for (int32_t o = 0; o < args->out_count; o++)
    for (int32_t i = 0; i < args->in_count; i++)
      weight_gradient[o * args->in_count + i] = tinysdk_dense_weight_gradient(args, gradient, input, o, i);
}
