#include "update.h"
#include "weight_gradient.h"

typedef struct {
  const float *scale;
  float rate;
  int8_t *weights;
  int8_t *residual;
} weight_update;

static void apply(void *context, int32_t output, int32_t index, float gradient) {
  const weight_update *const update = context;
  tinysdk_update_weight(update->rate * update->scale[output], gradient, index, update->weights,
                        update->residual);
}

void tinysdk_conv2d_weight_update_s8(const tinysdk_conv2d_args *args, const float *gradient,
                                     const int8_t *saved, const uint16_t *order, const float *scale,
                                     const float *rate, int8_t *weights, int8_t *residual) {
  weight_update update = {scale, rate[0], weights, residual};
  tinysdk_each_weight_gradient(args, gradient, saved, order, apply, &update);
}
