#include "tinysdk_kernels.h"

#include <string.h>

void tinysdk_max_pool2d_gradient_f32(const tinysdk_pool2d_args *args, const float *gradient,
                                     const uint16_t *argmax, float *input_gradient) {
  const int32_t in_plane = args->in_height * args->in_width, out_plane = args->out_height * args->out_width;
  memset(input_gradient, 0, sizeof(float) * (uint32_t)(args->batch * args->channels * in_plane));
  for (int32_t c = 0; c < args->batch * args->channels; c++) {
    float *const plane = input_gradient + c * in_plane;
    for (int32_t i = 0; i < out_plane; i++) {
      /* A window wholly in the padding has no winner. */
      if (argmax[c * out_plane + i] < in_plane)
        plane[argmax[c * out_plane + i]] += gradient[c * out_plane + i];
    }
  }
}
