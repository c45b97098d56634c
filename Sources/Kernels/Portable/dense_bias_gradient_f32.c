#include "dense_gradient.h"

void tinysdk_dense_bias_gradient_f32(const tinysdk_dense_f32_args *args, const float *gradient,
                                     float *bias_gradient) {
  for (int32_t o = 0; o < args->out_count; o++)
    bias_gradient[o] = tinysdk_dense_bias_gradient(args, gradient, o);
}
