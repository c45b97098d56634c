#include "exact.h"

void tinysdk_add_s8_exact(const tinysdk_add_args *args, const int8_t *input1, const int8_t *input2,
                          const double *scales, int8_t *output, uint8_t *mask) {
  for (int32_t i = 0; i < args->count; i++) {
    const double sum =
        (input1[i] - args->input1_zero) * scales[0] + (input2[i] - args->input2_zero) * scales[1];
    const int32_t value = tinysdk_round_exactly(sum / scales[2], args->output_zero);
    tinysdk_write_outputs(&value, 1, args->clamp_min, args->clamp_max, i, output, mask);
  }
}
