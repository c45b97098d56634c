#include "mve_mantissas_g8.h"

#include "mve_global_pool_gradient.h"

extern __typeof__(tinysdk_average_pool2d_gradient_g8) tinysdk_average_pool2d_gradient_g8_mve;
int32_t tinysdk_average_pool2d_gradient_g8_mve_instructions(const tinysdk_average_pool2d_gradient_args *args);

void tinysdk_average_pool2d_gradient_g8_mve(const tinysdk_average_pool2d_gradient_args *args,
                                            const int8_t *gradient, const int32_t *gradient_exponent,
                                            int8_t *input_gradient, int32_t *input_gradient_exponent) {
  tinysdk_mve_global_pool_gradient(args, gradient, gradient_exponent, input_gradient,
                                   input_gradient_exponent);
}

int32_t
tinysdk_average_pool2d_gradient_g8_mve_instructions(const tinysdk_average_pool2d_gradient_args *args) {
  return tinysdk_mve_global_pool_gradient_instructions(args);
}
