#include "gradient_g16.h"

#include "weight_update.h"

void tinysdk_conv2d_weight_update_s8_g16_stochastic(const tinysdk_conv2d_args *args, const int16_t *gradient,
                                                    const int32_t *gradient_exponent, const int8_t *saved,
                                                    const uint16_t *order, const float *scale,
                                                    const float *rate, int8_t *weights,
                                                    const uint16_t *stream, const uint32_t *counter) {
  tinysdk_weight_update update = {.scale = scale,
                                  .rate = rate[0],
                                  .unit = tinysdk_power_of_two(gradient_exponent[0]),
                                  .weights = weights,
                                  .key = tinysdk_random_key(counter, stream[0])};
  tinysdk_each_weight_gradient(args, gradient, saved, order, tinysdk_apply_stochastically, &update);
}
