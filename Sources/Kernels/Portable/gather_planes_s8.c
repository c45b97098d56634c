#include "tinysdk_kernels.h"

#include <string.h>

void tinysdk_gather_planes_s8(const tinysdk_gather_args *args, const int8_t *input, const uint16_t *order,
                              int8_t *output) {
  const int32_t plane = args->plane;
  for (int32_t b = 0; b < args->batch; b++) {
    for (int32_t c = 0; c < args->channels; c++)
      memcpy(output + c * plane, input + order[c] * plane, (uint32_t)plane);
    input += args->in_channels * plane;
    output += args->channels * plane;
  }
}
