#include "gradient_f32.h"

#include "bias_gradient.h"
#include "bias_updates.h"
#include "transpose.h"

extern __typeof__(tinysdk_conv2d_bias_update_s32) tinysdk_conv2d_bias_update_s32_host;
int32_t tinysdk_conv2d_bias_update_s32_host_instructions(const tinysdk_conv2d_args *args);

/* Output channels worked on at once: vectors of eight chains of additions. */
#define VECTORS 2
#define CHAINS (VECTORS * HOST_LANES)

/* sums[i] += the pixels of output channel o + i of one image, in order. */
static void add_planes(const float *gradient, int32_t plane, float *sums) {
  host_f32 acc[VECTORS];
  memcpy(acc, sums, sizeof(acc));
  int32_t p = 0;
  for (; p + HOST_LANES <= plane; p += HOST_LANES) {
    host_f32 rows[VECTORS][HOST_LANES];
    for (int32_t v = 0; v < VECTORS; v++) {
      for (int32_t i = 0; i < HOST_LANES; i++)
        rows[v][i] = host_load_f32(gradient + (v * HOST_LANES + i) * plane + p);
      host_transpose(rows[v]);
    }
    for (int32_t i = 0; i < HOST_LANES; i++)
      for (int32_t v = 0; v < VECTORS; v++)
        acc[v] += rows[v][i];
  }
  memcpy(sums, acc, sizeof(acc));
  for (; p < plane; p++)
    for (int32_t i = 0; i < CHAINS; i++)
      sums[i] += gradient[i * plane + p];
}

void tinysdk_conv2d_bias_update_s32_host(const tinysdk_conv2d_args *args, const float *gradient,
                                         const float *scale, const float *rate, int32_t *bias) {
  const int32_t plane = tinysdk_out_plane(args), outputs = args->out_channels;
  int32_t o = 0;
  for (; o + CHAINS <= outputs; o += CHAINS) {
    float sums[CHAINS] = {0};
    for (int32_t b = 0; b < args->batch; b++)
      add_planes(gradient + (b * outputs + o) * plane, plane, sums);
    for (int32_t i = 0; i < CHAINS; i += HOST_LANES)
      host_update_eight(scale, rate[0], host_load_f32(sums + i), o + i, HOST_LANES, bias);
  }
  for (; o < outputs; o += TINYSDK_CHAINS) {
    float sums[TINYSDK_CHAINS];
    tinysdk_bias_gradients(args, gradient, o, sums);
    for (int32_t i = 0; i < tinysdk_min(TINYSDK_CHAINS, outputs - o); i++)
      bias[o + i] = tinysdk_updated_bias(rate[0] * scale[o + i], sums[i], bias[o + i]);
  }
}

/* A load, three shuffles and an addition, by eights; the update itself. */
int32_t tinysdk_conv2d_bias_update_s32_host_instructions(const tinysdk_conv2d_args *args) {
  return host_instructions((int64_t)args->out_channels *
                           ((int64_t)args->batch * tinysdk_out_plane(args) + 20));
}
