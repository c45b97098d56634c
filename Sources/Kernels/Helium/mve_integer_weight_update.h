/* Weight gradient and update of a 1x1 convolution, for integer gradients; mve_mantissas_g16.h or
 * mve_mantissas_g8.h comes first. Pixels of a plane lie side by side in both operands, so that vectors of
 * them multiply as they are.
 *
 * The float value of an integer sum is 0 or at least 2^-126: nothing that vectors flush. */
#ifndef TINYSDK_MVE_INTEGER_WEIGHT_UPDATE_H
#define TINYSDK_MVE_INTEGER_WEIGHT_UPDATE_H

#include "mve_integer_sums.h"
#include "mve_update.h"

/* Inputs whose sums are held, and vectors of an output's pixels that stay in registers for all of them. */
#define TINYSDK_MVE_INPUTS 64
#define TINYSDK_MVE_KEPT 4

typedef struct {
  const tinysdk_conv2d_args *args;
  const tinysdk_gradient *gradient;
  const int8_t *saved;
  const float *scale;
  float rate;
  float unit;
  int32_t inputs; /* the learning ones */
  int8_t *weights;
  int8_t *residual;
} tinysdk_mve_update_job;

/* Adds the products of `count` pixels, `kept` vectors of which only the last one may be shorter (unless
 * `whole`), by rows of `saved` that lie `plane` apart. `kept` and `whole` are constants where this is
 * inlined.
 */
static inline __attribute__((always_inline)) void
tinysdk_mve_add_rows(const tinysdk_gradient *gradient, const int8_t *saved, int32_t plane, int32_t inputs,
                     int32_t count, int32_t kept, int32_t whole, int32_t *sums) {
  const mve_pred16_t tail = tinysdk_mve_first_lanes(count - (kept - 1) * TINYSDK_MVE_LANES);
  const mve_pred16_t all = tinysdk_mve_first_lanes(TINYSDK_MVE_LANES);
  tinysdk_mve_vector g[TINYSDK_MVE_KEPT];
  for (int32_t i = 0; i < kept; i++)
    g[i] = tinysdk_mve_some_lanes_at(gradient + i * TINYSDK_MVE_LANES, i + 1 < kept ? all : tail);
  for (int32_t k = inputs; k > 0; k--, saved += plane, sums++) {
    int32_t sum = *sums;
    for (int32_t i = 0; i < kept; i++) {
      const int8_t *const from = saved + i * TINYSDK_MVE_LANES;
      sum = tinysdk_mve_add_dot(sum, g[i],
                                whole || i + 1 < kept ? tinysdk_mve_weights_at(from)
                                                      : tinysdk_mve_some_weights_at(from, tail));
    }
    *sums = sum;
  }
}

static __attribute__((noinline)) void tinysdk_mve_add_pixels(const tinysdk_gradient *gradient,
                                                             const int8_t *saved, int32_t plane,
                                                             int32_t inputs, int32_t count, int32_t *sums) {
  if (count == 4 * TINYSDK_MVE_LANES)
    tinysdk_mve_add_rows(gradient, saved, plane, inputs, count, 4, 1, sums);
  else if (count > 3 * TINYSDK_MVE_LANES)
    tinysdk_mve_add_rows(gradient, saved, plane, inputs, count, 4, 0, sums);
  else if (count > 2 * TINYSDK_MVE_LANES)
    tinysdk_mve_add_rows(gradient, saved, plane, inputs, count, 3, 0, sums);
  else if (count == 2 * TINYSDK_MVE_LANES)
    tinysdk_mve_add_rows(gradient, saved, plane, inputs, count, 2, 1, sums);
  else if (count > TINYSDK_MVE_LANES)
    tinysdk_mve_add_rows(gradient, saved, plane, inputs, count, 2, 0, sums);
  else if (count == TINYSDK_MVE_LANES)
    tinysdk_mve_add_rows(gradient, saved, plane, inputs, count, 1, 1, sums);
  else
    tinysdk_mve_add_rows(gradient, saved, plane, inputs, count, 1, 0, sums);
}

/* `inputs` weights of one output from element `index` on, by their sums; `fold` is the zero point's share. */
TINYSDK_MVE_FLOAT static __attribute__((noinline)) void
tinysdk_mve_apply_sums(const tinysdk_mve_update_job *job, float step, const int32_t *sums, int32_t fold,
                       int32_t inputs, int32_t index) {
  int8_t *weights = job->weights + index;
  if (job->residual) {
    int8_t *residual = job->residual + index;
    for (; inputs > 0; inputs -= 4, sums += 4, weights += 4, residual += 4)
      tinysdk_mve_update_weights(
          tinysdk_f32x4_scale(tinysdk_f32x4_from(vaddq_n_s32(vldrwq_s32(sums), fold)), job->unit), step,
          vctp32q((uint32_t)inputs), weights, residual);
  } else {
    for (; inputs > 0; inputs -= 4, sums += 4, weights += 4)
      tinysdk_mve_update_weights(
          tinysdk_f32x4_scale(tinysdk_f32x4_from(vaddq_n_s32(vldrwq_s32(sums), fold)), job->unit), step,
          vctp32q((uint32_t)inputs), weights, 0);
  }
}

/* The weights of output o by inputs k ... k + inputs - 1. */
static inline void tinysdk_mve_update_inputs(const tinysdk_mve_update_job *job, int32_t o, int32_t fold,
                                             int32_t k, int32_t inputs) {
  const tinysdk_conv2d_args *const args = job->args;
  const int32_t plane = tinysdk_in_plane(args), index = o * job->inputs + k;
  const float step = job->rate * job->scale[o];
  int32_t sums[TINYSDK_MVE_INPUTS];
  for (int32_t i = 0; i < inputs; i += 4)
    vstrwq_s32(sums + i, vdupq_n_s32(0));
  for (int32_t b = 0; b < args->batch; b++) {
    const tinysdk_gradient *const gradient = job->gradient + (b * args->out_channels + o) * plane;
    const int8_t *const saved = job->saved + (b * job->inputs + k) * plane;
    for (int32_t p = 0; p < plane; p += TINYSDK_MVE_KEPT * TINYSDK_MVE_LANES)
      tinysdk_mve_add_pixels(gradient + p, saved + p, plane, inputs,
                             tinysdk_min(TINYSDK_MVE_KEPT * TINYSDK_MVE_LANES, plane - p), sums);
  }
  if (tinysdk_mve_step_is_safe(step))
    tinysdk_mve_apply_sums(job, step, sums, fold, inputs, index);
  else
    for (int32_t i = 0; i < inputs; i++)
      tinysdk_update_weight(step, tinysdk_gradient_value(sums[i] + fold, job->unit), index + i, job->weights,
                            job->residual);
}

static inline void tinysdk_mve_update_integer(const tinysdk_mve_update_job *job) {
  for (int32_t o = 0; o < job->args->out_channels; o++) {
    const int32_t fold = -job->args->input_zero * tinysdk_mve_bias_sum(job->args, job->gradient, o);
    for (int32_t k = 0; k < job->inputs; k += TINYSDK_MVE_INPUTS)
      tinysdk_mve_update_inputs(job, o, fold, k, tinysdk_min(TINYSDK_MVE_INPUTS, job->inputs - k));
  }
}

static inline int32_t tinysdk_mve_learning_inputs(const tinysdk_conv2d_args *args) {
  return args->trained_channels > 0 ? args->trained_channels : args->in_channels;
}

static inline int32_t tinysdk_mve_update_integer_instructions(const tinysdk_conv2d_args *args) {
  if (tinysdk_taps(args) != 1 || args->groups != 1 || args->pad_top != 0 || args->pad_left != 0 ||
      args->in_height != args->out_height || args->in_width != args->out_width)
    return -1;
  const int32_t inputs = tinysdk_mve_learning_inputs(args), plane = tinysdk_in_plane(args);
  const int32_t vectors = args->batch * ((plane + TINYSDK_MVE_LANES - 1) / TINYSDK_MVE_LANES);
  const int32_t chunks = (inputs + TINYSDK_MVE_INPUTS - 1) / TINYSDK_MVE_INPUTS;
  return args->out_channels * (chunks * (vectors * 10 + 120) + inputs * (vectors * 3 + 13));
}

#endif
