#include "tinysdk_kernels.h"

#include <math.h>

void tinysdk_update_f32(const tinysdk_update_args *args, const float *gradient, const float *rate,
                        float *values) {
  for (int32_t i = 0; i < args->out_count * args->inner; i++)
    values[i] = fmaf(-rate[0], gradient[i], values[i]);
}
