#include "mve_outputs.h"

extern __typeof__(tinysdk_dense_s8) tinysdk_dense_s8_mve;
int32_t tinysdk_dense_s8_mve_instructions(const tinysdk_dense_args *args);

/* The products of two rows of weights with one input, its zero point taken off through the weights' sums. */
static inline __attribute__((always_inline)) void multiply_rows(const int8_t *a, const int8_t *b,
                                                                const int8_t *input, int32_t count,
                                                                int32_t input_zero, int32_t sums[2]) {
  int32_t sum_a = 0, sum_b = 0, total_a = 0, total_b = 0;
  for (int32_t rest = count; rest > 0; rest -= 16) {
    const mve_pred16_t p = vctp8q((uint32_t)rest);
    const int8x16_t x = vldrbq_z_s8(input, p), wa = vldrbq_z_s8(a, p), wb = vldrbq_z_s8(b, p);
    sum_a = vmladavaq_p_s8(sum_a, wa, x, p);
    sum_b = vmladavaq_p_s8(sum_b, wb, x, p);
    total_a = vaddvaq_p_s8(total_a, wa, p);
    total_b = vaddvaq_p_s8(total_b, wb, p);
    input += 16;
    a += 16;
    b += 16;
  }
  sums[0] = sum_a - total_a * input_zero;
  sums[1] = sum_b - total_b * input_zero;
}

/* Every output has a scale of its own, so that scalars do as well as vectors. */
static inline int32_t output_of(const tinysdk_dense_args *args, int32_t sum, int32_t bias,
                                tinysdk_requantization scale) {
  const int32_t scaled =
      tinysdk_requantize(tinysdk_saturating_add(sum, bias), scale.multiplier, scale.shift, args->rounding);
  return tinysdk_offset(scaled, args->output_zero);
}

void tinysdk_dense_s8_mve(const tinysdk_dense_args *args, const int8_t *input, const int8_t *weights,
                          const int8_t *trained, const uint16_t *order, const int32_t *bias,
                          const tinysdk_requantization *requantization, int8_t *output, uint8_t *mask) {
  (void)trained;
  (void)order;
  const int32_t inputs = args->in_count, outputs = args->out_count;
  int32_t element = 0;
  for (int32_t b = 0; b < args->batch; b++, input += inputs) {
    for (int32_t o = 0; o < outputs; o += 2) {
      const int8_t *const row = weights + o * inputs;
      const int32_t count = tinysdk_min(2, outputs - o);
      int32_t sums[2];
      multiply_rows(row, count > 1 ? row + inputs : row, input, inputs, args->input_zero, sums);
      for (int32_t h = 0; h < count; h++, element++) {
        const int32_t value = output_of(args, sums[h], bias ? bias[o + h] : 0, requantization[o + h]);
        output[element] = (int8_t)tinysdk_clamp(value, args->clamp_min, args->clamp_max);
        if (mask)
          tinysdk_write_mask(mask, element, &value, 1, args->clamp_min, args->clamp_max);
      }
    }
  }
}

int32_t tinysdk_dense_s8_mve_instructions(const tinysdk_dense_args *args) {
  if (args->weight_zero != 0 || args->trained_channels != 0)
    return -1;
  return args->batch * args->out_count * ((args->in_count + 15) / 16 * 4 + 90);
}
