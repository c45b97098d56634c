#include "gradient_g8.h"

#include "average_pool2d_gradient.h"

void tinysdk_average_pool2d_gradient_g8(const tinysdk_average_pool2d_gradient_args *args,
                                        const int8_t *gradient, const int32_t *gradient_exponent,
                                        int8_t *input_gradient, int32_t *input_gradient_exponent) {
  tinysdk_average_pool2d_gradient(args, gradient, gradient_exponent, input_gradient, input_gradient_exponent);
}
