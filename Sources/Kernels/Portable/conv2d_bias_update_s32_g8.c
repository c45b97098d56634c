#include "gradient_g8.h"

#include "bias_gradient.h"
#include "update.h"

void tinysdk_conv2d_bias_update_s32_g8(const tinysdk_conv2d_args *args, const int8_t *gradient,
                                       const int32_t *gradient_exponent, const float *scale,
                                       const float *rate, int32_t *bias) {
  const float unit = tinysdk_power_of_two(gradient_exponent[0]);
  for (int32_t o = 0; o < args->out_channels; o += TINYSDK_CHAINS) {
    int32_t sums[TINYSDK_CHAINS];
    tinysdk_bias_gradients(args, gradient, o, sums);
    for (int32_t i = 0; i < tinysdk_min(TINYSDK_CHAINS, args->out_channels - o); i++)
      bias[o + i] =
          tinysdk_updated_bias(rate[0] * scale[o + i], tinysdk_gradient_value(sums[i], unit), bias[o + i]);
  }
}
