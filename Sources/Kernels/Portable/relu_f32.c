#include "tinysdk_kernels.h"

void tinysdk_relu_f32(const tinysdk_count_args *args, const float *input, float *output) {
  for (int32_t i = 0; i < args->count; i++)
    output[i] = input[i] < 0 ? 0.0f : input[i];
}
