#include "updates.h"

extern __typeof__(tinysdk_update_s8_r4) tinysdk_update_s8_r4_host;
int32_t tinysdk_update_s8_r4_host_instructions(const tinysdk_update_args *args);

void tinysdk_update_s8_r4_host(const tinysdk_update_args *args, const float *gradient, const float *scale,
                               const float *rate, int8_t *weights, uint8_t *residual) {

  for (int32_t o = 0; o < args->out_count; o++)
    host_update_with_packed_residual(rate[0] * scale[o], gradient + o * args->inner, o * args->inner,
                                     args->inner, weights, residual);
}

int32_t tinysdk_update_s8_r4_host_instructions(const tinysdk_update_args *args) {
  return host_instructions((int64_t)args->out_count * ((int64_t)args->inner * 12 + 8));
}
