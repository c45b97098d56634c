#include "eight_floats.h"
#include "instructions.h"

extern __typeof__(tinysdk_accumulate_f32) tinysdk_accumulate_f32_dsp;
int32_t tinysdk_accumulate_f32_dsp_instructions(const tinysdk_count_args *args);

void tinysdk_accumulate_f32_dsp(const tinysdk_count_args *args, const float *input1, const float *input2,
                                float *output) {
  const int32_t blocks = args->count >> 3;
  if (blocks > 0)
    tinysdk_add_eights(input1, input2, blocks, output);
  for (int32_t i = 8 * blocks; i < args->count; i++)
    output[i] = input1[i] + input2[i];
}

int32_t tinysdk_accumulate_f32_dsp_instructions(const tinysdk_count_args *args) {
  return tinysdk_instruction_count((int64_t)args->count * 13 / 8 + 30);
}
