#include "gradient_f32.h"

#include "bias_gradient.h"
#include "update.h"

void tinysdk_conv2d_bias_update_s32(const tinysdk_conv2d_args *args, const float *gradient,
                                    const float *scale, const float *rate, int32_t *bias) {
  for (int32_t o = 0; o < args->out_channels; o += TINYSDK_CHAINS) {
    float sums[TINYSDK_CHAINS];
    tinysdk_bias_gradients(args, gradient, o, sums);
    for (int32_t i = 0; i < tinysdk_min(TINYSDK_CHAINS, args->out_channels - o); i++)
      bias[o + i] = tinysdk_updated_bias(rate[0] * scale[o + i], sums[i], bias[o + i]);
  }
}
