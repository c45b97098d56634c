#include "mve_outputs.h"

#include <stddef.h>

extern __typeof__(tinysdk_dense_s8) tinysdk_dense_s8_mve;
int32_t tinysdk_dense_s8_mve_instructions(const tinysdk_dense_args *args);

/* Outputs whose sums are scaled together, a multiple of four. */
#define OUTPUTS 32

/* Rows at once: as many as there are registers for their sums and the sums of their weights. */
#define ROWS 3

/* Rows of weights by one input. The sums of their weights, by which the input's zero point comes off, lie
 * OUTPUTS behind their own. */
typedef struct {
  const int8_t *weights;
  const int8_t *input;
  int32_t inputs;
  int32_t *sums;
} row_job;

/* `rows` is a constant where this is inlined. */
static inline __attribute__((always_inline)) void multiply_rows(const row_job *job, int32_t rows) {
  const int8_t *x = job->input, *a = job->weights, *b = a, *c;
  int32_t sum_a = 0, sum_b = 0, sum_c = 0, total_a = 0, total_b = 0, total_c = 0;
  b += rows > 1 ? job->inputs : 0;
  c = b + (rows > 2 ? job->inputs : 0);
  for (int32_t rest = job->inputs; rest > 0; rest -= 16, x += 16, a += 16, b += 16, c += 16) {
    const mve_pred16_t p = vctp8q((uint32_t)rest);
    const int8x16_t pixel = vldrbq_z_s8(x, p), wa = vldrbq_z_s8(a, p), wb = vldrbq_z_s8(b, p),
                    wc = vldrbq_z_s8(c, p);
    sum_a = vmladavaq_p_s8(sum_a, wa, pixel, p);
    total_a = vaddvaq_p_s8(total_a, wa, p);
    sum_b = vmladavaq_p_s8(sum_b, wb, pixel, p);
    total_b = vaddvaq_p_s8(total_b, wb, p);
    sum_c = vmladavaq_p_s8(sum_c, wc, pixel, p);
    total_c = vaddvaq_p_s8(total_c, wc, p);
  }
  const int32_t sums[ROWS] = {sum_a, sum_b, sum_c}, totals[ROWS] = {total_a, total_b, total_c};
  int32_t *const to = job->sums;
  for (int32_t i = 0; i < rows; i++) {
    to[i] = sums[i];
    to[OUTPUTS + i] = totals[i];
  }
}

/* Functions of their own, of one pointer, for the registers' sake: of these, only every second one can hold a
 * sum. */
static __attribute__((noinline)) void multiply_three(const row_job *job) {
  multiply_rows(job, 3);
}

static __attribute__((noinline)) void multiply_two(const row_job *job) {
  multiply_rows(job, 2);
}

static __attribute__((noinline)) void multiply_one(const row_job *job) {
  multiply_rows(job, 1);
}

static inline void multiply(const int8_t *weights, const int8_t *input, int32_t inputs, int32_t count,
                            int32_t *sums) {
  row_job job = {weights, input, inputs, sums};
  for (; count >= ROWS; count -= ROWS, job.weights += ROWS * inputs, job.sums += ROWS)
    multiply_three(&job);
  if (count == 2)
    multiply_two(&job);
  else if (count == 1)
    multiply_one(&job);
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

/* Sums become outputs from element `first` on, and values in their place; `single` is a constant where this
 * is inlined. `bias` may be NULL. */
static inline __attribute__((always_inline)) void
scale_outputs(const tinysdk_dense_args *args, int32_t *sums, const int32_t *bias,
              const tinysdk_requantization *requantization, int32_t count, int32_t single, int8_t *output) {
  const int32x4_t low = vdupq_n_s32(args->clamp_min), high = vdupq_n_s32(args->clamp_max);
  const int32_t *scales = (const int32_t *)(const void *)requantization;
  const uint32x4_t places = vidupq_n_u32(0, 2);
  const int32_t zero = -args->input_zero, output_zero = args->output_zero;
  const int32_t *totals = sums + OUTPUTS;
  for (int32_t rest = count; rest > 0; rest -= 4, sums += 4, totals += 4, scales += 8, output += 4) {
    const mve_pred16_t p = vctp32q((uint32_t)rest);
    const int32x4_t multiplier = vldrwq_gather_shifted_offset_z_s32(scales, places, p);
    const int32x4_t shift = vldrwq_gather_shifted_offset_z_s32(scales + 1, places, p);
    int32x4_t value = vmlaq_n_s32(vldrwq_z_s32(sums, p), vldrwq_z_s32(totals, p), zero);
    if (bias) {
      value = vqaddq_s32(value, vldrwq_z_s32(bias, p));
      bias += 4;
    }
    value = vqaddq_n_s32(scaled(value, multiplier, shift, single), output_zero);
    vstrwq_p_s32(sums, value, p);
    vstrbq_p_s32(output, vminq_s32(vmaxq_s32(value, low), high), p);
  }
}

static __attribute__((noinline)) void scale_single(const tinysdk_dense_args *args, int32_t *sums,
                                                   const int32_t *bias,
                                                   const tinysdk_requantization *requantization,
                                                   int32_t count, int8_t *output) {
  scale_outputs(args, sums, bias, requantization, count, 1, output);
}

static __attribute__((noinline)) void scale_tflite(const tinysdk_dense_args *args, int32_t *sums,
                                                   const int32_t *bias,
                                                   const tinysdk_requantization *requantization,
                                                   int32_t count, int8_t *output) {
  scale_outputs(args, sums, bias, requantization, count, 0, output);
}

void tinysdk_dense_s8_mve(const tinysdk_dense_args *args, const int8_t *input, const int8_t *weights,
                          const int8_t *trained, const uint16_t *order, const int32_t *bias,
                          const tinysdk_requantization *requantization, int8_t *output, uint8_t *mask) {
  (void)trained;
  (void)order;
  const int32_t inputs = args->in_count, outputs = args->out_count;
  for (int32_t b = 0, element = 0; b < args->batch; b++, input += inputs) {
    for (int32_t o = 0, count; o < outputs; o += count, element += count) {
      int32_t sums[2 * OUTPUTS];
      count = tinysdk_min(OUTPUTS, outputs - o);
      multiply(weights + o * inputs, input, inputs, count, sums);
      if (args->rounding == TINYSDK_ROUNDING_SINGLE)
        scale_single(args, sums, bias ? bias + o : NULL, requantization + o, count, output + element);
      else
        scale_tflite(args, sums, bias ? bias + o : NULL, requantization + o, count, output + element);
      if (mask)
        tinysdk_write_mask(mask, element, sums, count, args->clamp_min, args->clamp_max);
    }
  }
}

int32_t tinysdk_dense_s8_mve_instructions(const tinysdk_dense_args *args) {
  if (args->weight_zero != 0 || args->trained_channels != 0)
    return -1;
  return args->batch * (args->out_count * ((args->in_count + 15) / 16 * 4 + 18) + 80);
}
