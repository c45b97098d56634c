#include "tinysdk_kernels.h"

#include <math.h>
#include <stddef.h>

void tinysdk_sum_squares_f32(const tinysdk_update_args *args, const float *gradient, const float *scale,
                             const float *before, float *square) {
  float total = before == NULL ? 0.0f : before[0];
  for (int32_t o = 0; o < args->out_count; o++) {
    float sum = 0.0f;
    for (int32_t i = o * args->inner; i < (o + 1) * args->inner; i++)
      sum = fmaf(gradient[i], gradient[i], sum);
    total = fmaf(sum, scale == NULL ? 1.0f : scale[o], total);
  }
  square[0] = total;
}
