#include "tinysdk_kernels.h"

void tinysdk_accumulate_f32(const tinysdk_count_args *args, const float *input1, const float *input2,
                            float *output) {
  for (int32_t i = 0; i < args->count; i++)
    output[i] = input1[i] + input2[i];
}
