#include "tinysdk_kernels.h"

void tinysdk_argmax_f32(const tinysdk_loss_args *args, const float *input, int32_t *index) {
  for (int32_t b = 0; b < args->batch; b++) {
    const float *const values = input + b * args->classes;
    int32_t best = 0;
    for (int32_t i = 1; i < args->classes; i++)
      if (values[i] > values[best])
        best = i;
    index[b] = best;
  }
}
