#include "requantize.h"

/* One input on the common scale of both. */
static int32_t rescale(int32_t value, int32_t left_shift, int32_t multiplier, int32_t shift,
                       int32_t rounding) {
  return tinysdk_requantize(value * (1 << left_shift), multiplier, shift, rounding);
}

void tinysdk_add_s8(const tinysdk_add_args *args, const int8_t *input1, const int8_t *input2, int8_t *output,
                    uint8_t *mask) {
  int32_t sums[TINYSDK_BLOCK];
  for (int32_t first = 0; first < args->count; first += TINYSDK_BLOCK) {
    const int32_t count = tinysdk_min(TINYSDK_BLOCK, args->count - first);
    for (int32_t i = 0; i < count; i++) {
      const int32_t a = rescale(input1[first + i] - args->input1_zero, args->left_shift,
                                args->input1_multiplier, args->input1_shift, args->rounding);
      const int32_t b = rescale(input2[first + i] - args->input2_zero, args->left_shift,
                                args->input2_multiplier, args->input2_shift, args->rounding);
      const int32_t scaled = tinysdk_requantize(tinysdk_saturate_s32((int64_t)a + b), args->output_multiplier,
                                                args->output_shift, args->rounding);
      sums[i] = tinysdk_offset(scaled, args->output_zero);
    }
    tinysdk_write_outputs(sums, count, args->clamp_min, args->clamp_max, first, output, mask);
  }
}
