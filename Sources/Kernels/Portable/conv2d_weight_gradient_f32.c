#include "gradient_f32.h"

#include "weight_gradient.h"

static void store(void *context, int32_t output, int32_t index, float gradient) {
  float *const weight_gradient = context;
  (void)output;
  weight_gradient[index] = gradient;
}

void tinysdk_conv2d_weight_gradient_f32(const tinysdk_conv2d_args *args, const float *gradient,
                                        const int8_t *saved, const uint16_t *order, float *weight_gradient) {
  tinysdk_each_weight_gradient(args, gradient, saved, order, store, weight_gradient);
}
