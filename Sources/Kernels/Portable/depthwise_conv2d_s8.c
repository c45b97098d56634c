#include "convolution.h"
#include "requantize.h"

#include <string.h>

/* The part of the input plane that windows reach, padding included. */
static int32_t padded_height(const tinysdk_conv2d_args *args) {
  return (args->out_height - 1) * args->stride_y + (args->kernel_height - 1) * args->dilation_y + 1;
}

static int32_t padded_width(const tinysdk_conv2d_args *args) {
  return (args->out_width - 1) * args->stride_x + (args->kernel_width - 1) * args->dilation_x + 1;
}

/* Copies one plane with its padding, which reads as the input's zero point. */
static void pad_plane(const tinysdk_conv2d_args *args, const int8_t *input, int8_t *padded) {
  const int32_t height = padded_height(args), width = padded_width(args);
  const tinysdk_range rows = tinysdk_positions_inside(0, height, 1, -args->pad_top, args->in_height);
  const tinysdk_range columns = tinysdk_positions_inside(0, width, 1, -args->pad_left, args->in_width);
  memset(padded, args->input_zero, (uint32_t)(height * width));
  if (columns.first >= columns.end)
    return;
  for (int32_t y = rows.first; y < rows.end; y++)
    memcpy(padded + y * width + columns.first,
           input + (y - args->pad_top) * args->in_width + columns.first - args->pad_left,
           (uint32_t)(columns.end - columns.first));
}

/* One output plane from one padded input plane. */
static void convolve_plane(const tinysdk_conv2d_args *args, const int8_t *padded, const int8_t *weights,
                           int32_t bias, tinysdk_requantization scale, int32_t first, int8_t *output,
                           uint8_t *mask) {
  const int32_t width = padded_width(args);
  int32_t sums[TINYSDK_BLOCK];
  for (int32_t oy = 0; oy < args->out_height; oy++) {
    for (int32_t x0 = 0; x0 < args->out_width; x0 += TINYSDK_BLOCK) {
      const int32_t count = tinysdk_min(TINYSDK_BLOCK, args->out_width - x0);
      memset(sums, 0, sizeof(sums));
      for (int32_t ky = 0; ky < args->kernel_height; ky++) {
        const int8_t *const row =
            padded + (oy * args->stride_y + ky * args->dilation_y) * width + x0 * args->stride_x;
        for (int32_t kx = 0; kx < args->kernel_width; kx++)
          tinysdk_multiply_row(sums, row + kx * args->dilation_x, count, args->stride_x,
                               weights[ky * args->kernel_width + kx] - args->weight_zero, args->input_zero);
      }
      tinysdk_write_sums(args, sums, count, bias, scale, first + oy * args->out_width + x0, output, mask);
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
      pad_plane(args, input + (b * channels + c) * in_plane, scratch);
      for (int32_t j = 0; j < multiplier; j++) {
        const int32_t o = c * multiplier + j;
        convolve_plane(args, scratch, place.base + (place.own * multiplier + j) * taps, bias ? bias[o] : 0,
                       requantization[o], (b * args->out_channels + o) * out_plane, output, mask);
      }
    }
  }
}

int32_t tinysdk_depthwise_conv2d_s8_scratch(const tinysdk_conv2d_args *args) {
  return padded_height(args) * padded_width(args);
}
