#include "eight_floats.h"
#include "instructions.h"

extern __typeof__(tinysdk_scale_f32) tinysdk_scale_f32_dsp;
int32_t tinysdk_scale_f32_dsp_instructions(const tinysdk_planes_args *args);

static void scale_some(const float *input, const uint8_t *mask, int32_t first, int32_t end, float factor,
                       float *output) {
  for (int32_t e = first; e < end; e++)
    output[e] = mask[e >> 3] >> (e & 7) & 1 ? input[e] * factor : 0.0f;
}

/* Elements [first, end): whole bytes of the mask are taken eight elements at a time. */
static void scale_masked(const float *input, const uint8_t *mask, int32_t first, int32_t end, float factor,
                         float *output) {
  const int32_t start = tinysdk_min((first + 7) & ~7, end), blocks = (end - start) >> 3;
  scale_some(input, mask, first, start, factor, output);
  if (blocks > 0)
    tinysdk_scale_eights(input + start, mask + (start >> 3), blocks, factor, output + start);
  scale_some(input, mask, start + 8 * blocks, end, factor, output);
}

static void scale_all(const float *input, int32_t count, float factor, float *output) {
  const int32_t blocks = count >> 3;
  if (blocks > 0)
    tinysdk_scale_plain_eights(input, blocks, factor, output);
  for (int32_t i = 8 * blocks; i < count; i++)
    output[i] = input[i] * factor;
}

/* Planes of whole bytes of the mask. */
static void scale_whole(const tinysdk_planes_args *args, const float *input, const uint8_t *mask,
                        const float *scale, float *output) {
  const int32_t plane = args->plane, blocks = plane >> 3;
  for (int32_t b = 0; b < args->batch; b++)
    for (int32_t c = 0; c < args->channels; c++, input += plane, mask += blocks, output += plane)
      tinysdk_scale_eights(input, mask, blocks, scale[c], output);
}

void tinysdk_scale_f32_dsp(const tinysdk_planes_args *args, const float *input, const uint8_t *mask,
                           const float *scale, float *output) {
  const int32_t plane = args->plane;
  int32_t first = 0;
  if (mask && plane > 0 && plane % 8 == 0) {
    scale_whole(args, input, mask, scale, output);
    return;
  }
  for (int32_t b = 0; b < args->batch; b++)
    for (int32_t c = 0; c < args->channels; c++, first += plane) {
      if (mask)
        scale_masked(input, mask, first, first + plane, scale[c], output);
      else
        scale_all(input + first, plane, scale[c], output + first);
    }
}

int32_t tinysdk_scale_f32_dsp_instructions(const tinysdk_planes_args *args) {
  const int64_t planes = (int64_t)args->batch * args->channels;
  return tinysdk_instruction_count(planes * (40 + (int64_t)args->plane * 5));
}
