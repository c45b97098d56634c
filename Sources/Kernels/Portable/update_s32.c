#include "update.h"

void tinysdk_update_s32(const tinysdk_update_args *args, const float *gradient, const float *scale,
                        const float *rate, int32_t *values) {
  for (int32_t o = 0; o < args->out_count; o++)
    values[o] = tinysdk_updated_bias(rate[0] * scale[o], gradient[o], values[o]);
}
