/* Weight gradient and update of a convolution of one group, for integer gradients; mantissas_g16.h or
 * mantissas_g8.h comes first. */
#ifndef TINYSDK_DSP_INTEGER_WEIGHT_UPDATE_H
#define TINYSDK_DSP_INTEGER_WEIGHT_UPDATE_H

#include "../Portable/convolution.h"
#include "instructions.h"
#include "update_four.h"
#include "windows.h"

/* Pixels widened at a time, and the outputs that then use them. */
#define TINYSDK_UPDATE_PIXELS 64
#define TINYSDK_UPDATE_OUTPUTS 32

/* Times a sum, still a float: 2^96. */
#define TINYSDK_UPDATE_UNIT 0x1p96f

typedef struct {
  const tinysdk_conv2d_args *args;
  const tinysdk_gradient *gradient;
  const int8_t *saved;
  const float *scale;
  float rate;
  float unit;
  int32_t inputs; /* columns: the learning inputs, each with its taps */
  int8_t *weights;
  int8_t *residual;
} tinysdk_update_job;

/* Whole fours of pixels of one input. Not inlined: its caller has no registers to spare. */
static __attribute__((noinline)) void tinysdk_widen_pixels(const int8_t *from, int32_t fours, uint32_t zero,
                                                           uint32_t *values) {
#pragma GCC unroll 4
  for (const int8_t *const end = from + 4 * fours; from < end; from += 4, values += 8) {
    const uint32_t bytes = tinysdk_load_word(from);
    tinysdk_place_values(tinysdk_sxtab16(zero, bytes), tinysdk_sxtab16_odd(zero, bytes), values, values + 4);
  }
}

/* `count` pixels of inputs k ... k + 3 without their zero point; past the last one, that one's again. */
static inline void tinysdk_load_values(const tinysdk_update_job *job, const int8_t *saved, int32_t k,
                                       int32_t count, uint32_t *values) {
  const int32_t plane = tinysdk_in_plane(job->args), whole = count & ~3;
  const uint32_t zero = ((uint32_t)-job->args->input_zero & 0xFFFFu) * 0x10001u;
  for (int32_t j = 0; j < 4; j++) {
    const int8_t *const from = saved + tinysdk_min(k + j, job->inputs - 1) * plane;
    tinysdk_widen_pixels(from, whole / 4, zero, values + j);
    if (count > whole) {
      const uint32_t bytes = tinysdk_load_tail(from + whole, count - whole);
      tinysdk_place_values(tinysdk_sxtab16(zero, bytes), tinysdk_sxtab16_odd(zero, bytes),
                           values + 2 * whole + j, values + 2 * whole + 4 + j);
    }
  }
}

/* The same of any kernel, from pixel `first` on. */
static inline void tinysdk_load_windows(const tinysdk_update_job *job, const int8_t *saved, int32_t k,
                                        int32_t first, int32_t count, uint32_t *values) {
  for (int32_t j = 0; j < 4; j++) {
    tinysdk_window_reader reader =
        tinysdk_read_column(job->args, saved, tinysdk_min(k + j, job->inputs - 1), first);
    for (int32_t p = 0; p < count; p += 4) {
      uint32_t four[4] = {0};
      for (int32_t i = 0; i < tinysdk_min(4, count - p); i++)
        four[i] = (uint32_t)tinysdk_next_value(job->args, &reader);
      tinysdk_place_values(tinysdk_pack_low(four[0], four[2]), tinysdk_pack_low(four[1], four[3]),
                           values + 2 * p + j, values + 2 * p + 4 + j);
    }
  }
}

/* Weights k ... k + 3 of outputs o ... end - 1, with residuals. As a sum's value does not overflow, one
 * product with step * unit * 256 rounds as the three do: powers of two only matter where the result is 0 or
 * past every limit all the same. */
static __attribute__((noinline)) void tinysdk_move_fours(const tinysdk_update_job *job, int32_t o,
                                                         int32_t end, int32_t k, const int32_t *sums) {
  const int32_t row = job->inputs;
  const float rate = job->rate, unit = job->unit * 256.0f;
  const float *scale = job->scale + o, *const last = job->scale + end;
  int8_t *weights = job->weights + o * row + k, *residual = job->residual + o * row + k;
  for (; scale < last; scale++, sums += 4, weights += row, residual += row) {
    const float factor = (rate * scale[0]) * unit;
    int32_t changes[4];
    for (int32_t j = 0; j < 4; j++)
      changes[j] = tinysdk_round_quickly(factor * (float)sums[j]);
    tinysdk_move_four(changes, weights, residual);
  }
}

static inline void tinysdk_apply_fours(const tinysdk_update_job *job, int32_t o, int32_t end, int32_t k,
                                       const int32_t *sums) {
  const int32_t inputs = tinysdk_min(4, job->inputs - k);
  if (job->residual && inputs == 4 && job->unit <= TINYSDK_UPDATE_UNIT) {
    tinysdk_move_fours(job, o, end, k, sums);
    return;
  }
  for (; o < end; o++, sums += 4)
    for (int32_t j = 0; j < inputs; j++)
      tinysdk_update_weight(job->rate * job->scale[o], tinysdk_gradient_value(sums[j], job->unit),
                            o * job->inputs + k + j, job->weights, job->residual);
}

/* Inputs k ... k + 3 by outputs o ... end - 1. An odd last output is computed twice. */
static inline void tinysdk_update_outputs(const tinysdk_update_job *job, int32_t o, int32_t end, int32_t k) {
  const tinysdk_conv2d_args *const args = job->args;
  const int32_t plane = tinysdk_out_plane(args), image = job->inputs / tinysdk_taps(args);
  const int32_t pointwise = tinysdk_is_pointwise(args);
  uint32_t values[2 * TINYSDK_UPDATE_PIXELS];
  int32_t sums[4 * TINYSDK_UPDATE_OUTPUTS] = {0};
  for (int32_t b = 0; b < args->batch; b++)
    for (int32_t p = 0; p < plane; p += TINYSDK_UPDATE_PIXELS) {
      const int32_t count = tinysdk_min(TINYSDK_UPDATE_PIXELS, plane - p);
      const tinysdk_gradient *const gradient = job->gradient + b * args->out_channels * plane + p;
      const int8_t *const saved = job->saved + b * image * tinysdk_in_plane(args);
      if (pointwise)
        tinysdk_load_values(job, saved + p, k, count, values);
      else
        tinysdk_load_windows(job, saved, k, p, count, values);
      for (int32_t i = o; i < end; i += 2)
        tinysdk_multiply_mantissas(values, gradient + i * plane,
                                   gradient + tinysdk_min(i + 1, end - 1) * plane, count, sums + 4 * (i - o));
    }
  tinysdk_apply_fours(job, o, end, k, sums);
}

static inline void tinysdk_update_integer(const tinysdk_update_job *job) {
  const int32_t outputs = job->args->out_channels;
  for (int32_t o = 0; o < outputs; o += TINYSDK_UPDATE_OUTPUTS)
    for (int32_t k = 0; k < job->inputs; k += 4)
      tinysdk_update_outputs(job, o, tinysdk_min(o + TINYSDK_UPDATE_OUTPUTS, outputs), k);
}

static inline int32_t tinysdk_update_integer_instructions(const tinysdk_conv2d_args *args) {
  const int32_t plane = tinysdk_out_plane(args), pointwise = tinysdk_is_pointwise(args);
  if (args->groups != 1 || (pointwise && plane < 4))
    return -1;
  const int64_t quads = (tinysdk_learning_columns(args) + 3) / 4, pairs = (args->out_channels + 1) / 2;
  const int64_t pixels = (int64_t)args->batch * plane;
  return tinysdk_instruction_count(quads * pairs * (pixels * 29 / 4 + (pixels + 63) / 64 * 60 + 150) +
                                   quads * ((args->out_channels + 31) / 32) * pixels * (pointwise ? 8 : 60));
}

#endif
