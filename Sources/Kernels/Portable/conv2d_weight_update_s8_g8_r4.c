#include "gradient_g8.h"

#include "weight_update.h"

void tinysdk_conv2d_weight_update_s8_g8_r4(const tinysdk_conv2d_args *args, const int8_t *gradient,
                                           const int32_t *gradient_exponent, const int8_t *saved,
                                           const uint16_t *order, const float *scale, const float *rate,
                                           int8_t *weights, uint8_t *residual) {
  tinysdk_weight_update update = {.scale = scale,
                                  .rate = rate[0],
                                  .unit = tinysdk_power_of_two(gradient_exponent[0]),
                                  .weights = weights,
                                  .residual = residual};
  tinysdk_each_weight_gradient(args, gradient, saved, order, tinysdk_apply_with_packed_residual, &update);
}
