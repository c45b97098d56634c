#include "dense.h"
#include "exact.h"

void tinysdk_dense_s8_exact(const tinysdk_dense_args *args, const int8_t *input, const int8_t *weights,
                            const int8_t *trained, const uint16_t *order, const int32_t *bias,
                            const double *scales, int8_t *output, uint8_t *mask) {
  for (int32_t b = 0; b < args->batch; b++) {
    for (int32_t o = 0; o < args->out_count; o++) {
      const int32_t sum = tinysdk_dense_sum(args, input + b * args->in_count, weights, trained, order, o);
      const int32_t value = tinysdk_scale_exactly(sum, bias ? bias[o] : 0, scales[o], args->output_zero);
      tinysdk_write_outputs(&value, 1, args->clamp_min, args->clamp_max, b * args->out_count + o, output,
                            mask);
    }
  }
}
