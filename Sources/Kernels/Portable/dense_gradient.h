/* Gradients of one weight and one bias of the float dense layer, over the batch. */
#ifndef TINYSDK_DENSE_GRADIENT_H
#define TINYSDK_DENSE_GRADIENT_H

#include "tinysdk_kernels.h"

#include <math.h>

static inline float tinysdk_dense_weight_gradient(const tinysdk_dense_f32_args *args, const float *gradient,
                                                  const float *input, int32_t o, int32_t i) {
  float sum = 0.0f;
  for (int32_t b = 0; b < args->batch; b++)
    sum = fmaf(gradient[b * args->out_count + o], input[b * args->in_count + i], sum);
  return sum;
}

static inline float tinysdk_dense_bias_gradient(const tinysdk_dense_f32_args *args, const float *gradient,
                                                int32_t o) {
  float sum = 0.0f;
  for (int32_t b = 0; b < args->batch; b++)
    sum += gradient[b * args->out_count + o];
  return sum;
}

#endif
