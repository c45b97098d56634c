/* Integer gradients times a factor per channel, through a mask; four_g16.h or four_g8.h comes first. */
#ifndef TINYSDK_DSP_SCALE_INTEGER_H
#define TINYSDK_DSP_SCALE_INTEGER_H

#include "instructions.h"
#include "narrow_four.h"

/* Element e's factor: 0 where bit e of `bits` is not set. */
static inline int32_t tinysdk_passing(uint32_t bits, int32_t e, int32_t factor) {
  return factor & (int32_t)(bits << (31 - e)) >> 31;
}

/* Four elements; the nibble's bit 0 is the first one's. They are read before they are written. */
static inline uint32_t tinysdk_scale_four(tinysdk_levels levels, const tinysdk_gradient *input,
                                          uint32_t nibble, int32_t factor, tinysdk_gradient *output) {
  uint32_t products[4];
  tinysdk_multiply_four(input, nibble, factor, levels.even, levels.odd, products);
  return tinysdk_write_levels(levels, products[0], products[1], products[2], products[3], output);
}

/* Up to eight elements, one by one. */
static __attribute__((noinline)) void tinysdk_scale_some(tinysdk_narrowing *narrowing,
                                                         const tinysdk_gradient *input, uint32_t bits,
                                                         int32_t factor, int32_t first, int32_t count) {
  int32_t products[8];
  for (int32_t i = 0; i < count; i++)
    products[i] = input[i] * tinysdk_passing(bits, i, factor);
  tinysdk_narrow_next(narrowing, products, count, first);
}

/* Elements e ... end - 1, which share a byte of the mask. */
static inline void tinysdk_scale_slice(tinysdk_narrowing *narrowing, const tinysdk_gradient *input,
                                       const uint8_t *mask, int32_t factor, int32_t e, int32_t end) {
  if (e < end)
    tinysdk_scale_some(narrowing, input + e, mask ? (uint32_t)mask[e >> 3] >> (e & 7) : 255, factor, e,
                       end - e);
}

/* Whole eights of elements, whose mask bits are whole bytes. In place, an eight that does not fit has been
 * overwritten: it is kept for that. */
static inline int32_t tinysdk_scale_eights_of(tinysdk_narrowing *narrowing, const tinysdk_gradient *input,
                                              const uint8_t *mask, int32_t factor, int32_t e, int32_t end) {
  tinysdk_levels levels = tinysdk_levels_of(narrowing);
  tinysdk_gradient *const output = narrowing->output;
  for (; e + 8 <= end; e += 8) {
    const uint32_t bits = mask ? mask[e >> 3] : 255;
    tinysdk_gradient kept[8];
    memcpy(kept, input + e, sizeof(kept));
    const uint32_t excess = tinysdk_scale_four(levels, input + e, bits & 15, factor, output + e) |
                            tinysdk_scale_four(levels, input + e + 4, bits >> 4, factor, output + e + 4);
    if (excess) {
      tinysdk_scale_some(narrowing, kept, bits, factor, e, 8);
      levels = tinysdk_levels_of(narrowing);
    }
  }
  return e;
}

static inline void tinysdk_scale_integer(const tinysdk_scale_gradient_args *args,
                                         const tinysdk_gradient *input, const int32_t *input_exponent,
                                         const uint8_t *mask, const int16_t *factor, tinysdk_gradient *output,
                                         int32_t *output_exponent) {
  const int32_t exponent = input_exponent[0] + args->factor_exponent;
  tinysdk_narrowing narrowing = tinysdk_narrow_start(output, args->bits);
  int32_t e = 0;
  for (int32_t b = 0; b < args->batch; b++)
    for (int32_t c = 0; c < args->channels; c++) {
      const int32_t end = e + args->plane, start = tinysdk_min((e + 7) & ~7, end);
      tinysdk_scale_slice(&narrowing, input, mask, factor[c], e, start);
      e = tinysdk_scale_eights_of(&narrowing, input, mask, factor[c], start, end);
      tinysdk_scale_slice(&narrowing, input, mask, factor[c], e, end);
      e = end;
    }
  output_exponent[0] = exponent + narrowing.shift;
}

static inline int32_t tinysdk_scale_integer_instructions(const tinysdk_scale_gradient_args *args) {
  const int64_t planes = (int64_t)args->batch * args->channels;
  return tinysdk_instruction_count(planes * (80 + (int64_t)args->plane * 16));
}

#endif
