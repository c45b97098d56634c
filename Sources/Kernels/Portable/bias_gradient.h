/* Bias gradients, four output channels at a time: four independent chains of additions.
 * Written once for float and integer gradients: gradient_f32.h, gradient_g16.h or gradient_g8.h comes first.
 */
#ifndef TINYSDK_BIAS_GRADIENT_H
#define TINYSDK_BIAS_GRADIENT_H

#include "convolution.h"

#define TINYSDK_CHAINS 4

/* sums[i] = the gradient of output channel o + i; beyond the last channel, that one's again. */
static inline void tinysdk_bias_gradients(const tinysdk_conv2d_args *args, const tinysdk_gradient *gradient,
                                          int32_t o, tinysdk_gradient_sum sums[TINYSDK_CHAINS]) {
  const int32_t plane = tinysdk_out_plane(args), outputs = args->out_channels;
  int32_t from[TINYSDK_CHAINS];
  tinysdk_gradient_sum acc[TINYSDK_CHAINS] = {0};
  for (int32_t i = 0; i < TINYSDK_CHAINS; i++)
    from[i] = tinysdk_min(o + i, outputs - 1) * plane;
  for (int32_t b = 0; b < args->batch; b++)
    for (int32_t p = 0; p < plane; p++)
      for (int32_t i = 0; i < TINYSDK_CHAINS; i++)
        acc[i] += gradient[b * outputs * plane + from[i] + p];
  for (int32_t i = 0; i < TINYSDK_CHAINS; i++)
    sums[i] = acc[i];
}

#endif
