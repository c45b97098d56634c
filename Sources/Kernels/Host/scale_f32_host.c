#include "lanes.h"
#include "tinysdk_kernels.h"

extern __typeof__(tinysdk_scale_f32) tinysdk_scale_f32_host;
int32_t tinysdk_scale_f32_host_instructions(const tinysdk_planes_args *args);

/* Whole bytes of the mask, from element `first` on. */
static void scale_bytes(const float *input, const uint8_t *mask, float factor, int32_t first, int32_t end,
                        float *output) {
  const host_s32 bits = {1, 2, 4, 8, 16, 32, 64, 128};
  for (int32_t e = first; e < end; e += HOST_LANES) {
    const host_s32 passes = (mask[e >> 3] & bits) == bits;
    const host_s32 scaled = (host_s32)(host_load_f32(input + e) * factor);
    host_store_s32((int32_t *)(output + e), scaled & passes);
  }
}

static void scale_bits(const float *input, const uint8_t *mask, float factor, int32_t first, int32_t end,
                       float *output) {
  for (int32_t e = first; e < end; e++)
    output[e] = mask[e >> 3] >> (e & 7) & 1 ? input[e] * factor : 0.0f;
}

static void scale_all(const float *input, float factor, int32_t first, int32_t end, float *output) {
  for (int32_t e = first; e < end; e++)
    output[e] = input[e] * factor;
}

void tinysdk_scale_f32_host(const tinysdk_planes_args *args, const float *input, const uint8_t *mask,
                            const float *scale, float *output) {
  for (int32_t b = 0, first = 0; b < args->batch; b++) {
    for (int32_t c = 0; c < args->channels; c++, first += args->plane) {
      const int32_t end = first + args->plane;
      const int32_t whole = host_round_up(first, HOST_LANES), bytes_end = end / HOST_LANES * HOST_LANES;
      if (!mask) {
        scale_all(input, scale[c], first, end, output);
      } else if (whole >= bytes_end) {
        scale_bits(input, mask, scale[c], first, end, output);
      } else {
        scale_bits(input, mask, scale[c], first, whole, output);
        scale_bytes(input, mask, scale[c], whole, bytes_end, output);
        scale_bits(input, mask, scale[c], bytes_end, end, output);
      }
    }
  }
}

/* A load, a product, a store, and four for the mask, by eights. */
int32_t tinysdk_scale_f32_host_instructions(const tinysdk_planes_args *args) {
  return host_instructions((int64_t)args->batch * args->channels * (args->plane + 8));
}
