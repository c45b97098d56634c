/* The input gradient of a convolution with windows, for integer gradients; lanes_g16.h or lanes_g8.h comes
 * first. What the windows around each input pixel hold is copied out as a column. */
#ifndef TINYSDK_HOST_CONV2D_MANTISSAS_H
#define TINYSDK_HOST_CONV2D_MANTISSAS_H

#include "gradient_products.h"

/* Products of one input element. */
HOST_INLINE int32_t host_window_depth(const tinysdk_conv2d_args *args) {
  return args->out_channels / args->groups * tinysdk_taps(args);
}

/* The output position along an axis that reads input position `at` through kernel position `k`; -1 if none
 * does. */
HOST_INLINE int32_t host_position_reading(int32_t at, int32_t k, int32_t stride, int32_t count) {
  const int32_t from = at - k, position = from / stride;
  return from < 0 || position * stride != from || position >= count ? -1 : position;
}

/* Where along an axis each kernel position reads, for each input position: [kernel][in]. */
HOST_INLINE void host_find_positions(int32_t in, int32_t out, int32_t kernel, int32_t stride, int32_t pad,
                                     int32_t dilation, int32_t *positions) {
  for (int32_t k = 0; k < kernel; k++)
    for (int32_t i = 0; i < in; i++)
      *positions++ = host_position_reading(i + pad, k * dilation, stride, out);
}

/* Value k of the columns of one image: output channel k / taps through tap k % taps. */
HOST_INLINE void host_load_tap(const tinysdk_conv2d_args *args, const tinysdk_gradient *gradient,
                               const int32_t *rows, const int32_t *columns, int32_t k, int32_t pairs,
                               int16_t *values) {
  const int32_t taps = tinysdk_taps(args), tap = k % taps, width = args->in_width;
  const tinysdk_gradient *const plane = gradient + k / taps * tinysdk_out_plane(args);
  const int32_t *const oys = rows + tap / args->kernel_width * args->in_height;
  const int32_t *const oxs = columns + tap % args->kernel_width * width;
  int16_t *const to = values + k / 2 * HOST_TILE_WIDTH * 2 + k % 2;
  for (int32_t y = 0, p = 0; y < args->in_height; y++)
    for (int32_t x = 0; x < width; x++, p++) {
      const int32_t word = p / HOST_TILE_WIDTH * pairs * HOST_TILE_WIDTH + p % HOST_TILE_WIDTH;
      to[word * 2] = oys[y] < 0 || oxs[x] < 0 ? 0 : plane[oys[y] * args->out_width + oxs[x]];
    }
}

/* The weights of some neighbouring positions, two values of a column per word. */
HOST_INLINE void host_load_windows(const tinysdk_conv2d_args *args, const int8_t *weights, int32_t group,
                                   int32_t count, int32_t first, int32_t channels, int16_t *values) {
  const int32_t outputs = args->out_channels / args->groups, taps = tinysdk_taps(args);
  for (int32_t o = 0; o < outputs; o++)
    for (int32_t c = 0; c < channels; c++) {
      const int8_t *const from = weights + ((group * outputs + o) * count + first + c) * taps;
      for (int32_t t = 0; t < taps; t++) {
        const int32_t k = o * taps + t;
        values[(k / 2 * HOST_CHUNK + c) * 2 + k % 2] = tinysdk_difference(from[t], args->weight_zero);
      }
    }
}

/* One group's channels of one tensor. */
HOST_INLINE void host_multiply_windows(const tinysdk_conv2d_args *args, const host_columns *job,
                                       const int8_t *weights, int32_t group, int32_t count,
                                       const uint16_t *positions, int32_t *words) {
  for (int32_t c = 0; c < count; c += HOST_CHUNK) {
    const int32_t wanted = tinysdk_min(HOST_CHUNK, count - c);
    host_load_windows(args, weights, group, count, c, wanted, (int16_t *)words);
    host_multiply_chunk(job, words, c, wanted, positions);
  }
}

/* Scratch: the sums, the columns of a group, the weights of a chunk, the positions along both axes. */
HOST_INLINE void host_conv2d_mantissas(const tinysdk_conv2d_args *args, const tinysdk_gradient *gradient,
                                       const int32_t *gradient_exponent, const int8_t *weights,
                                       const int8_t *trained, const uint16_t *order,
                                       tinysdk_gradient *input_gradient, int32_t *input_gradient_exponent,
                                       void *scratch) {
  const int32_t plane = tinysdk_in_plane(args), step = args->in_channels * plane, count = args->batch * step;
  const int32_t channels = args->in_channels / args->groups, learning = args->trained_channels;
  const int32_t depth = host_window_depth(args), pairs = (depth + 1) / 2;
  const int32_t image = host_column_words(pairs, plane), out_plane = tinysdk_out_plane(args);
  int32_t *const sums = scratch, *const columns = sums + host_round_up(count, HOST_LANES);
  int32_t *const words = columns + args->batch * image, *const rows = words + pairs * HOST_CHUNK;
  int32_t *const xs = rows + args->kernel_height * args->in_height;
  memset(columns, 0, sizeof(int32_t) * (uint32_t)(args->batch * image + pairs * HOST_CHUNK));
  host_find_positions(args->in_height, args->out_height, args->kernel_height, args->stride_y, args->pad_top,
                      args->dilation_y, rows);
  host_find_positions(args->in_width, args->out_width, args->kernel_width, args->stride_x, args->pad_left,
                      args->dilation_x, xs);
  for (int32_t g = 0; g < args->groups; g++) {
    const host_columns job = {columns, pairs, args->batch, plane, step, sums + g * channels * plane};
    for (int32_t b = 0; b < args->batch; b++)
      for (int32_t k = 0; k < depth; k++)
        host_load_tap(args,
                      gradient + (b * args->groups + g) * (args->out_channels / args->groups) * out_plane,
                      rows, xs, k, pairs, (int16_t *)(columns + b * image));
    if (learning > 0)
      host_multiply_windows(args, &job, trained, g, learning, order, words);
    host_multiply_windows(args, &job, weights, g, channels - learning, order ? order + learning : NULL,
                          words);
  }
  input_gradient_exponent[0] = gradient_exponent[0] + host_narrow_tensor(sums, count, input_gradient);
}

HOST_INLINE int32_t host_conv2d_mantissas_bytes(const tinysdk_conv2d_args *args) {
  const int32_t plane = tinysdk_in_plane(args), pairs = (host_window_depth(args) + 1) / 2;
  return (host_round_up(args->batch * args->in_channels * plane, HOST_LANES) +
          args->batch * host_column_words(pairs, plane) + pairs * HOST_CHUNK +
          args->kernel_height * args->in_height + args->kernel_width * args->in_width) *
         (int32_t)sizeof(int32_t);
}

/* An eighth of an instruction for a product; a few for each value of a column, each weight and each sum. */
HOST_INLINE int32_t host_conv2d_mantissas_instructions(const tinysdk_conv2d_args *args) {
  const int64_t depth = host_window_depth(args), channels = args->in_channels / args->groups;
  const int64_t pixels = (int64_t)args->batch * tinysdk_in_plane(args);
  return host_instructions(
      args->groups * (pixels * (depth * channels / 8 + depth * 5 + channels * 2) + depth * channels * 3));
}

#endif
