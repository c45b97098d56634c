#include "requantize.h"

/* Puts a block of one input on the common scale of both. */
static void rescale(const int8_t *input, int32_t count, int32_t zero, int32_t left_shift, int32_t multiplier,
                    int32_t shift, int32_t rounding, int32_t *values) {
  for (int32_t i = 0; i < count; i++)
    values[i] = (input[i] - zero) * (1 << left_shift);
  tinysdk_requantize_values(values, count, multiplier, shift, rounding);
}

void tinysdk_add_s8(const tinysdk_add_args *args, const int8_t *input1, const int8_t *input2, int8_t *output,
                    uint8_t *mask) {
  const tinysdk_output_stage stage = {.multiplier = args->output_multiplier,
                                      .shift = args->output_shift,
                                      .rounding = args->rounding,
                                      .zero = args->output_zero,
                                      .low = args->clamp_min,
                                      .high = args->clamp_max};
  int32_t sums[TINYSDK_BLOCK], others[TINYSDK_BLOCK];
  for (int32_t first = 0; first < args->count; first += TINYSDK_BLOCK) {
    const int32_t count = tinysdk_min(TINYSDK_BLOCK, args->count - first);
    rescale(input1 + first, count, args->input1_zero, args->left_shift, args->input1_multiplier,
            args->input1_shift, args->rounding, sums);
    rescale(input2 + first, count, args->input2_zero, args->left_shift, args->input2_multiplier,
            args->input2_shift, args->rounding, others);
    for (int32_t i = 0; i < count; i++)
      sums[i] = tinysdk_saturating_add(sums[i], others[i]);
    tinysdk_write_sums(&stage, sums, count, first, output, mask);
  }
}
