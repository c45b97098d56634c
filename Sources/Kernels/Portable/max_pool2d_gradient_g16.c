#include "gradient_g16.h"

#include "max_pool2d_gradient.h"

void tinysdk_max_pool2d_gradient_g16(const tinysdk_pool2d_args *args, const int16_t *gradient,
                                     const int32_t *gradient_exponent, const uint16_t *argmax,
                                     int16_t *input_gradient, int32_t *input_gradient_exponent) {
  tinysdk_max_pool2d_gradient(args, gradient, gradient_exponent, argmax, input_gradient,
                              input_gradient_exponent);
}
