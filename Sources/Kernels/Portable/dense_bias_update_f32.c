#include "dense_gradient.h"

void tinysdk_dense_bias_update_f32(const tinysdk_dense_f32_args *args, const float *gradient,
                                   const float *rate, float *bias) {
  for (int32_t o = 0; o < args->out_count; o++)
    bias[o] = fmaf(-rate[0], tinysdk_dense_bias_gradient(args, gradient, o), bias[o]);
}
