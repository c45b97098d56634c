#include "lanes.h"
#include "requantize.h"
#include "transpose.h"

#include <math.h>

extern __typeof__(tinysdk_dense_f32) tinysdk_dense_f32_host;
int32_t tinysdk_dense_f32_host_instructions(const tinysdk_dense_f32_args *args);

/* Eight outputs of one sample, each summed over the inputs in order; beyond the last output, that one again.
 */
static void multiply_rows(const tinysdk_dense_f32_args *args, const float *input, const float *weights,
                          const float *bias, int32_t o, float sums[HOST_LANES]) {
  const float *rows[HOST_LANES];
  for (int32_t j = 0; j < HOST_LANES; j++) {
    const int32_t row = tinysdk_min(o + j, args->out_count - 1);
    rows[j] = weights + row * args->in_count;
    sums[j] = bias ? bias[row] : 0.0f;
  }
  host_f32 acc = host_load_f32(sums);
  int32_t i = 0;
  for (; i + HOST_LANES <= args->in_count; i += HOST_LANES) {
    host_f32 block[HOST_LANES];
    for (int32_t j = 0; j < HOST_LANES; j++)
      block[j] = host_load_f32(rows[j] + i);
    host_transpose(block);
    for (int32_t j = 0; j < HOST_LANES; j++)
      acc = host_fma(block[j], host_splat_f32(input[i + j]), acc);
  }
  host_store_f32(sums, acc);
  for (; i < args->in_count; i++)
    for (int32_t j = 0; j < HOST_LANES; j++)
      sums[j] = fmaf(rows[j][i], input[i], sums[j]);
}

void tinysdk_dense_f32_host(const tinysdk_dense_f32_args *args, const float *input, const float *weights,
                            const float *bias, float *output) {
  for (int32_t b = 0; b < args->batch; b++) {
    for (int32_t o = 0; o < args->out_count; o += HOST_LANES) {
      float sums[HOST_LANES];
      multiply_rows(args, input + b * args->in_count, weights, bias, o, sums);
      memcpy(output + b * args->out_count + o, sums,
             sizeof(float) * (uint32_t)tinysdk_min(HOST_LANES, args->out_count - o));
    }
  }
}

/* A load, three shuffles and a product, by eights. */
int32_t tinysdk_dense_f32_host_instructions(const tinysdk_dense_f32_args *args) {
  const int64_t outputs = (int64_t)args->batch * args->out_count;
  return host_instructions(outputs * (args->in_count * 3 / 4 + 4));
}
