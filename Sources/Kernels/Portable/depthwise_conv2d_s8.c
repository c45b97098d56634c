#include "padded_plane.h"
#include "requantize.h"

#include <string.h>

/* Three neighbouring taps of a kernel row; weights past the last tap are zero. */
typedef struct {
  const int8_t *row[3];
  int16_t weight[3];
} tap_group;

static tap_group taps_at(const tinysdk_conv2d_args *args, const int8_t *row, const int8_t *weights,
                         int32_t kx) {
  tap_group taps;
  for (int32_t i = 0; i < 3; i++) {
    const int32_t tap = tinysdk_min(kx + i, args->kernel_width - 1);
    taps.row[i] = row + tap * args->dilation_x;
    taps.weight[i] = kx + i < args->kernel_width ? tinysdk_difference(weights[tap], args->weight_zero) : 0;
  }
  return taps;
}

/* Several rows of outputs: `rows` of `columns`, whose first windows lie `pitch` apart. */
typedef struct {
  int32_t rows;
  int32_t columns;
  int32_t pitch;
} output_block;

/* Adds the products of three taps to every sum of the block. `stride` is a constant where this is inlined. */
static inline void multiply_taps(const tap_group *taps, int32_t zero, output_block block, int32_t stride,
                                 int32_t *restrict sums) {
  const int16_t wa = taps->weight[0], wb = taps->weight[1], wc = taps->weight[2];
  for (int32_t y = 0; y < block.rows; y++) {
    const int8_t *restrict const a = taps->row[0] + y * block.pitch;
    const int8_t *restrict const b = taps->row[1] + y * block.pitch;
    const int8_t *restrict const c = taps->row[2] + y * block.pitch;
    for (int32_t x = 0; x < block.columns; x++)
      sums[y * block.columns + x] += wa * tinysdk_difference(a[x * stride], zero) +
                                     wb * tinysdk_difference(b[x * stride], zero) +
                                     wc * tinysdk_difference(c[x * stride], zero);
  }
}

/* The sums of a block whose first window starts at `window`. */
static void convolve_block(const tinysdk_conv2d_args *args, const int8_t *window, const int8_t *weights,
                           output_block block, int32_t *sums) {
  const int32_t stride = args->stride_x, pitch = tinysdk_padded_width(args) * args->dilation_y;
  memset(sums, 0, sizeof(int32_t) * (uint32_t)(block.rows * block.columns));
  for (int32_t ky = 0; ky < args->kernel_height; ky++) {
    for (int32_t kx = 0; kx < args->kernel_width; kx += 3) {
      const tap_group taps = taps_at(args, window + ky * pitch, weights + ky * args->kernel_width, kx);
      if (stride == 1)
        multiply_taps(&taps, args->input_zero, block, 1, sums);
      else if (stride == 2)
        multiply_taps(&taps, args->input_zero, block, 2, sums);
      else
        multiply_taps(&taps, args->input_zero, block, stride, sums);
    }
  }
}

/* One output plane from one padded input plane: as many rows at once as a block holds, or parts of one row.
 */
static void convolve_plane(const tinysdk_conv2d_args *args, const int8_t *padded, const int8_t *weights,
                           int32_t bias, tinysdk_requantization scale, int32_t first, int8_t *output,
                           uint8_t *mask) {
  const tinysdk_output_stage stage = tinysdk_conv2d_stage(args, bias, scale);
  const int32_t width = args->out_width, pitch = tinysdk_padded_width(args) * args->stride_y;
  const int32_t rows = tinysdk_max(1, TINYSDK_BLOCK / width);
  int32_t sums[TINYSDK_BLOCK];
  for (int32_t y = 0; y < args->out_height; y += rows) {
    for (int32_t x = 0; x < width; x += TINYSDK_BLOCK) {
      const output_block block = {tinysdk_min(rows, args->out_height - y),
                                  tinysdk_min(TINYSDK_BLOCK, width - x), pitch};
      convolve_block(args, padded + y * pitch + x * args->stride_x, weights, block, sums);
      tinysdk_write_sums(&stage, sums, block.rows * block.columns, first + y * width + x, output, mask);
    }
  }
}

void tinysdk_depthwise_conv2d_s8(const tinysdk_conv2d_args *args, const int8_t *input, const int8_t *weights,
                                 const int8_t *trained, const uint16_t *order, const int32_t *bias,
                                 const tinysdk_requantization *requantization, int8_t *output, uint8_t *mask,
                                 void *scratch) {
  const int32_t channels = args->in_channels, multiplier = args->out_channels / channels;
  const int32_t in_plane = tinysdk_in_plane(args), out_plane = tinysdk_out_plane(args);
  const int32_t taps = tinysdk_taps(args);
  for (int32_t b = 0; b < args->batch; b++) {
    tinysdk_split split = tinysdk_split_start(weights, trained, order, args->trained_channels, channels);
    /* Ascending: in place, the outputs of a channel reach no later channel's input. */
    for (int32_t c = 0; c < channels; c++) {
      const tinysdk_place place = tinysdk_split_next(&split, c);
      tinysdk_pad_plane(args, input + (b * channels + c) * in_plane, scratch);
      for (int32_t j = 0; j < multiplier; j++) {
        const int32_t o = c * multiplier + j;
        convolve_plane(args, scratch, place.base + (place.own * multiplier + j) * taps, bias ? bias[o] : 0,
                       requantization[o], (b * args->out_channels + o) * out_plane, output, mask);
      }
    }
  }
}

int32_t tinysdk_depthwise_conv2d_s8_scratch(const tinysdk_conv2d_args *args) {
  return tinysdk_padded_height(args) * tinysdk_padded_width(args);
}
