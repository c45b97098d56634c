#include "mve_float.h"
#include "tinysdk_kernels.h"
#include <string.h>

extern __typeof__(tinysdk_scale_f32) tinysdk_scale_f32_mve;
int32_t tinysdk_scale_f32_mve_instructions(const tinysdk_planes_args *args);

/* Safe inputs times a finite factor of at least this are 0 or normal. */
#define SMALLEST_FACTOR 0x34000000u /* the bits of 2^-23 */
#define LARGEST_FACTOR 0x7F7FFFFFu

/* How many factors are safe before the first that is not. */
static int32_t safe_factors(const float *factors, int32_t channels) {
  for (int32_t c = 0; c < channels; c++) {
    uint32_t bits;
    memcpy(&bits, factors + c, sizeof(bits));
    if ((bits & 0x7FFFFFFFu) - SMALLEST_FACTOR > LARGEST_FACTOR - SMALLEST_FACTOR)
      return c;
  }
  return channels;
}

/* Channels of `blocks` sixteens. Lane i of vector j looks at mask bit 4 j + i, which stands in every lane. */
TINYSDK_MVE_FLOAT static __attribute__((noinline)) void scale_masked(const float *input, const uint8_t *mask,
                                                                     const float *factors, int32_t channels,
                                                                     int32_t blocks, float *output) {
  static const int32_t bits[16] = {1,   2,   4,    8,    16,   32,   64,    128,
                                   256, 512, 1024, 2048, 4096, 8192, 16384, 32768};
  const int32x4_t zero = vdupq_n_s32(0);
  for (int32_t c = 0; c < channels; c++) {
    const float factor = factors[c];
    for (int32_t i = blocks; i > 0; i--, input += 16, output += 16, mask += 2) {
      const int32x4_t passing = vdupq_n_s32(mask[0] | mask[1] << 8);
      for (int32_t j = 0; j < 16; j += 4) {
        const int32x4_t product =
            tinysdk_f32x4_bits(tinysdk_f32x4_scale(tinysdk_f32x4_load(input + j), factor));
        const mve_pred16_t pass = vcmpneq_n_s32(vandq_s32(passing, vldrwq_s32(bits + j)), 0);
        vstrwq_s32((int32_t *)(void *)(output + j), vpselq_s32(product, zero, pass));
      }
    }
  }
}

TINYSDK_MVE_FLOAT static __attribute__((noinline)) void
scale_all(const float *input, const float *factors, int32_t channels, int32_t blocks, float *output) {
  for (int32_t c = 0; c < channels; c++) {
    const float factor = factors[c];
    for (int32_t i = blocks; i > 0; i--, input += 16, output += 16)
      for (int32_t j = 0; j < 16; j += 4)
        vstrwq_s32((int32_t *)(void *)(output + j),
                   tinysdk_f32x4_bits(tinysdk_f32x4_scale(tinysdk_f32x4_load(input + j), factor)));
  }
}

static __attribute__((noinline)) void scale_scalars(const float *input, const uint8_t *mask, float factor,
                                                    int32_t count, float *output) {
  for (int32_t e = 0; e < count; e++)
    output[e] = !mask || (mask[e >> 3] >> (e & 7) & 1) ? input[e] * factor : 0.0f;
}

void tinysdk_scale_f32_mve(const tinysdk_planes_args *args, const float *input, const uint8_t *mask,
                           const float *scale, float *output) {
  const int32_t plane = args->plane, channels = args->channels;
  const int32_t safe = tinysdk_mve_safe(input, args->batch * channels * plane);
  for (int32_t b = 0, e = 0; b < args->batch; b++) {
    for (int32_t c = 0; c < channels; c++, e += plane) {
      const int32_t done = safe ? safe_factors(scale + c, channels - c) : 0;
      if (mask)
        scale_masked(input + e, mask + (e >> 3), scale + c, done, plane >> 4, output + e);
      else
        scale_all(input + e, scale + c, done, plane >> 4, output + e);
      c += done;
      e += done * plane;
      if (c == channels)
        break;
      scale_scalars(input + e, mask ? mask + (e >> 3) : mask, scale[c], plane, output + e);
    }
  }
}

int32_t tinysdk_scale_f32_mve_instructions(const tinysdk_planes_args *args) {
  if (args->plane % 16 != 0)
    return -1;
  return args->batch * args->channels * (args->plane / 16 * 48 + 12);
}
