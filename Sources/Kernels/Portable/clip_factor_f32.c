#include "tinysdk_kernels.h"

#include <math.h>

void tinysdk_clip_factor_f32(const tinysdk_clip_args *args, const float *square, float *factor) {
  const float norm = sqrtf(square[0]);
  factor[0] = norm > args->limit ? args->limit / norm : 1.0f;
}
