/* Sums of int8 products, several output channels by sixteen pixels at a time, for convolutions whose windows
 * have been copied out as columns. Values lose their zero points and become 16-bit pairs, so that one
 * instruction does two products per lane. */
#ifndef TINYSDK_HOST_PRODUCTS_H
#define TINYSDK_HOST_PRODUCTS_H

#include "convolution.h"
#include "lanes.h"
#include "outputs.h"

/* A register tile. */
#define HOST_ROWS 4
#define HOST_PIXELS 16

/* Pixels whose columns are copied out together, so that widened weights serve them all. */
#define HOST_BLOCK 64

/* The 16-bit values of one tile's columns: sixteen pixels of `depth` values, an even number. */
HOST_INLINE int32_t host_depth(int32_t values) {
  return host_round_up(values, 2);
}

/* Sixteen pixels of two neighbouring values each; `stride` (1 or 2) bytes lie between pixels. */
HOST_INLINE void host_store_pairs(const int8_t *first, const int8_t *second, int32_t stride, int32_t zero,
                                  int16_t *pairs) {
  for (int32_t i = 0; i < HOST_PIXELS; i += HOST_LANES) {
    const int8_t *const from = first + i * stride, *const other = second + i * stride;
    const host_s32 a = (stride == 1 ? host_widen_s8(from) : host_widen_even_s8(from)) - zero;
    const host_s32 b = (stride == 1 ? host_widen_s8(other) : host_widen_even_s8(other)) - zero;
    const host_s32 both = host_join_pairs(a, b);
    memcpy(pairs + 2 * i, &both, sizeof(both));
  }
}

/* One output channel's weights without their zero point; what fills up to an even number is zero. */
HOST_INLINE void host_widen_weights(const int8_t *weights, int32_t count, int32_t zero, int16_t *values) {
  for (int32_t k = 0; k < count; k++)
    values[k] = tinysdk_difference(weights[k], zero);
}

/* A pair of weights in every lane. */
HOST_INLINE host_s16 host_splat_pair(const int16_t *pair) {
  int32_t both;
  memcpy(&both, pair, sizeof(both));
  return (host_s16)host_splat_s32(both);
}

/* The sums of one tile; those of a row lie together. */
HOST_INLINE void host_multiply_tile(const int16_t *columns, const int16_t *weights, int32_t depth,
                                    int32_t *sums) {
  host_s32 acc[HOST_ROWS][2] = {{{0}}};
  for (int32_t k = 0; k < depth; k += 2) {
    host_s16 column[2];
    memcpy(column, columns + k * HOST_PIXELS, sizeof(column));
    for (int32_t j = 0; j < HOST_ROWS; j++) {
      const host_s16 pair = host_splat_pair(weights + j * depth + k);
      acc[j][0] += host_dot_pairs(column[0], pair);
      acc[j][1] += host_dot_pairs(column[1], pair);
    }
  }
  for (int32_t j = 0; j < HOST_ROWS; j++)
    memcpy(sums + j * HOST_BLOCK, acc[j], sizeof(acc[j]));
}

/* Where the outputs of some pixels come from and go to. */
typedef struct {
  const int8_t *weights;
  const int8_t *trained;
  const int32_t *bias;
  const tinysdk_requantization *requantization;
  int8_t *output;
  uint8_t *mask;
} host_layer;

/* Output channels o ... o + rows - 1 of at most a block of columns. `taps`: values per position on the
 * weight's input-channel axis; `widened`: room for the weights of HOST_ROWS channels. */
HOST_INLINE void host_multiply_rows(const tinysdk_conv2d_args *args, const host_layer *layer, int32_t o,
                                    int32_t rows, int32_t taps, const int16_t *columns, int32_t count,
                                    int32_t first, int16_t *widened) {
  const int32_t channels = args->in_channels / args->groups;
  const int32_t learning = args->trained_channels * taps, frozen = channels * taps - learning;
  const int32_t depth = host_depth(learning + frozen);
  for (int32_t j = 0; j < rows; j++) {
    int16_t *const row = widened + j * depth;
    if (learning > 0)
      host_widen_weights(layer->trained + (o + j) * learning, learning, args->weight_zero, row);
    if (frozen > 0)
      host_widen_weights(layer->weights + (o + j) * frozen, frozen, args->weight_zero, row + learning);
    if (depth > learning + frozen)
      row[depth - 1] = 0;
  }
  int32_t sums[HOST_ROWS][HOST_BLOCK];
  for (int32_t p = 0; p < count; p += HOST_PIXELS)
    host_multiply_tile(columns + p * depth, widened, depth, sums[0] + p);
  for (int32_t j = 0; j < rows; j++) {
    const tinysdk_output_stage stage =
        tinysdk_conv2d_stage(args, layer->bias ? layer->bias[o + j] : 0, layer->requantization[o + j]);
    host_write_sums(&stage, sums[j], count, first + (o + j) * tinysdk_out_plane(args), layer->output,
                    layer->mask);
  }
}

/* Bytes of a block of columns and of the widened weights. */
HOST_INLINE int32_t host_products_bytes(int32_t values) {
  return host_depth(values) * (int32_t)sizeof(int16_t) * (HOST_BLOCK + HOST_ROWS);
}

/* An eighth of an instruction for a product, and a few for an output. */
HOST_INLINE int32_t host_products_instructions(const tinysdk_conv2d_args *args) {
  const int64_t outputs = (int64_t)args->batch * args->out_channels * tinysdk_out_plane(args);
  return host_instructions(outputs * (args->in_channels / args->groups * tinysdk_taps(args) / 8 + 4));
}

#endif
