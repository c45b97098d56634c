#include "lanes_g16.h"

#include "average_pool2d_mantissas.h"

extern __typeof__(tinysdk_average_pool2d_gradient_g16) tinysdk_average_pool2d_gradient_g16_host;
int32_t
tinysdk_average_pool2d_gradient_g16_host_instructions(const tinysdk_average_pool2d_gradient_args *args);

void tinysdk_average_pool2d_gradient_g16_host(const tinysdk_average_pool2d_gradient_args *args,
                                              const int16_t *gradient, const int32_t *gradient_exponent,
                                              int16_t *input_gradient, int32_t *input_gradient_exponent) {
  host_average_pool2d_mantissas(args, gradient, gradient_exponent, input_gradient, input_gradient_exponent);
}

int32_t
tinysdk_average_pool2d_gradient_g16_host_instructions(const tinysdk_average_pool2d_gradient_args *args) {
  return host_average_pool2d_mantissas_instructions(args);
}
