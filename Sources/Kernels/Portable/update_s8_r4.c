#include "update.h"

void tinysdk_update_s8_r4(const tinysdk_update_args *args, const float *gradient, const float *scale,
                          const float *rate, int8_t *weights, uint8_t *residual) {
  for (int32_t o = 0; o < args->out_count; o++) {
    const float step = rate[0] * scale[o];
    for (int32_t i = o * args->inner; i < (o + 1) * args->inner; i++)
      tinysdk_update_with_packed_residual(step, gradient[i], i, weights, residual);
  }
}
