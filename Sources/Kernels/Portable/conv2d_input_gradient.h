/* The input gradient of any convolution, for integer gradients. */
#ifndef TINYSDK_CONV2D_INPUT_GRADIENT_H
#define TINYSDK_CONV2D_INPUT_GRADIENT_H

#include "input_gradient_row.h"
#include "narrow.h"

#include <string.h>

/* The sums of row y of one input channel; `gradient` holds the planes of its group's output channels, `place`
 * is the channel's place in the weights, `group` the group's number. */
static inline void tinysdk_sum_input_row(const tinysdk_conv2d_args *args, const tinysdk_gradient *gradient,
                                         tinysdk_place place, int32_t group, int32_t y, int32_t *sums) {
  const int32_t outputs = args->out_channels / args->groups;
  memset(sums, 0, sizeof(int32_t) * (uint32_t)args->in_width);
  for (int32_t ky = 0; ky < args->kernel_height; ky++) {
    const int32_t oy = tinysdk_row_reading(args, y, ky);
    if (oy < 0)
      continue;
    for (int32_t o = 0; o < outputs; o++)
      tinysdk_add_kernel_row(args,
                             place.base +
                                 ((group * outputs + o) * place.count + place.own) * tinysdk_taps(args) +
                                 ky * args->kernel_width,
                             gradient + o * tinysdk_out_plane(args) + oy * args->out_width, sums);
  }
}

static inline void tinysdk_conv2d_input_gradient(const tinysdk_conv2d_args *args,
                                                 const tinysdk_gradient *gradient,
                                                 const int32_t *gradient_exponent, const int8_t *weights,
                                                 const int8_t *trained, const uint16_t *order,
                                                 tinysdk_gradient *input_gradient,
                                                 int32_t *input_gradient_exponent, void *scratch) {
  const int32_t channels = args->in_channels / args->groups, outputs = args->out_channels / args->groups;
  tinysdk_narrowing narrowing = tinysdk_narrow_start(input_gradient, TINYSDK_MANTISSA_BITS);
  for (int32_t image = 0; image < args->batch * args->groups; image++) {
    const tinysdk_gradient *const from = gradient + image * outputs * tinysdk_out_plane(args);
    tinysdk_split split = tinysdk_split_start(weights, trained, order, args->trained_channels, channels);
    for (int32_t c = 0; c < channels; c++) {
      const tinysdk_place place = tinysdk_split_next(&split, c);
      const int32_t to = (image * channels + c) * tinysdk_in_plane(args);
      for (int32_t y = 0; y < args->in_height; y++) {
        tinysdk_sum_input_row(args, from, place, image % args->groups, y, scratch);
        tinysdk_narrow_next(&narrowing, scratch, args->in_width, to + y * args->in_width);
      }
    }
  }
  input_gradient_exponent[0] = gradient_exponent[0] + narrowing.shift;
}

static inline int32_t tinysdk_conv2d_input_gradient_bytes(const tinysdk_conv2d_args *args) {
  return args->in_width * (int32_t)sizeof(int32_t);
}

#endif
