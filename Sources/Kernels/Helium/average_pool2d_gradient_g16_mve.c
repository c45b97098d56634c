#include "mve_mantissas_g16.h"

#include "mve_global_pool_gradient.h"

extern __typeof__(tinysdk_average_pool2d_gradient_g16) tinysdk_average_pool2d_gradient_g16_mve;
int32_t
tinysdk_average_pool2d_gradient_g16_mve_instructions(const tinysdk_average_pool2d_gradient_args *args);

void tinysdk_average_pool2d_gradient_g16_mve(const tinysdk_average_pool2d_gradient_args *args,
                                             const int16_t *gradient, const int32_t *gradient_exponent,
                                             int16_t *input_gradient, int32_t *input_gradient_exponent) {
  tinysdk_mve_global_pool_gradient(args, gradient, gradient_exponent, input_gradient,
                                   input_gradient_exponent);
}

int32_t
tinysdk_average_pool2d_gradient_g16_mve_instructions(const tinysdk_average_pool2d_gradient_args *args) {
  return tinysdk_mve_global_pool_gradient_instructions(args);
}
