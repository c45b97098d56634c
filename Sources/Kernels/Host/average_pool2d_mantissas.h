/* The gradient of an average over whole planes, for integer gradients; lanes_g16.h or lanes_g8.h comes first.
 */
#ifndef TINYSDK_HOST_AVERAGE_POOL2D_MANTISSAS_H
#define TINYSDK_HOST_AVERAGE_POOL2D_MANTISSAS_H

#include "narrowing.h"
#include "tinysdk_kernels.h"

/* One window, which is the plane. */
HOST_INLINE int32_t host_pools_planes(const tinysdk_average_pool2d_gradient_args *args) {
  return args->out_height == 1 && args->out_width == 1 && args->pad_top == 0 && args->pad_left == 0 &&
         args->dilation_y == 1 && args->dilation_x == 1 && args->kernel_height == args->in_height &&
         args->kernel_width == args->in_width;
}

/* The same sum for every element of a plane. */
HOST_INLINE void host_spread_share(host_extremes *extremes, const host_narrowing *narrowing, int32_t sum,
                                   int32_t first, int32_t end, tinysdk_gradient *output) {
  const host_s32 lanes = {0, 1, 2, 3, 4, 5, 6, 7};
  for (int32_t e = first, count; e < end; e += count) {
    count = host_part(e, end);
    const int32_t lane = e % HOST_LANES;
    const host_s32 sums = (lanes >= lane) & (lanes < lane + count) & sum;
    if (output)
      host_store_part(output, e, count, host_narrow(narrowing, sums));
    else
      host_widen_extremes(extremes, sums);
  }
}

HOST_INLINE void host_average_pool2d_mantissas(const tinysdk_average_pool2d_gradient_args *args,
                                               const tinysdk_gradient *gradient,
                                               const int32_t *gradient_exponent,
                                               tinysdk_gradient *input_gradient,
                                               int32_t *input_gradient_exponent) {
  const int32_t plane = args->in_height * args->in_width, planes = args->batch * args->channels;
  const int32_t share = ((1 << args->share_bits) + plane / 2) / plane;
  host_extremes extremes = {{0}, {0}};
  host_narrowing narrowing = host_narrowing_by(0);
  for (int32_t c = 0; c < planes; c++)
    host_spread_share(&extremes, &narrowing, gradient[c] * share, c * plane, (c + 1) * plane, NULL);
  narrowing = host_narrowing_from(0, &extremes, TINYSDK_MANTISSA_BITS);
  for (int32_t c = 0; c < planes; c++)
    host_spread_share(&extremes, &narrowing, gradient[c] * share, c * plane, (c + 1) * plane, input_gradient);
  input_gradient_exponent[0] = gradient_exponent[0] - args->share_bits + narrowing.shift;
}

/* Fifteen for eight elements, twice; other windows are not its business. */
HOST_INLINE int32_t
host_average_pool2d_mantissas_instructions(const tinysdk_average_pool2d_gradient_args *args) {
  const int64_t planes = (int64_t)args->batch * args->channels;
  return host_pools_planes(args)
             ? host_instructions(planes * ((int64_t)args->in_height * args->in_width * 4 + 20))
             : -1;
}

#endif
