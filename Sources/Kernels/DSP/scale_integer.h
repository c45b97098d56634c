/* Integer gradients times a factor per channel, through a mask; scale_planes_g16.h or
 * scale_planes_g8.h comes first. */
#ifndef TINYSDK_DSP_SCALE_INTEGER_H
#define TINYSDK_DSP_SCALE_INTEGER_H

#include "instructions.h"
#include "narrow_four.h"

/* Element e's factor: 0 where bit e of `bits` is not set. */
static inline int32_t tinysdk_passing(uint32_t bits, int32_t e, int32_t factor) {
  return factor & (int32_t)(bits << (31 - e)) >> 31;
}

/* Up to eight elements, one by one. */
static __attribute__((noinline)) void tinysdk_scale_some(tinysdk_narrowing *narrowing,
                                                         const tinysdk_gradient *input, uint32_t bits,
                                                         int32_t factor, int32_t first, int32_t count) {
  int32_t products[8];
  for (int32_t i = 0; i < count; i++)
    products[i] = input[i] * tinysdk_passing(bits, i, factor);
  if (!tinysdk_write_mantissas(narrowing, products, count, first))
    tinysdk_narrow_slowly(narrowing, products, count, first);
}

/* Elements e ... end - 1, which share a byte of the mask. */
static inline void tinysdk_scale_slice(tinysdk_narrowing *narrowing, const uint8_t *mask, int32_t factor,
                                       int32_t e, int32_t end) {
  if (e < end)
    tinysdk_scale_some(narrowing, narrowing->output + e, mask ? (uint32_t)mask[e >> 3] >> (e & 7) : 255,
                       factor, e, end - e);
}

/* Elements e ... end - 1 of one plane: whole eights, whose mask bits are whole bytes, as far as they fit,
 * then up to eight, which make what follows fit, and so on. */
static __attribute__((noinline)) void tinysdk_scale_plane(tinysdk_narrowing *narrowing, const uint8_t *mask,
                                                          const int16_t *factor, int32_t e, int32_t end) {
  int32_t next = tinysdk_min((e + 7) & ~7, end);
  do {
    tinysdk_scale_slice(narrowing, mask, factor[0], e, next);
    const int32_t whole = (end - next) & ~7;
    e = whole > 0 ? tinysdk_scale_planes(narrowing, mask, factor, whole, 1, next) : next;
    next = tinysdk_min((e + 8) & ~7, end);
  } while (e < end);
}

/* All planes of an image, element e being the first. */
static inline void tinysdk_scale_image(tinysdk_narrowing *narrowing, const tinysdk_scale_gradient_args *args,
                                       const uint8_t *mask, const int16_t *factor, int32_t e) {
  const int32_t plane = args->plane;
  int32_t c = 0;
  while (c < args->channels) {
    const int32_t stop = tinysdk_scale_planes(narrowing, mask, factor + c, plane, args->channels - c, e);
    c += (stop - e) / plane;
    e += (stop - e) / plane * plane;
    if (c < args->channels) {
      tinysdk_scale_plane(narrowing, mask, factor + c, stop, e + plane);
      e += plane;
      c++;
    }
  }
}

static inline void tinysdk_scale_integer(const tinysdk_scale_gradient_args *args,
                                         const tinysdk_gradient *input, const int32_t *input_exponent,
                                         const uint8_t *mask, const int16_t *factor, tinysdk_gradient *output,
                                         int32_t *output_exponent) {
  const int32_t exponent = input_exponent[0] + args->factor_exponent;
  const int32_t image = args->channels * args->plane;
  tinysdk_narrowing narrowing = tinysdk_narrow_start(output, args->bits);
  if (input != output)
    memcpy(output, input, sizeof(*input) * (uint32_t)(args->batch * image));
  for (int32_t b = 0; b < args->batch; b++)
    tinysdk_scale_image(&narrowing, args, mask, factor, b * image);
  output_exponent[0] = exponent + narrowing.shift;
}

static inline int32_t tinysdk_scale_integer_instructions(const tinysdk_scale_gradient_args *args) {
  const int64_t planes = (int64_t)args->batch * args->channels;
  return tinysdk_instruction_count(planes * (60 + (int64_t)args->plane * 9));
}

#endif
