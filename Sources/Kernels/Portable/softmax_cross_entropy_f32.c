#include "tinysdk_kernels.h"
#include "tinysdk_math.h"

/* One sample: returns its loss, leaves its gradient. */
static float cross_entropy(const tinysdk_loss_args *args, const float *logits, int32_t label,
                           float *gradient) {
  float largest = logits[0], sum = 0.0f;
  for (int32_t i = 1; i < args->classes; i++)
    largest = logits[i] > largest ? logits[i] : largest;
  const float wanted = logits[label] - largest;
  for (int32_t i = 0; i < args->classes; i++) {
    gradient[i] = tinysdk_expf(logits[i] - largest);
    sum += gradient[i];
  }
  for (int32_t i = 0; i < args->classes; i++)
    gradient[i] = (gradient[i] / sum - (i == label ? 1.0f : 0.0f)) / (float)args->batch;
  return tinysdk_logf(sum) - wanted;
}

void tinysdk_softmax_cross_entropy_f32(const tinysdk_loss_args *args, const float *logits,
                                       const int32_t *label, float *loss, float *gradient) {
  float sum = 0.0f;
  for (int32_t b = 0; b < args->batch; b++)
    sum += cross_entropy(args, logits + b * args->classes, label[b], gradient + b * args->classes);
  loss[0] = sum / (float)args->batch;
}
