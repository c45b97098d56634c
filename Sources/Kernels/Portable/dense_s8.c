#include "dense.h"
#include "requantize.h"

void tinysdk_dense_s8(const tinysdk_dense_args *args, const int8_t *input, const int8_t *weights,
                      const int8_t *trained, const uint16_t *order, const int32_t *bias,
                      const tinysdk_requantization *requantization, int8_t *output, uint8_t *mask) {
  for (int32_t b = 0; b < args->batch; b++) {
    for (int32_t o = 0; o < args->out_count; o++) {
      const int32_t sum = tinysdk_dense_sum(args, input + b * args->in_count, weights, trained, order, o);
      const int32_t scaled =
          tinysdk_requantize(tinysdk_saturating_add(sum, bias ? bias[o] : 0), requantization[o].multiplier,
                             requantization[o].shift, args->rounding);
      const int32_t value = tinysdk_offset(scaled, args->output_zero);
      tinysdk_write_outputs(&value, 1, args->clamp_min, args->clamp_max, b * args->out_count + o, output,
                            mask);
    }
  }
}
