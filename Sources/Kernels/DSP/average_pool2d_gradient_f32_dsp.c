#include "instructions.h"
#include "simd.h"

#include <math.h>

extern __typeof__(tinysdk_average_pool2d_gradient_f32) tinysdk_average_pool2d_gradient_f32_dsp;
int32_t tinysdk_average_pool2d_gradient_f32_dsp_instructions(const tinysdk_pool2d_args *args);

static uint32_t *fill(uint32_t *to, uint32_t bits, int32_t count) {
#pragma GCC unroll 4
  for (int32_t fours = count >> 2; fours > 0; fours--)
    to = tinysdk_store_four(bits, bits, bits, bits, to);
  for (int32_t rest = count & 3; rest > 0; rest--)
    *to++ = bits;
  return to;
}

/* Windows that are whole planes. */
void tinysdk_average_pool2d_gradient_f32_dsp(const tinysdk_pool2d_args *args, const float *gradient,
                                             float *input_gradient) {
  const int32_t plane = args->in_height * args->in_width, planes = args->batch * args->channels;
  const float share = 1.0f / (float)plane;
  uint32_t *to = (uint32_t *)(void *)input_gradient;
  for (int32_t c = 0; c < planes; c++) {
    const float value = fmaf(gradient[c], share, 0.0f);
    uint32_t bits;
    memcpy(&bits, &value, sizeof(bits));
    to = fill(to, bits, plane);
  }
}

int32_t tinysdk_average_pool2d_gradient_f32_dsp_instructions(const tinysdk_pool2d_args *args) {
  const int32_t plane = args->in_height * args->in_width;
  if (args->out_height != 1 || args->out_width != 1 || args->kernel_height != args->in_height ||
      args->kernel_width != args->in_width || args->pad_top != 0 || args->pad_left != 0 ||
      args->dilation_y != 1 || args->dilation_x != 1)
    return -1;
  return tinysdk_instruction_count((int64_t)args->batch * args->channels * (plane / 2 + 30));
}
