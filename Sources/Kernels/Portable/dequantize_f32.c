#include "tinysdk_kernels.h"

void tinysdk_dequantize_f32(const tinysdk_dequantize_args *args, const int8_t *input, float *output) {
  for (int32_t i = 0; i < args->count; i++)
    output[i] = (float)(input[i] - args->zero) * args->scale;
}
