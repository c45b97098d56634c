/* The part of the kernels' contract that stands between a gradient and its update: schedules, momentum,
 * accumulation, clipping. Included by tinysdk_kernels.h. */
#ifndef TINYSDK_OPTIMIZERS_H
#define TINYSDK_OPTIMIZERS_H

#include "tinysdk_kernels.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- learning-rate schedules
 * -----------------------------------------------------------------------------------------------------------
 */

/* scheduled[0] = rate[0] * factor, one float product. With t = counter[0], the steps taken before this one:
 *
 *   t < warm_up: factor = (float)(t + 1) / (float)warm_up, else with n = t - warm_up:
 *   constant:    1.
 *   step:        args->factor ^ (n / every), by squaring: f = 1, b = args->factor; from the lowest bit of
 *                the exponent on, f = f * b where it is set, then b = b * b. 0 <= factor <= 1, every >= 1.
 *   cosine:      (1 + cos(pi n / N)) / 2, N = steps - warm_up; 0 from n = N on. In floats, with
 *                u = (float)n / (float)N - 0.5 and v = u * u:
 *                s = u * P, P = fmaf(fmaf(fmaf(fmaf(c4, v, c3), v, c2), v, c1), v, c0)   (sin(pi u), to 2e-7)
 *                c0 = 0x1.921fb6p+1, c1 = -0x1.4abbc2p+2, c2 = 0x1.4668ep+1, c3 = -0x1.3250fep-1,
 *                c4 = 0x1.3de766p-4
 *                factor = fmaf(-0.5, s, 0.5), at least 0. steps > warm_up.
 *
 * A whole number becomes a float by rounding to nearest, half to even. `steps`, `every` and `factor` are read
 * by their own kernels only. */
typedef struct {
  int32_t warm_up;
  int32_t steps;
  int32_t every;
  float factor;
} tinysdk_schedule_args;

void tinysdk_schedule_constant(const tinysdk_schedule_args *args, const float *rate, const uint32_t *counter,
                               float *scheduled);
void tinysdk_schedule_step(const tinysdk_schedule_args *args, const float *rate, const uint32_t *counter,
                           float *scheduled);
void tinysdk_schedule_cosine(const tinysdk_schedule_args *args, const float *rate, const uint32_t *counter,
                             float *scheduled);

/* ---- momentum, accumulation
 * ------------------------------------------------------------------------------------------------------------
 */

/* velocity = fmaf(factor, velocity, gradient), 0 where that is not finite; output = velocity. In place on the
 * gradient. */
typedef struct {
  int32_t count;
  float factor;
} tinysdk_momentum_args;

void tinysdk_momentum_f32(const tinysdk_momentum_args *args, const float *gradient, float *velocity,
                          float *output);

/* output = sum * factor (1 / number of samples); sum = 0. The samples' gradients come into the sum one after
 * the other by tinysdk_accumulate_f32. */
typedef struct {
  int32_t count;
  float factor;
} tinysdk_mean_args;

void tinysdk_take_mean_f32(const tinysdk_mean_args *args, float *sum, float *output);

/* ---- clipping
 * -------------------------------------------------------------------------------------------------------------------
 */

/* One tensor's part of the square of the global norm, measured in gradients of real-valued weights:
 * square[0] = before[0] (0 where NULL); for output channels o ascending: s = 0, for the channel's `inner`
 * elements ascending s = fmaf(g, g, s); square[0] = fmaf(s, scale[o], square[0]). `scale` = 1 / weight
 * scale^2 per channel; NULL: 1, for float32 parameters. `before` and `square` may be one. */
void tinysdk_sum_squares_f32(const tinysdk_update_args *args, const float *gradient, const float *scale,
                             const float *before, float *square);

/* factor[0] = limit / sqrtf(square[0]) where sqrtf(square[0]) > limit, else 1 (also where it is NaN). */
typedef struct {
  float limit;
} tinysdk_clip_args;

void tinysdk_clip_factor_f32(const tinysdk_clip_args *args, const float *square, float *factor);

/* output = gradient, at most limit[o] and at least -limit[o]; NaN stays. In place. */
void tinysdk_clip_value_f32(const tinysdk_update_args *args, const float *gradient, const float *limit,
                            float *output);

#ifdef __cplusplus
}
#endif

#endif
