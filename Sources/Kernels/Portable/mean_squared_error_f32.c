#include "tinysdk_kernels.h"

#include <math.h>

void tinysdk_mean_squared_error_f32(const tinysdk_loss_args *args, const float *output, const float *target,
                                    float *loss, float *gradient) {
  const int32_t count = args->batch * args->classes;
  const float factor = 2.0f / (float)count;
  float sum = 0.0f;
  for (int32_t i = 0; i < count; i++) {
    const float difference = output[i] - target[i];
    sum = fmaf(difference, difference, sum);
    gradient[i] = difference * factor;
  }
  loss[0] = sum / (float)count;
}
