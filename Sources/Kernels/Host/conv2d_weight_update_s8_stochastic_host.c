#include "weight_tile_f32.h"

#include "weight_rules.h"
#include "weight_tiles.h"

extern __typeof__(tinysdk_conv2d_weight_update_s8_stochastic) tinysdk_conv2d_weight_update_s8_stochastic_host;
int32_t tinysdk_conv2d_weight_update_s8_stochastic_host_instructions(const tinysdk_conv2d_args *args);

void tinysdk_conv2d_weight_update_s8_stochastic_host(const tinysdk_conv2d_args *args, const float *gradient,
                                                     const int8_t *saved, const uint16_t *order,
                                                     const float *scale, const float *rate, int8_t *weights,
                                                     const uint16_t *stream, const uint32_t *counter) {
  (void)order;
  host_weight_rule rule = {
      .scale = scale, .rate = rate[0], .weights = weights, .key = tinysdk_random_key(counter, stream[0])};
  host_each_weight(args, gradient, 1.0f, saved, host_apply_stochastically, &rule);
}

int32_t tinysdk_conv2d_weight_update_s8_stochastic_host_instructions(const tinysdk_conv2d_args *args) {
  return host_weight_instructions(args);
}
