#include "tinysdk_kernels.h"

void tinysdk_scale_f32(const tinysdk_planes_args *args, const float *input, const uint8_t *mask,
                       const float *scale, float *output) {
  const int32_t plane = args->plane;
  for (int32_t c = 0; c < args->batch * args->channels; c++) {
    const float factor = scale[c % args->channels];
    const int32_t first = c * plane;
    if (mask)
      for (int32_t e = first; e < first + plane; e++)
        output[e] = mask[e >> 3] >> (e & 7) & 1 ? input[e] * factor : 0.0f;
    else
      for (int32_t e = first; e < first + plane; e++)
        output[e] = input[e] * factor;
  }
}
