#include "gradient_f32.h"

#include "bias_gradient.h"

void tinysdk_conv2d_bias_gradient_f32(const tinysdk_conv2d_args *args, const float *gradient,
                                      float *bias_gradient) {
  for (int32_t o = 0; o < args->out_channels; o += TINYSDK_CHAINS) {
    float sums[TINYSDK_CHAINS];
    tinysdk_bias_gradients(args, gradient, o, sums);
    for (int32_t i = 0; i < tinysdk_min(TINYSDK_CHAINS, args->out_channels - o); i++)
      bias_gradient[o + i] = sums[i];
  }
}
