#include "tinysdk_learning.h"

void tinysdk_count_confusion(const tinysdk_confusion_args *args, const int32_t *label,
                             const int32_t *prediction, uint32_t *counts) {
  const int32_t row = label[0], column = prediction[0];
  if (row < 0 || row >= args->classes || column < 0 || column >= args->classes)
    return;
  uint32_t *const count = &counts[row * args->classes + column];
  *count += *count < UINT32_MAX ? 1u : 0u;
}
