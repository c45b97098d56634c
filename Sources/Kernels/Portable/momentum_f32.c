#include "tinysdk_kernels.h"

#include <float.h>
#include <math.h>

void tinysdk_momentum_f32(const tinysdk_momentum_args *args, const float *gradient, float *velocity,
                          float *output) {
  for (int32_t i = 0; i < args->count; i++) {
    const float moved = fmaf(args->factor, velocity[i], gradient[i]);
    /* One bad gradient must not stay in the state for ever. */
    const float next = fabsf(moved) <= FLT_MAX ? moved : 0.0f;
    velocity[i] = next;
    output[i] = next;
  }
}
