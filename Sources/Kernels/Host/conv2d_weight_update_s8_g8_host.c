#include "lanes_g8.h"

#include "weight_tile_integer.h"

#include "weight_rules.h"
#include "weight_tiles.h"

extern __typeof__(tinysdk_conv2d_weight_update_s8_g8) tinysdk_conv2d_weight_update_s8_g8_host;
int32_t tinysdk_conv2d_weight_update_s8_g8_host_instructions(const tinysdk_conv2d_args *args);

void tinysdk_conv2d_weight_update_s8_g8_host(const tinysdk_conv2d_args *args, const int8_t *gradient,
                                             const int32_t *gradient_exponent, const int8_t *saved,
                                             const uint16_t *order, const float *scale, const float *rate,
                                             int8_t *weights, int8_t *residual) {
  (void)order;
  host_weight_rule rule = {.scale = scale, .rate = rate[0], .weights = weights, .residual = residual};
  host_each_weight(args, gradient, tinysdk_power_of_two(gradient_exponent[0]), saved,
                   host_apply_with_residual, &rule);
}

int32_t tinysdk_conv2d_weight_update_s8_g8_host_instructions(const tinysdk_conv2d_args *args) {
  return host_weight_instructions(args);
}
