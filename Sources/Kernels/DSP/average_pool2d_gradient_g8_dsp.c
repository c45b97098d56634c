#include "four_g8.h"

#include "write_fours_g8.h"

#include "global_pool_gradient.h"

extern __typeof__(tinysdk_average_pool2d_gradient_g8) tinysdk_average_pool2d_gradient_g8_dsp;
int32_t tinysdk_average_pool2d_gradient_g8_dsp_instructions(const tinysdk_average_pool2d_gradient_args *args);

void tinysdk_average_pool2d_gradient_g8_dsp(const tinysdk_average_pool2d_gradient_args *args,
                                            const int8_t *gradient, const int32_t *gradient_exponent,
                                            int8_t *input_gradient, int32_t *input_gradient_exponent) {
  tinysdk_global_pool_gradient(args, gradient, gradient_exponent, input_gradient, input_gradient_exponent);
}

int32_t
tinysdk_average_pool2d_gradient_g8_dsp_instructions(const tinysdk_average_pool2d_gradient_args *args) {
  return tinysdk_global_pool_instructions(args);
}
