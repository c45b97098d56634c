#include "lanes_g8.h"

#include "average_pool2d_mantissas.h"

extern __typeof__(tinysdk_average_pool2d_gradient_g8) tinysdk_average_pool2d_gradient_g8_host;
int32_t
tinysdk_average_pool2d_gradient_g8_host_instructions(const tinysdk_average_pool2d_gradient_args *args);

void tinysdk_average_pool2d_gradient_g8_host(const tinysdk_average_pool2d_gradient_args *args,
                                             const int8_t *gradient, const int32_t *gradient_exponent,
                                             int8_t *input_gradient, int32_t *input_gradient_exponent) {
  host_average_pool2d_mantissas(args, gradient, gradient_exponent, input_gradient, input_gradient_exponent);
}

int32_t
tinysdk_average_pool2d_gradient_g8_host_instructions(const tinysdk_average_pool2d_gradient_args *args) {
  return host_average_pool2d_mantissas_instructions(args);
}
