#include "random.h"
#include "update.h"

void tinysdk_update_s8_stochastic(const tinysdk_update_args *args, const float *gradient, const float *scale,
                                  const float *rate, int8_t *weights, const uint16_t *stream,
                                  const uint32_t *counter) {
  const uint32_t key = tinysdk_random_key(counter, stream[0]);
  for (int32_t o = 0; o < args->out_count; o++) {
    const float step = rate[0] * scale[o];
    for (int32_t i = o * args->inner; i < (o + 1) * args->inner; i++)
      tinysdk_update_stochastically(step, gradient[i], tinysdk_random(key, i), weights + i);
  }
}
