#include "../Portable/convolution.h"
#include "../Portable/update.h"
#include "eight_floats.h"
#include "instructions.h"
#include "simd.h"
#include "weight_tile.h"

extern __typeof__(tinysdk_conv2d_bias_update_s32) tinysdk_conv2d_bias_update_s32_dsp;
int32_t tinysdk_conv2d_bias_update_s32_dsp_instructions(const tinysdk_conv2d_args *args);

/* The gradients of outputs o ... o + 3; past the last one, that one's again. */
static __attribute__((noinline)) void sum_four(const tinysdk_conv2d_args *args, const float *gradient,
                                               int32_t o, float sums[4]) {
  const int32_t plane = tinysdk_out_plane(args), quads = plane >> 2;
  for (int32_t b = 0; b < args->batch; b++, gradient += args->out_channels * plane) {
    const float *from[4];
    for (int32_t i = 0; i < 4; i++)
      from[i] = gradient + tinysdk_min(o + i, args->out_channels - 1) * plane;
    if (quads > 0)
      tinysdk_sum_four(from, quads, sums);
    for (int32_t p = 4 * quads; p < plane; p++)
      for (int32_t i = 0; i < 4; i++)
        sums[i] += from[i][p];
  }
}

static int32_t moved_bias(int32_t bias, float step, float sum) {
  return tinysdk_qsub(bias, tinysdk_round_quickly(step * sum));
}

/* Four whole outputs of one image, planes of whole quads. */
static void update_four(const float *gradient, int32_t plane, const float *scale, float rate, int32_t *bias) {
  const float *const from[4] = {gradient, gradient + plane, gradient + 2 * plane, gradient + 3 * plane};
  float sums[4] = {0};
  tinysdk_sum_four(from, plane >> 2, sums);
  for (int32_t i = 0; i < 4; i++)
    bias[i] = moved_bias(bias[i], rate * scale[i], sums[i]);
}

void tinysdk_conv2d_bias_update_s32_dsp(const tinysdk_conv2d_args *args, const float *gradient,
                                        const float *scale, const float *rate, int32_t *bias) {
  const int32_t plane = tinysdk_out_plane(args), outputs = args->out_channels;
  int32_t o = 0;
  if (args->batch == 1 && plane > 0 && plane % 4 == 0)
    for (; o + 4 <= outputs; o += 4)
      update_four(gradient + o * plane, plane, scale + o, rate[0], bias + o);
  for (; o < outputs; o += 4) {
    float sums[4] = {0};
    sum_four(args, gradient, o, sums);
    for (int32_t i = 0; i < tinysdk_min(4, outputs - o); i++)
      bias[o + i] = moved_bias(bias[o + i], rate[0] * scale[o + i], sums[i]);
  }
}

int32_t tinysdk_conv2d_bias_update_s32_dsp_instructions(const tinysdk_conv2d_args *args) {
  const int64_t elements = (int64_t)args->batch * args->out_channels * tinysdk_out_plane(args);
  return tinysdk_instruction_count(elements * 3 / 2 + (int64_t)args->out_channels * (50 + 10 * args->batch));
}
