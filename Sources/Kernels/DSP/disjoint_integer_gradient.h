/* The input gradient of a convolution whose windows neither overlap nor leave gaps, for integer gradients;
 * write_fours_g16.h or write_fours_g8.h comes first. */
#ifndef TINYSDK_DSP_DISJOINT_INTEGER_GRADIENT_H
#define TINYSDK_DSP_DISJOINT_INTEGER_GRADIENT_H

#include "../Portable/convolution.h"
#include "instructions.h"
#include "narrow_run.h"

static inline int32_t tinysdk_band_elements(const tinysdk_conv2d_args *args) {
  return args->kernel_height * args->in_width;
}

/* One window's pixels go on by a gradient times its weights. */
static inline void tinysdk_add_window(const tinysdk_conv2d_args *args, int32_t gradient,
                                      const int8_t *weights, int32_t *sums) {
  const int32_t width = args->kernel_width;
  for (int32_t ky = 0; ky < args->kernel_height; ky++, weights += width, sums += args->in_width)
    for (int32_t kx = 0; kx < width; kx++)
      sums[kx] += gradient * weights[kx];
}

static inline void tinysdk_disjoint_integer_gradient(const tinysdk_conv2d_args *args,
                                                     const tinysdk_gradient *gradient,
                                                     const int32_t *gradient_exponent, const int8_t *weights,
                                                     const int8_t *trained, const uint16_t *order,
                                                     tinysdk_gradient *input_gradient,
                                                     int32_t *input_gradient_exponent, int32_t *sums) {
  const int32_t taps = tinysdk_taps(args), out_plane = tinysdk_out_plane(args);
  const int32_t count = tinysdk_band_elements(args);
  tinysdk_narrowing narrowing = tinysdk_narrow_start(input_gradient, TINYSDK_MANTISSA_BITS);
  int32_t first = 0;
  for (int32_t b = 0; b < args->batch; b++, gradient += args->out_channels * out_plane) {
    tinysdk_split split =
        tinysdk_split_start(weights, trained, order, args->trained_channels, args->in_channels);
    for (int32_t c = 0; c < args->in_channels; c++) {
      const tinysdk_place place = tinysdk_split_next(&split, c);
      for (int32_t oy = 0; oy < args->out_height; oy++, first += count) {
        memset(sums, 0, sizeof(int32_t) * (uint32_t)count);
        for (int32_t o = 0; o < args->out_channels; o++)
          for (int32_t ox = 0; ox < args->out_width; ox++)
            tinysdk_add_window(args, gradient[o * out_plane + oy * args->out_width + ox],
                               place.base + (o * place.count + place.own) * taps,
                               sums + ox * args->kernel_width);
        tinysdk_narrow_run(&narrowing, sums, count, first);
      }
    }
  }
  input_gradient_exponent[0] = gradient_exponent[0] + narrowing.shift;
}

static inline int32_t tinysdk_windows_are_disjoint(const tinysdk_conv2d_args *args) {
  return args->pad_top == 0 && args->pad_left == 0 && args->dilation_y == 1 && args->dilation_x == 1 &&
         (args->out_height == 1 || args->stride_y == args->kernel_height) &&
         (args->out_width == 1 || args->stride_x == args->kernel_width) &&
         args->in_height == args->out_height * args->kernel_height &&
         args->in_width == args->out_width * args->kernel_width;
}

static inline int32_t tinysdk_disjoint_gradient_instructions(const tinysdk_conv2d_args *args) {
  if (args->weight_zero != 0 || args->groups != 1)
    return -1;
  const int64_t elements = (int64_t)args->batch * args->in_channels * tinysdk_in_plane(args);
  return tinysdk_instruction_count(elements * (args->out_channels * 7 + 12));
}

#endif
