#include "mve_outputs.h"

#include <stddef.h>

extern __typeof__(tinysdk_dense_s8) tinysdk_dense_s8_mve;
int32_t tinysdk_dense_s8_mve_instructions(const tinysdk_dense_args *args);

/* Outputs of a block: four rows at a time are multiplied, then their sums are scaled together. */
#define BLOCK 4

/* The products of `count` rows of weights with one input, its zero point taken off through the weights' sums.
 */
static inline __attribute__((always_inline)) void multiply_rows(const int8_t *weights, const int8_t *input,
                                                                int32_t inputs, int32_t count,
                                                                int32_t input_zero, int32_t sums[BLOCK]) {
  for (int32_t h = 0; h < count; h += 2) {
    /* Past the last row, that one again. */
    const int8_t *a = weights + h * inputs, *b = h + 1 < count ? a + inputs : a, *x = input;
    int32_t sum_a = 0, sum_b = 0, total_a = 0, total_b = 0;
    for (int32_t rest = inputs; rest > 0; rest -= 16) {
      const mve_pred16_t p = vctp8q((uint32_t)rest);
      const int8x16_t pixel = vldrbq_z_s8(x, p), wa = vldrbq_z_s8(a, p), wb = vldrbq_z_s8(b, p);
      sum_a = vmladavaq_p_s8(sum_a, wa, pixel, p);
      sum_b = vmladavaq_p_s8(sum_b, wb, pixel, p);
      total_a = vaddvaq_p_s8(total_a, wa, p);
      total_b = vaddvaq_p_s8(total_b, wb, p);
      x += 16;
      a += 16;
      b += 16;
    }
    sums[h] = sum_a - total_a * input_zero;
    sums[h + 1] = sum_b - total_b * input_zero;
  }
}

/* tinysdk_mve_stage's two ways, every lane by a scale of its own. */
static inline __attribute__((always_inline)) int32x4_t scaled(int32x4_t value, int32x4_t multiplier,
                                                              int32x4_t shift, int32_t single) {
  const int32x4_t zero = vdupq_n_s32(0);
  if (single) {
    value = vqshlq_s32(value, vmaxq_s32(vaddq_n_s32(shift, 2), zero));
    return vrshlq_s32(vmulhq_s32(value, multiplier), vaddq_n_s32(vminq_s32(shift, vdupq_n_s32(-2)), 1));
  }
  value = vqrdmulhq_s32(vqshlq_s32(value, vmaxq_s32(shift, zero)), multiplier);
  const int32x4_t right = vminq_s32(shift, zero);
  /* -1 where the value and its shift are negative. */
  value = vqaddq_s32(value, vshrq_n_s32(vandq_s32(value, right), 31));
  return vrshlq_s32(value, right);
}

/* Up to four outputs; `bias` may be NULL. */
static __attribute__((noinline)) void write_block(const tinysdk_dense_args *args, const int32_t *sums,
                                                  const int32_t *bias,
                                                  const tinysdk_requantization *requantization, int32_t count,
                                                  int32_t element, int8_t *output, uint8_t *mask) {
  const mve_pred16_t inside = vctp32q((uint32_t)count);
  int32_t values[BLOCK];
  const int32_t *const scales = (const int32_t *)(const void *)requantization;
  const uint32x4_t places = vidupq_n_u32(0, 2);
  const int32x4_t multiplier = vldrwq_gather_shifted_offset_z_s32(scales, places, inside);
  const int32x4_t shift = vldrwq_gather_shifted_offset_z_s32(scales + 1, places, inside);
  int32x4_t value = vldrwq_s32(sums);
  if (bias)
    value = vqaddq_s32(value, vldrwq_z_s32(bias, inside));
  value = args->rounding == TINYSDK_ROUNDING_SINGLE ? scaled(value, multiplier, shift, 1)
                                                    : scaled(value, multiplier, shift, 0);
  value = vqaddq_n_s32(value, args->output_zero);
  if (mask) {
    vstrwq_s32(values, value);
    tinysdk_write_mask(mask, element, values, count, args->clamp_min, args->clamp_max);
  }
  value = vminq_s32(vmaxq_s32(value, vdupq_n_s32(args->clamp_min)), vdupq_n_s32(args->clamp_max));
  vstrbq_p_s32(output + element, value, inside);
}

void tinysdk_dense_s8_mve(const tinysdk_dense_args *args, const int8_t *input, const int8_t *weights,
                          const int8_t *trained, const uint16_t *order, const int32_t *bias,
                          const tinysdk_requantization *requantization, int8_t *output, uint8_t *mask) {
  (void)trained;
  (void)order;
  const int32_t inputs = args->in_count, outputs = args->out_count;
  for (int32_t b = 0; b < args->batch; b++, input += inputs) {
    for (int32_t o = 0; o < outputs; o += BLOCK) {
      const int32_t count = tinysdk_min(BLOCK, outputs - o);
      int32_t sums[BLOCK];
      vstrwq_s32(sums, vdupq_n_s32(0));
      multiply_rows(weights + o * inputs, input, inputs, count, args->input_zero, sums);
      write_block(args, sums, bias ? bias + o : NULL, requantization + o, count, b * outputs + o, output,
                  mask);
    }
  }
}

int32_t tinysdk_dense_s8_mve_instructions(const tinysdk_dense_args *args) {
  if (args->weight_zero != 0 || args->trained_channels != 0)
    return -1;
  return args->batch * args->out_count * ((args->in_count + 15) / 16 * 4 + 42);
}
