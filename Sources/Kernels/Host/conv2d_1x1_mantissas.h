/* The input gradient of a 1x1 convolution, for integer gradients; lanes_g16.h or lanes_g8.h comes first. */
#ifndef TINYSDK_HOST_CONV2D_1X1_MANTISSAS_H
#define TINYSDK_HOST_CONV2D_1X1_MANTISSAS_H

#include "gradient_products.h"

HOST_INLINE host_s32 host_load_some_s8(const int8_t *from, int32_t count) {
  if (count >= HOST_LANES)
    return host_widen_s8(from);
  int8_t bytes[HOST_LANES] = {0};
  memcpy(bytes, from, (uint32_t)count);
  return host_widen_s8(bytes);
}

HOST_INLINE host_s32 host_load_some_mantissas(const tinysdk_gradient *from, int32_t count) {
  if (count >= HOST_LANES)
    return host_load_mantissas(from);
  tinysdk_gradient mantissas[HOST_LANES] = {0};
  memcpy(mantissas, from, sizeof(tinysdk_gradient) * (uint32_t)count);
  return host_load_mantissas(mantissas);
}

/* One image: two output channels per word, an odd last one paired with zeros. */
HOST_INLINE void host_load_pixels(const tinysdk_conv2d_args *args, const tinysdk_gradient *gradient,
                                  int32_t *columns) {
  const int32_t plane = tinysdk_out_plane(args), outputs = args->out_channels;
  for (int32_t p = 0; p < plane; p += HOST_TILE_WIDTH)
    for (int32_t o = 0; o < outputs; o += 2, columns += HOST_TILE_WIDTH)
      for (int32_t i = 0; i < HOST_TILE_WIDTH; i += HOST_LANES) {
        const int32_t left = tinysdk_max(plane - p - i, 0);
        const tinysdk_gradient *const from = gradient + (o + 1) * plane - left;
        host_s32 high = {0};
        if (o + 1 < outputs)
          high = host_load_some_mantissas(from + plane, left);
        const host_s32 low = host_load_some_mantissas(from, left);
        host_store_s32(columns + i, host_join_pairs(low, high));
      }
}

/* `channels` neighbouring weights of each output channel, two output channels per word. `row`: weights of an
 * output channel. */
HOST_INLINE void host_load_chunk(const tinysdk_conv2d_args *args, const int8_t *weights, int32_t row,
                                 int32_t channels, int32_t *words) {
  const int32_t outputs = args->out_channels, zero = args->weight_zero;
  for (int32_t o = 0; o < outputs; o += 2, weights += 2 * row, words += HOST_CHUNK)
    for (int32_t c = 0; c < channels; c += HOST_LANES) {
      host_s32 high = {0};
      if (o + 1 < outputs)
        high = host_load_some_s8(weights + row + c, channels - c) - zero;
      host_store_s32(words + c, host_join_pairs(host_load_some_s8(weights + c, channels - c) - zero, high));
    }
}

HOST_INLINE void host_multiply_tensor(const tinysdk_conv2d_args *args, const host_columns *job,
                                      const int8_t *weights, int32_t channels, const uint16_t *positions,
                                      int32_t *words) {
  for (int32_t c = 0; c < channels; c += HOST_CHUNK) {
    const int32_t wanted = tinysdk_min(HOST_CHUNK, channels - c);
    host_load_chunk(args, weights + c, channels, wanted, words);
    host_multiply_chunk(job, words, c, wanted, positions);
  }
}

/* Scratch: the sums, the columns, the weights of a chunk. */
HOST_INLINE void host_conv2d_1x1_mantissas(const tinysdk_conv2d_args *args, const tinysdk_gradient *gradient,
                                           const int32_t *gradient_exponent, const int8_t *weights,
                                           const int8_t *trained, const uint16_t *order,
                                           tinysdk_gradient *input_gradient, int32_t *input_gradient_exponent,
                                           void *scratch) {
  const int32_t plane = tinysdk_in_plane(args), learning = args->trained_channels;
  const int32_t step = args->in_channels * plane, count = args->batch * step;
  int32_t *const sums = scratch, *const columns = sums + host_round_up(count, HOST_LANES);
  const host_columns job = {columns, (args->out_channels + 1) / 2, args->batch, plane, step, sums};
  const int32_t image = host_column_words(job.pairs, plane);
  int32_t *const words = columns + args->batch * image;
  for (int32_t b = 0; b < args->batch; b++)
    host_load_pixels(args, gradient + b * args->out_channels * plane, columns + b * image);
  if (learning > 0)
    host_multiply_tensor(args, &job, trained, learning, order, words);
  host_multiply_tensor(args, &job, weights, args->in_channels - learning, order ? order + learning : NULL,
                       words);
  input_gradient_exponent[0] = gradient_exponent[0] + host_narrow_tensor(sums, count, input_gradient);
}

HOST_INLINE int32_t host_conv2d_1x1_mantissas_bytes(const tinysdk_conv2d_args *args) {
  const int32_t plane = tinysdk_in_plane(args), pairs = (args->out_channels + 1) / 2;
  return (host_round_up(args->batch * args->in_channels * plane, HOST_LANES) +
          args->batch * host_column_words(pairs, plane) + pairs * HOST_CHUNK) *
         (int32_t)sizeof(int32_t);
}

/* An eighth of an instruction for a product, a few for a weight and for a sum. */
HOST_INLINE int32_t host_conv2d_1x1_mantissas_instructions(const tinysdk_conv2d_args *args) {
  const int64_t weights = (int64_t)args->in_channels * args->out_channels;
  const int64_t pixels = (int64_t)args->batch * host_round_up(tinysdk_in_plane(args), HOST_TILE_WIDTH);
  return host_instructions(weights * (pixels / 8 + 1) + pixels * args->in_channels * 2);
}

#endif
