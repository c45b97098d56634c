/* Weight gradient and update of a convolution of one group, for integer gradients; four_g16.h or four_g8.h
 * comes first.
 *
 * The values of a few inputs are widened once, then two rows of gradients at a time run over them. */
#ifndef TINYSDK_DSP_INTEGER_WEIGHT_UPDATE_H
#define TINYSDK_DSP_INTEGER_WEIGHT_UPDATE_H

#include "../Portable/convolution.h"
#include "instructions.h"
#include "update_four.h"
#include "value_sums.h"
#include "windows.h"

/* Pixels widened at a time. */
#define TINYSDK_UPDATE_PIXELS 64

/* Quads of inputs whose values are held at a time where they are all pixels; else one, and outputs that then
 * use it. */
#define TINYSDK_UPDATE_QUADS 2
#define TINYSDK_UPDATE_OUTPUTS 32

/* Words of a quad's values and of two rows of gradients. */
#define TINYSDK_UPDATE_VALUES (2 * TINYSDK_UPDATE_PIXELS)
#define TINYSDK_UPDATE_ROWS TINYSDK_UPDATE_PIXELS

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

/* Whole fours of weights k, k + 1, ... of outputs o ... end - 1, with residuals. As a sum's value does not
 * overflow, one product with step * unit * 256 rounds as the three do: powers of two only matter where the
 * result is 0 or past every limit all the same. */
static __attribute__((noinline)) void tinysdk_move_fours(const tinysdk_update_job *job, int32_t o,
                                                         int32_t end, int32_t k, int32_t fours,
                                                         const int32_t *sums) {
  const float rate = job->rate, unit = job->unit * 256.0f;
  const float *scale = job->scale + o, *const last = job->scale + end;
  const int32_t next = job->inputs - 4 * fours;
  int8_t *weights = job->weights + o * job->inputs + k, *residual = job->residual + o * job->inputs + k;
  for (; scale < last; scale++, sums += 4, weights += next, residual += next) {
    const float factor = (rate * scale[0]) * unit;
    const int32_t *from = sums;
    for (int32_t i = fours; i > 0; i--, from += 8, weights += 4, residual += 4)
      tinysdk_move_by_sums(factor, from, weights, residual);
  }
}

/* Weights k ... k_end - 1 of outputs o ... end - 1, whose sums are a quad's from its start on. */
static __attribute__((noinline)) void tinysdk_move_slowly(const tinysdk_update_job *job, int32_t o,
                                                          int32_t end, int32_t k, int32_t k_end,
                                                          const int32_t *sums) {
  for (; o < end; o++, sums += 4)
    for (int32_t i = 0; k + i < k_end; i++)
      tinysdk_update_weight(job->rate * job->scale[o],
                            tinysdk_gradient_value(sums[i / 4 * 8 + i % 4], job->unit),
                            o * job->inputs + k + i, job->weights, job->residual);
}

/* Inputs k ... of outputs o and, if there is one, o + 1. */
static inline __attribute__((always_inline)) void tinysdk_move_outputs(const tinysdk_update_job *job,
                                                                       int32_t o, int32_t k, int32_t quads,
                                                                       const int32_t *sums) {
  const int32_t end = tinysdk_min(o + 2, job->args->out_channels);
  const int32_t inputs = tinysdk_min(4 * quads, job->inputs - k);
  const int32_t fours = job->residual && job->unit <= TINYSDK_UPDATE_UNIT ? inputs / 4 : 0;
  if (fours > 0)
    tinysdk_move_fours(job, o, end, k, fours, sums);
  if (4 * fours < inputs)
    tinysdk_move_slowly(job, o, end, k + 4 * fours, k + inputs, sums + 8 * fours);
}

/* Two rows side by side, filled up with zeros. */
static __attribute__((noinline)) void
tinysdk_join_gradients(const tinysdk_gradient *a, const tinysdk_gradient *b, int32_t count, uint32_t *rows) {
#pragma GCC unroll 4
  for (int32_t fours = count >> 2; fours > 0; fours--, a += 4, b += 4)
    rows = tinysdk_pair_fours(a, b, rows);
  if (count & 3) {
    tinysdk_gradient tails[8] = {0};
    for (int32_t i = 0; i < (count & 3); i++) {
      tails[i] = a[i];
      tails[4 + i] = b[i];
    }
    tinysdk_pair_fours(tails, tails + 4, rows);
  }
}

/* Sums of outputs o and o + 1 go on by `count` pixels; past the last output, that one's again. */
static inline void tinysdk_add_outputs(const tinysdk_update_job *job, const tinysdk_gradient *gradient,
                                       int32_t o, int32_t count, int32_t quads, uint32_t *values,
                                       int32_t *sums) {
  const int32_t plane = tinysdk_out_plane(job->args), next = tinysdk_min(o + 1, job->args->out_channels - 1);
  uint32_t *const rows = values + quads * TINYSDK_UPDATE_VALUES;
  tinysdk_join_gradients(gradient + o * plane, gradient + next * plane, count, rows);
  tinysdk_sum_values(values, rows, (count + 3) / 4, quads, sums);
}

/* `count` pixels, from pixel `first` on, of some quads of inputs from k on. */
static inline void tinysdk_load_quads(const tinysdk_update_job *job, int32_t b, int32_t k, int32_t quads,
                                      int32_t first, int32_t count, uint32_t *values) {
  const tinysdk_conv2d_args *const args = job->args;
  const int8_t *const saved = job->saved + b * (job->inputs / tinysdk_taps(args)) * tinysdk_in_plane(args);
  for (int32_t q = 0; q < quads; q++, values += 2 * ((count + 3) & ~3))
    if (tinysdk_is_pointwise(args))
      tinysdk_load_values(job, saved + first, k + 4 * q, count, values);
    else
      tinysdk_load_windows(job, saved, k + 4 * q, first, count, values);
}

/* All outputs of inputs k ..., where a single image has no more pixels than are widened at a time. */
static __attribute__((noinline)) void tinysdk_update_small(const tinysdk_update_job *job, int32_t k) {
  const int32_t plane = tinysdk_out_plane(job->args);
  const int32_t quads = tinysdk_min(TINYSDK_UPDATE_QUADS, (job->inputs - k + 3) / 4);
  uint32_t values[TINYSDK_UPDATE_QUADS * TINYSDK_UPDATE_VALUES + TINYSDK_UPDATE_ROWS];
  tinysdk_load_quads(job, 0, k, quads, 0, plane, values);
  for (int32_t o = 0; o < job->args->out_channels; o += 2) {
    int32_t sums[8 * TINYSDK_UPDATE_QUADS];
    tinysdk_clear_fours(sums, 2 * TINYSDK_UPDATE_QUADS);
    tinysdk_add_outputs(job, job->gradient, o, plane, quads, values, sums);
    tinysdk_move_outputs(job, o, k, quads, sums);
  }
}

/* Inputs k ... k + 3 by outputs o ... end - 1. */
static __attribute__((noinline)) void tinysdk_update_large(const tinysdk_update_job *job, int32_t o,
                                                           int32_t end, int32_t k) {
  const int32_t plane = tinysdk_out_plane(job->args);
  uint32_t values[TINYSDK_UPDATE_VALUES + TINYSDK_UPDATE_ROWS];
  int32_t sums[4 * TINYSDK_UPDATE_OUTPUTS] = {0};
  for (int32_t b = 0; b < job->args->batch; b++)
    for (int32_t p = 0; p < plane; p += TINYSDK_UPDATE_PIXELS) {
      const int32_t count = tinysdk_min(TINYSDK_UPDATE_PIXELS, plane - p);
      const tinysdk_gradient *const gradient = job->gradient + b * job->args->out_channels * plane + p;
      tinysdk_load_quads(job, b, k, 1, p, count, values);
      for (int32_t i = o; i < end; i += 2)
        tinysdk_add_outputs(job, gradient, i, count, 1, values, sums + 4 * (i - o));
    }
  for (int32_t i = o; i < end; i += 2)
    tinysdk_move_outputs(job, i, k, 1, sums + 4 * (i - o));
}

static inline int32_t tinysdk_is_small(const tinysdk_conv2d_args *args) {
  return args->batch == 1 && tinysdk_out_plane(args) <= TINYSDK_UPDATE_PIXELS;
}

static inline void tinysdk_update_integer(const tinysdk_update_job *job) {
  const int32_t outputs = job->args->out_channels;
  if (tinysdk_is_small(job->args)) {
    for (int32_t k = 0; k < job->inputs; k += 4 * TINYSDK_UPDATE_QUADS)
      tinysdk_update_small(job, k);
    return;
  }
  for (int32_t o = 0; o < outputs; o += TINYSDK_UPDATE_OUTPUTS)
    for (int32_t k = 0; k < job->inputs; k += 4)
      tinysdk_update_large(job, o, tinysdk_min(o + TINYSDK_UPDATE_OUTPUTS, outputs), k);
}

static inline int32_t tinysdk_update_integer_instructions(const tinysdk_conv2d_args *args) {
  const int32_t plane = tinysdk_out_plane(args), pointwise = tinysdk_is_pointwise(args);
  if (args->groups != 1 || (pointwise && plane < 4))
    return -1;
  const int64_t quads = (tinysdk_learning_columns(args) + 3) / 4, pairs = (args->out_channels + 1) / 2;
  const int64_t pixels = (int64_t)args->batch * plane;
  return tinysdk_instruction_count(quads * pairs * (pixels * 27 / 4 + (pixels + 63) / 64 * 60 + 160) +
                                   quads * ((args->out_channels + 31) / 32) * pixels * (pointwise ? 8 : 60));
}

#endif
