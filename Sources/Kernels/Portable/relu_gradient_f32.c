#include "tinysdk_kernels.h"

void tinysdk_relu_gradient_f32(const tinysdk_count_args *args, const float *gradient, const float *output,
                               float *input_gradient) {
  for (int32_t i = 0; i < args->count; i++)
    input_gradient[i] = output[i] > 0 ? gradient[i] : 0.0f;
}
