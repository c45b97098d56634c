#include "gradient_g16.h"

#include "weight_gradient.h"

typedef struct {
  float *weight_gradient;
  float unit;
} destination;

static void store(void *context, int32_t output, int32_t index, int32_t gradient) {
  const destination *const to = context;
  (void)output;
  to->weight_gradient[index] = tinysdk_gradient_value(gradient, to->unit);
}

void tinysdk_conv2d_weight_gradient_g16(const tinysdk_conv2d_args *args, const int16_t *gradient,
                                        const int32_t *gradient_exponent, const int8_t *saved,
                                        const uint16_t *order, float *weight_gradient) {
  destination to = {weight_gradient, tinysdk_power_of_two(gradient_exponent[0])};
  tinysdk_each_weight_gradient(args, gradient, saved, order, store, &to);
}
