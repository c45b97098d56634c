/* The input gradient of a depthwise convolution, for integer gradients, in place; mve_mantissas_g16.h or
 * mve_mantissas_g8.h comes first.
 *
 * Where a plane of the gradient is at most sixteen elements, it stays in registers, and every input element
 * gathers the weights that meet it. A larger one is copied out with zeros around and, where the stride is
 * more than 1, in between; the weights stay in registers, and every input element gathers its window. */
#ifndef TINYSDK_MVE_DEPTHWISE_INTEGER_GRADIENT_H
#define TINYSDK_MVE_DEPTHWISE_INTEGER_GRADIENT_H

#include "mve_meeting.h"
#include "mve_narrow.h"

#include <string.h>

/* Sums held before they are narrowed. */
#define TINYSDK_MVE_HELD_SUMS 256

#define TINYSDK_MVE_LARGEST_PLANE 16384

/* A kernel's weights as vectors, beside where each meets its window. What is past the last is zero. */
typedef struct {
  int8_t weights[TINYSDK_MVE_TAPS];
  uint8_t places[TINYSDK_MVE_TAPS];
} tinysdk_mve_kernel;

static inline int32_t tinysdk_mve_is_small(const tinysdk_conv2d_args *args) {
  return tinysdk_out_plane(args) <= TINYSDK_MVE_SMALL && tinysdk_in_plane(args) <= TINYSDK_MVE_HELD_SUMS;
}

static inline int32_t tinysdk_mve_plane_pitch(const tinysdk_conv2d_args *args) {
  return args->in_width + args->kernel_width - 1;
}

static inline int32_t tinysdk_mve_plane_elements(const tinysdk_conv2d_args *args) {
  return tinysdk_mve_plane_pitch(args) * (args->in_height + args->kernel_height - 1);
}

/* The sums of a small plane. */
static __attribute__((noinline)) void tinysdk_mve_sum_small(const int8_t *weights, const uint8_t *table,
                                                            const tinysdk_gradient *gradient, int32_t outputs,
                                                            int32_t count, int32_t *sums) {
  const tinysdk_mve_vector first = tinysdk_mve_some_lanes_at(gradient, tinysdk_mve_first_lanes(outputs));
  if (outputs <= TINYSDK_MVE_LANES) {
    for (; count > 0; count--, table += TINYSDK_MVE_SMALL)
      *sums++ = tinysdk_mve_dot_of(tinysdk_mve_weights_from(weights, tinysdk_mve_places_at(table)), first);
    return;
  }
  const tinysdk_mve_vector second = tinysdk_mve_some_lanes_at(
      gradient + TINYSDK_MVE_LANES, tinysdk_mve_first_lanes(outputs - TINYSDK_MVE_LANES));
  for (; count > 0; count--, table += TINYSDK_MVE_SMALL) {
    const int32_t sum =
        tinysdk_mve_dot_of(tinysdk_mve_weights_from(weights, tinysdk_mve_places_at(table)), first);
    *sums++ = tinysdk_mve_add_dot(
        sum, tinysdk_mve_weights_from(weights, tinysdk_mve_places_at(table + TINYSDK_MVE_LANES)), second);
  }
}

/* One gradient plane between the zeros. */
static inline void tinysdk_mve_spread_gradient(const tinysdk_conv2d_args *args,
                                               const tinysdk_gradient *gradient, tinysdk_gradient *plane) {
  const int32_t pitch = tinysdk_mve_plane_pitch(args), stride = args->stride_x;
  const int32_t top = args->kernel_height - 1 - args->pad_top;
  const int32_t left = args->kernel_width - 1 - args->pad_left;
  const tinysdk_range rows = tinysdk_positions_inside(0, args->out_height, args->stride_y, top,
                                                      args->in_height + args->kernel_height - 1);
  const tinysdk_range columns = tinysdk_positions_inside(0, args->out_width, stride, left, pitch);
  for (int32_t y = rows.first; y < rows.end; y++) {
    const tinysdk_gradient *from = gradient + y * args->out_width + columns.first;
    tinysdk_gradient *to = plane + (y * args->stride_y + top) * pitch + columns.first * stride + left;
    int32_t count = columns.end - columns.first;
    if (stride != 1)
      for (; count > 0; count--, to += stride)
        *to = *from++;
    for (; count > 0; count -= TINYSDK_MVE_LANES, from += TINYSDK_MVE_LANES, to += TINYSDK_MVE_LANES) {
      const mve_pred16_t some = tinysdk_mve_first_lanes(count);
      tinysdk_mve_store_some_lanes(to, tinysdk_mve_some_lanes_at(from, some), some);
    }
  }
}

/* The product of one vector of the kernel and a window's elements. */
static inline __attribute__((always_inline)) int32_t tinysdk_mve_add_window(int32_t sum,
                                                                            const tinysdk_mve_kernel *kernel,
                                                                            int32_t v,
                                                                            const tinysdk_gradient *window) {
  const uint8_t *const places = kernel->places + v * TINYSDK_MVE_LANES;
  return tinysdk_mve_add_dot(sum, tinysdk_mve_lanes_from(window, tinysdk_mve_places_at(places)),
                             tinysdk_mve_weights_at(kernel->weights + v * TINYSDK_MVE_LANES));
}

/* The sums of some rows by a kernel of one vector, which stays in registers. */
static __attribute__((noinline)) void tinysdk_mve_sum_one(const tinysdk_mve_kernel *kernel,
                                                          const tinysdk_gradient *window, int32_t pitch,
                                                          int32_t rows, int32_t width, int32_t *sums) {
  const tinysdk_mve_vector weights = tinysdk_mve_weights_at(kernel->weights);
  const tinysdk_mve_places places = tinysdk_mve_places_at(kernel->places);
  for (; rows > 0; rows--, window += pitch)
    for (int32_t x = 0; x < width; x++)
      *sums++ = tinysdk_mve_dot_of(tinysdk_mve_lanes_from(window + x, places), weights);
}

/* By a kernel of two. */
static __attribute__((noinline)) void tinysdk_mve_sum_two(const tinysdk_mve_kernel *kernel,
                                                          const tinysdk_gradient *window, int32_t pitch,
                                                          int32_t rows, int32_t width, int32_t *sums) {
  const tinysdk_mve_vector first = tinysdk_mve_weights_at(kernel->weights);
  const tinysdk_mve_vector second = tinysdk_mve_weights_at(kernel->weights + TINYSDK_MVE_LANES);
  const tinysdk_mve_places places = tinysdk_mve_places_at(kernel->places);
  const tinysdk_mve_places others = tinysdk_mve_places_at(kernel->places + TINYSDK_MVE_LANES);
  for (; rows > 0; rows--, window += pitch)
    for (int32_t x = 0; x < width; x++)
      *sums++ = tinysdk_mve_add_dot(tinysdk_mve_dot_of(tinysdk_mve_lanes_from(window + x, places), first),
                                    tinysdk_mve_lanes_from(window + x, others), second);
}

static __attribute__((noinline)) void tinysdk_mve_sum_rows(const tinysdk_mve_kernel *kernel, int32_t vectors,
                                                           const tinysdk_gradient *window, int32_t pitch,
                                                           int32_t rows, int32_t width, int32_t *sums) {
  for (; rows > 0; rows--, window += pitch)
    for (int32_t x = 0; x < width; x++) {
      int32_t sum = 0;
      for (int32_t v = 0; v < vectors; v++)
        sum = tinysdk_mve_add_window(sum, kernel, v, window + x);
      *sums++ = sum;
    }
}

/* Where the windows' elements lie that the taps meet: the last tap meets the first. */
static inline void tinysdk_mve_window_places(const tinysdk_conv2d_args *args, tinysdk_mve_kernel *kernel) {
  const int32_t pitch = tinysdk_mve_plane_pitch(args);
  memset(kernel, 0, sizeof(*kernel));
  for (int32_t ky = 0, t = 0; ky < args->kernel_height; ky++)
    for (int32_t kx = 0; kx < args->kernel_width; kx++, t++)
      kernel->places[t] = (uint8_t)((args->kernel_height - 1 - ky) * pitch + args->kernel_width - 1 - kx);
}

/* What all planes share. */
typedef struct {
  const tinysdk_conv2d_args *args;
  tinysdk_mve_kernel kernel;
  int32_t small;
  void *scratch;
  tinysdk_mve_narrowing narrowing;
} tinysdk_mve_depthwise_job;

/* The plane whose first input element is `first`; the kernel holds its weights. */
static inline void tinysdk_mve_plane_gradient(tinysdk_mve_depthwise_job *job,
                                              const tinysdk_gradient *gradient, int32_t first) {
  const tinysdk_conv2d_args *const args = job->args;
  const int32_t width = args->in_width, plane = tinysdk_in_plane(args), pitch = tinysdk_mve_plane_pitch(args);
  const int32_t vectors = (tinysdk_taps(args) + TINYSDK_MVE_LANES - 1) / TINYSDK_MVE_LANES;
  int32_t sums[TINYSDK_MVE_HELD_SUMS];
  if (job->small) {
    tinysdk_mve_sum_small(job->kernel.weights, job->scratch, gradient, tinysdk_out_plane(args), plane, sums);
    tinysdk_mve_narrow_next(&job->narrowing, sums, plane, first);
    return;
  }
  tinysdk_mve_spread_gradient(args, gradient, job->scratch);
  const tinysdk_gradient *const from = job->scratch;
  const int32_t block = TINYSDK_MVE_HELD_SUMS / width;
  for (int32_t y = 0; y < args->in_height; y += block) {
    const int32_t rows = tinysdk_min(block, args->in_height - y);
    if (vectors == 1)
      tinysdk_mve_sum_one(&job->kernel, from + y * pitch, pitch, rows, width, sums);
    else if (vectors == 2)
      tinysdk_mve_sum_two(&job->kernel, from + y * pitch, pitch, rows, width, sums);
    else
      tinysdk_mve_sum_rows(&job->kernel, vectors, from + y * pitch, pitch, rows, width, sums);
    tinysdk_mve_narrow_next(&job->narrowing, sums, rows * width, first + y * width);
  }
}

static inline void tinysdk_mve_depthwise_integer_gradient(
    const tinysdk_conv2d_args *args, const tinysdk_gradient *gradient, const int32_t *gradient_exponent,
    const int8_t *weights, const int8_t *trained, const uint16_t *order, tinysdk_gradient *input_gradient,
    int32_t *input_gradient_exponent, void *scratch) {
  const int32_t channels = args->in_channels, taps = tinysdk_taps(args), exponent = gradient_exponent[0];
  tinysdk_mve_depthwise_job job = {.args = args,
                                   .small = tinysdk_mve_is_small(args),
                                   .scratch = scratch,
                                   .narrowing =
                                       tinysdk_mve_narrow_start(input_gradient, TINYSDK_MANTISSA_BITS)};
  tinysdk_mve_window_places(args, &job.kernel);
  const tinysdk_mve_axis y = {args->in_height, args->out_height, args->kernel_height, args->pad_top, 1,
                              -args->stride_y};
  const tinysdk_mve_axis x = {args->in_width, args->out_width, args->kernel_width, args->pad_left, 1,
                              -args->stride_x};
  if (job.small)
    tinysdk_mve_meeting_places(&y, &x, scratch);
  else
    memset(scratch, 0, sizeof(tinysdk_gradient) * (uint32_t)tinysdk_mve_plane_elements(args));
  for (int32_t b = 0; b < args->batch; b++) {
    tinysdk_split split = tinysdk_split_start(weights, trained, order, args->trained_channels, channels);
    for (int32_t c = b * channels; c < (b + 1) * channels; c++) {
      const tinysdk_place place = tinysdk_split_next(&split, c - b * channels);
      tinysdk_mve_copy_weights(place.base + place.own * taps, taps, job.kernel.weights);
      tinysdk_mve_plane_gradient(&job, gradient + c * tinysdk_out_plane(args), c * tinysdk_in_plane(args));
    }
  }
  input_gradient_exponent[0] = exponent + job.narrowing.by.shift;
}

static inline int32_t tinysdk_mve_depthwise_integer_bytes(const tinysdk_conv2d_args *args) {
  return tinysdk_mve_is_small(args) ? tinysdk_in_plane(args) * TINYSDK_MVE_SMALL
                                    : tinysdk_mve_plane_elements(args) * (int32_t)sizeof(tinysdk_gradient);
}

static inline int32_t tinysdk_mve_depthwise_integer_instructions(const tinysdk_conv2d_args *args) {
  const int32_t taps = tinysdk_taps(args), plane = tinysdk_in_plane(args);
  const int32_t reach = (args->kernel_height - 1) * tinysdk_mve_plane_pitch(args) + args->kernel_width - 1;
  if (args->weight_zero != 0 || args->out_channels != args->in_channels || args->dilation_y != 1 ||
      args->dilation_x != 1 || taps >= TINYSDK_MVE_TAPS || args->in_width > TINYSDK_MVE_HELD_SUMS ||
      args->pad_top >= args->kernel_height || args->pad_left >= args->kernel_width || reach > 255 ||
      tinysdk_mve_depthwise_integer_bytes(args) > TINYSDK_MVE_LARGEST_PLANE)
    return -1;
  if (tinysdk_mve_is_small(args))
    return plane * 6 + 3000 +
           args->batch * args->in_channels * (plane * (TINYSDK_MVE_LANES == 16 ? 7 : 10) + 100);
  const int32_t vectors = (taps + TINYSDK_MVE_LANES - 1) / TINYSDK_MVE_LANES;
  return args->batch * args->in_channels * (plane * (5 + 2 * vectors) + args->out_height * 12 + 150);
}

#endif
