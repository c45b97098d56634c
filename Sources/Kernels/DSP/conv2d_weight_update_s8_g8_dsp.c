#include "four_g8.h"

#include "integer_weight_update.h"

extern __typeof__(tinysdk_conv2d_weight_update_s8_g8) tinysdk_conv2d_weight_update_s8_g8_dsp;
int32_t tinysdk_conv2d_weight_update_s8_g8_dsp_instructions(const tinysdk_conv2d_args *args);

void tinysdk_conv2d_weight_update_s8_g8_dsp(const tinysdk_conv2d_args *args, const int8_t *gradient,
                                            const int32_t *gradient_exponent, const int8_t *saved,
                                            const uint16_t *order, const float *scale, const float *rate,
                                            int8_t *weights, int8_t *residual) {
  (void)order;
  const tinysdk_update_job job = {args,
                                  gradient,
                                  saved,
                                  scale,
                                  rate[0],
                                  tinysdk_power_of_two(gradient_exponent[0]),
                                  tinysdk_learning_columns(args),
                                  weights,
                                  residual};
  tinysdk_update_integer(&job);
}

int32_t tinysdk_conv2d_weight_update_s8_g8_dsp_instructions(const tinysdk_conv2d_args *args) {
  return tinysdk_update_integer_instructions(args);
}
