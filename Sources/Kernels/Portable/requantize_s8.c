#include "requantize.h"

void tinysdk_requantize_s8(const tinysdk_requantize_args *args, const int8_t *input, int8_t *output,
                           uint8_t *mask) {
  const tinysdk_output_stage stage = {.multiplier = args->multiplier,
                                      .shift = args->shift,
                                      .rounding = args->rounding,
                                      .zero = args->output_zero,
                                      .low = args->clamp_min,
                                      .high = args->clamp_max};
  int32_t values[TINYSDK_BLOCK];
  for (int32_t first = 0; first < args->count; first += TINYSDK_BLOCK) {
    const int32_t count = tinysdk_min(TINYSDK_BLOCK, args->count - first);
    for (int32_t i = 0; i < count; i++)
      values[i] = input[first + i] - args->input_zero;
    tinysdk_write_sums(&stage, values, count, first, output, mask);
  }
}
