#include "tinysdk_kernels.h"

#include <math.h>
#include <string.h>

void tinysdk_dense_input_gradient_f32(const tinysdk_dense_f32_args *args, const float *gradient,
                                      const float *weights, float *input_gradient) {
  const int32_t inputs = args->in_count, outputs = args->out_count;
  memset(input_gradient, 0, sizeof(float) * (uint32_t)(args->batch * inputs));
  for (int32_t b = 0; b < args->batch; b++) {
    float *restrict const sums = input_gradient + b * inputs;
    for (int32_t o = 0; o < outputs; o++) {
      const float *restrict const row = weights + o * inputs;
      const float factor = gradient[b * outputs + o];
      for (int32_t i = 0; i < inputs; i++)
        sums[i] = fmaf(row[i], factor, sums[i]);
    }
  }
}
