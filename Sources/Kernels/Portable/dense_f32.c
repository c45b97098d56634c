#include "tinysdk_kernels.h"

#include <math.h>

/* Outputs worked on at once: independent chains of fused additions. */
#define OUTPUTS 4

/* Four outputs of one sample; beyond the last output, that one again. */
static void multiply_rows(const tinysdk_dense_f32_args *args, const float *input, const float *weights,
                          const float *bias, int32_t o, float sums[OUTPUTS]) {
  const float *rows[OUTPUTS];
  float acc[OUTPUTS];
  for (int32_t j = 0; j < OUTPUTS; j++) {
    const int32_t row = o + j < args->out_count ? o + j : args->out_count - 1;
    rows[j] = weights + row * args->in_count;
    acc[j] = bias ? bias[row] : 0.0f;
  }
  for (int32_t i = 0; i < args->in_count; i++)
    for (int32_t j = 0; j < OUTPUTS; j++)
      acc[j] = fmaf(rows[j][i], input[i], acc[j]);
  for (int32_t j = 0; j < OUTPUTS; j++)
    sums[j] = acc[j];
}

void tinysdk_dense_f32(const tinysdk_dense_f32_args *args, const float *input, const float *weights,
                       const float *bias, float *output) {
  for (int32_t b = 0; b < args->batch; b++) {
    for (int32_t o = 0; o < args->out_count; o += OUTPUTS) {
      float sums[OUTPUTS];
      multiply_rows(args, input + b * args->in_count, weights, bias, o, sums);
      for (int32_t j = 0; j < OUTPUTS && o + j < args->out_count; j++)
        output[b * args->out_count + o + j] = sums[j];
    }
  }
}
