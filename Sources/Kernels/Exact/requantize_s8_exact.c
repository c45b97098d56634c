#include "exact.h"

void tinysdk_requantize_s8_exact(const tinysdk_requantize_args *args, const int8_t *input,
                                 const double *scale, int8_t *output, uint8_t *mask) {
  for (int32_t i = 0; i < args->count; i++) {
    const int32_t value = tinysdk_round_exactly((input[i] - args->input_zero) * scale[0], args->output_zero);
    tinysdk_write_outputs(&value, 1, args->clamp_min, args->clamp_max, i, output, mask);
  }
}
