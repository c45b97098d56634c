#include "lanes.h"
#include "tinysdk_kernels.h"

#include <math.h>

extern __typeof__(tinysdk_dense_weight_update_f32) tinysdk_dense_weight_update_f32_host;
int32_t tinysdk_dense_weight_update_f32_host_instructions(const tinysdk_dense_f32_args *args);

/* Eight neighbouring weights of one output, over the batch. */
HOST_INLINE host_f32 gradient_of_eight(const tinysdk_dense_f32_args *args, const float *gradient,
                                       const float *input) {
  host_f32 sum = {0};
  for (int32_t b = 0; b < args->batch; b++)
    sum = host_fma(host_splat_f32(gradient[b * args->out_count]), host_load_f32(input + b * args->in_count),
                   sum);
  return sum;
}

static float gradient_of_one(const tinysdk_dense_f32_args *args, const float *gradient, const float *input) {
  float sum = 0.0f;
  for (int32_t b = 0; b < args->batch; b++)
    sum = fmaf(gradient[b * args->out_count], input[b * args->in_count], sum);
  return sum;
}

void tinysdk_dense_weight_update_f32_host(const tinysdk_dense_f32_args *args, const float *gradient,
                                          const float *input, const float *rate, float *weights) {
  const float step = -rate[0];
  for (int32_t o = 0; o < args->out_count; o++) {
    float *const row = weights + o * args->in_count;
    int32_t i = 0;
    for (; i + HOST_LANES <= args->in_count; i += HOST_LANES)
      host_store_f32(row + i, host_fma(host_splat_f32(step), gradient_of_eight(args, gradient + o, input + i),
                                       host_load_f32(row + i)));
    for (; i < args->in_count; i++)
      row[i] = fmaf(step, gradient_of_one(args, gradient + o, input + i), row[i]);
  }
}

int32_t tinysdk_dense_weight_update_f32_host_instructions(const tinysdk_dense_f32_args *args) {
  return host_instructions((int64_t)args->out_count * args->in_count * (args->batch + 2) / 3);
}
