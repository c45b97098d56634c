#include "updates.h"

extern __typeof__(tinysdk_update_s8) tinysdk_update_s8_host;
int32_t tinysdk_update_s8_host_instructions(const tinysdk_update_args *args);

void tinysdk_update_s8_host(const tinysdk_update_args *args, const float *gradient, const float *scale,
                            const float *rate, int8_t *weights, int8_t *residual) {
  for (int32_t o = 0; o < args->out_count; o++) {
    const int32_t first = o * args->inner;
    host_update_weights(rate[0] * scale[o], gradient + first, args->inner, weights + first,
                        residual ? residual + first : NULL);
  }
}

int32_t tinysdk_update_s8_host_instructions(const tinysdk_update_args *args) {
  return host_instructions((int64_t)args->out_count * (args->inner * 4 + 8));
}
