#include "requantize.h"

void tinysdk_requantize_s8(const tinysdk_requantize_args *args, const int8_t *input, int8_t *output,
                           uint8_t *mask) {
  int32_t values[TINYSDK_BLOCK];
  for (int32_t first = 0; first < args->count; first += TINYSDK_BLOCK) {
    const int32_t count = tinysdk_min(TINYSDK_BLOCK, args->count - first);
    for (int32_t i = 0; i < count; i++)
      values[i] = tinysdk_offset(tinysdk_requantize(input[first + i] - args->input_zero, args->multiplier,
                                                    args->shift, args->rounding),
                                 args->output_zero);
    tinysdk_write_outputs(values, count, args->clamp_min, args->clamp_max, first, output, mask);
  }
}
