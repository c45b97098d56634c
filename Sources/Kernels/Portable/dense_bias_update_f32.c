#include "tinysdk_kernels.h"

#include <math.h>

void tinysdk_dense_bias_update_f32(const tinysdk_dense_f32_args *args, const float *gradient,
                                   const float *rate, float *bias) {
  const int32_t batch = args->batch, outputs = args->out_count;
  const float step = -rate[0];
  for (int32_t o = 0; o < outputs; o++) {
    float sum = 0.0f + gradient[o];
    for (int32_t b = 1; b < batch; b++)
      sum += gradient[b * outputs + o];
    bias[o] = fmaf(step, sum, bias[o]);
  }
}
