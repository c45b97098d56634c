#include "tinysdk_kernels.h"

void tinysdk_clip_value_f32(const tinysdk_update_args *args, const float *gradient, const float *limit,
                            float *output) {
  for (int32_t o = 0; o < args->out_count; o++)
    for (int32_t i = o * args->inner; i < (o + 1) * args->inner; i++) {
      const float value = gradient[i];
      output[i] = value > limit[o] ? limit[o] : value < -limit[o] ? -limit[o] : value;
    }
}
