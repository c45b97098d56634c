#include "updates.h"

extern __typeof__(tinysdk_update_s8_stochastic) tinysdk_update_s8_stochastic_host;
int32_t tinysdk_update_s8_stochastic_host_instructions(const tinysdk_update_args *args);

void tinysdk_update_s8_stochastic_host(const tinysdk_update_args *args, const float *gradient,
                                       const float *scale, const float *rate, int8_t *weights,
                                       const uint16_t *stream, const uint32_t *counter) {
  const uint32_t key = tinysdk_random_key(counter, stream[0]);
  for (int32_t o = 0; o < args->out_count; o++)
    host_update_stochastically(rate[0] * scale[o], gradient + o * args->inner, key, o * args->inner,
                               args->inner, weights);
}

int32_t tinysdk_update_s8_stochastic_host_instructions(const tinysdk_update_args *args) {
  return host_instructions((int64_t)args->out_count * ((int64_t)args->inner * 8 + 8));
}
