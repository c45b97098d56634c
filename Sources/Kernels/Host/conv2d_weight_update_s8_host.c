#include "updates.h"
#include "weight_tiles.h"

extern __typeof__(tinysdk_conv2d_weight_update_s8) tinysdk_conv2d_weight_update_s8_host;
int32_t tinysdk_conv2d_weight_update_s8_host_instructions(const tinysdk_conv2d_args *args);

typedef struct {
  const float *scale;
  float rate;
  int8_t *weights;
  int8_t *residual;
} weight_update;

static void apply(void *context, int32_t output, int32_t index, int32_t count, const float *gradients) {
  const weight_update *const update = context;
  host_update_weights(update->rate * update->scale[output], gradients, count, update->weights + index,
                      update->residual ? update->residual + index : NULL);
}

void tinysdk_conv2d_weight_update_s8_host(const tinysdk_conv2d_args *args, const float *gradient,
                                          const int8_t *saved, const uint16_t *order, const float *scale,
                                          const float *rate, int8_t *weights, int8_t *residual) {
  (void)order;
  weight_update update = {scale, rate[0], weights, residual};
  host_each_weight(args, gradient, saved, apply, &update);
}

int32_t tinysdk_conv2d_weight_update_s8_host_instructions(const tinysdk_conv2d_args *args) {
  return host_weight_instructions(args);
}
