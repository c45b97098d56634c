#include "convolution.h"
#include "mve_update.h"

extern __typeof__(tinysdk_conv2d_bias_update_s32) tinysdk_conv2d_bias_update_s32_mve;
int32_t tinysdk_conv2d_bias_update_s32_mve_instructions(const tinysdk_conv2d_args *args);

/* Output channels of a vector. */
#define LANES 4

/* The sums of four channels `places` apart, over all images. Returns whether nothing was flushed: sums of
 * safe values are multiples of 2^-126, too. */
TINYSDK_MVE_FLOAT static __attribute__((noinline)) int32_t add_planes(const float *gradient, int32_t batch,
                                                                      int32_t image, int32_t plane,
                                                                      uint32x4_t places, float *sums) {
  tinysdk_f32x4 sum = tinysdk_f32x4_fill(0);
  uint32x4_t least = vdupq_n_u32(UINT32_MAX);
#define ADD(p)                                                                                               \
  do {                                                                                                       \
    const int32x4_t bits = vldrwq_gather_shifted_offset_s32(from + (p), places);                             \
    sum = tinysdk_f32x4_add(sum, tinysdk_f32x4_of_bits(bits));                                               \
    least = vminq_u32(least, tinysdk_mve_magnitude_less_one(vreinterpretq_u32_s32(bits)));                   \
  } while (0)
  for (int32_t b = 0; b < batch; b++) {
    const int32_t *from = (const int32_t *)(const void *)(gradient + b * image);
    for (int32_t i = plane >> 2; i > 0; i--, from += 4) {
      ADD(0);
      ADD(1);
      ADD(2);
      ADD(3);
    }
    for (int32_t i = plane & 3; i > 0; i--, from++)
      ADD(0);
  }
#undef ADD
  vstrwq_s32((int32_t *)(void *)sums, tinysdk_f32x4_bits(sum));
  return tinysdk_mve_is_safe_least(least);
}

/* The same for one channel, where vectors might flush. */
static __attribute__((noinline)) float add_scalars(const float *gradient, int32_t batch, int32_t image,
                                                   int32_t plane) {
  float sum = 0;
  for (int32_t b = 0; b < batch; b++)
    for (int32_t p = 0; p < plane; p++)
      sum += gradient[b * image + p];
  return sum;
}

TINYSDK_MVE_FLOAT static __attribute__((noinline)) void update_vector(const float *sums, const float *steps,
                                                                      int32_t count, int32_t *bias) {
  tinysdk_mve_update_biases(tinysdk_f32x4_load(sums), steps, vctp32q((uint32_t)count), bias);
}

void tinysdk_conv2d_bias_update_s32_mve(const tinysdk_conv2d_args *args, const float *gradient,
                                        const float *scale, const float *rate, int32_t *bias) {
  const int32_t plane = tinysdk_out_plane(args), outputs = args->out_channels, image = outputs * plane;
  for (int32_t o = 0; o < outputs; o += LANES) {
    const int32_t count = tinysdk_min(LANES, outputs - o);
    /* Past the last channel, that one again. */
    const uint32x4_t lanes = vminq_u32(vidupq_n_u32(0, 1), vdupq_n_u32((uint32_t)count - 1));
    const float *const from = gradient + o * plane;
    float sums[LANES], steps[LANES];
    const int32_t same =
        add_planes(from, args->batch, image, plane, vmulq_n_u32(lanes, (uint32_t)plane), sums);
    if (tinysdk_mve_steps(scale + o, rate[0], count, steps) && same) {
      update_vector(sums, steps, count, bias + o);
      continue;
    }
    for (int32_t i = 0; i < count; i++) {
      const float sum = same ? sums[i] : add_scalars(from + i * plane, args->batch, image, plane);
      bias[o + i] = tinysdk_updated_bias(steps[i], sum, bias[o + i]);
    }
  }
}

int32_t tinysdk_conv2d_bias_update_s32_mve_instructions(const tinysdk_conv2d_args *args) {
  const int32_t pixels = args->batch * tinysdk_out_plane(args);
  return (args->out_channels + LANES - 1) / LANES * (pixels * 7 + 100);
}
