/* Sums of integer gradients; mve_mantissas_g16.h or mve_mantissas_g8.h comes first. */
#ifndef TINYSDK_MVE_INTEGER_SUMS_H
#define TINYSDK_MVE_INTEGER_SUMS_H

#include "convolution.h"

/* The sum of an output's gradients. */
static inline int32_t tinysdk_mve_total(const tinysdk_gradient *gradient, int32_t count) {
  int32_t total = 0;
  for (; count > 0; count -= TINYSDK_MVE_LANES, gradient += TINYSDK_MVE_LANES)
    total = tinysdk_mve_add_lanes(total, tinysdk_mve_some_lanes_at(gradient, tinysdk_mve_first_lanes(count)));
  return total;
}

/* The sum of output o's gradients over all images. */
static inline int32_t tinysdk_mve_bias_sum(const tinysdk_conv2d_args *args, const tinysdk_gradient *gradient,
                                           int32_t o) {
  const int32_t plane = tinysdk_out_plane(args);
  int32_t total = 0;
  for (int32_t b = 0; b < args->batch; b++)
    total += tinysdk_mve_total(gradient + (b * args->out_channels + o) * plane, plane);
  return total;
}

#endif
