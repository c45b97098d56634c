/* The sums of the int8 dense layer, shared by every rounding of it. */
#ifndef TINYSDK_DENSE_H
#define TINYSDK_DENSE_H

#include "tinysdk_kernels.h"

#include <stddef.h>

/* The products of one weight tensor's `count` positions (NULL: 0, 1, ...). */
static inline int32_t tinysdk_dense_products(const tinysdk_dense_args *args, const int8_t *input,
                                             const int8_t *weights, const uint16_t *positions,
                                             int32_t count) {
  int32_t sum = 0;
  if (positions)
    for (int32_t k = 0; k < count; k++)
      sum += (weights[k] - args->weight_zero) * (input[positions[k]] - args->input_zero);
  else
    for (int32_t k = 0; k < count; k++)
      sum += (weights[k] - args->weight_zero) * (input[k] - args->input_zero);
  return sum;
}

/* The sum of products of output o; `input` is one sample. */
static inline int32_t tinysdk_dense_sum(const tinysdk_dense_args *args, const int8_t *input,
                                        const int8_t *weights, const int8_t *trained, const uint16_t *order,
                                        int32_t o) {
  const int32_t learning = args->trained_channels, frozen = args->in_count - learning;
  int32_t sum = 0;
  if (learning > 0)
    sum += tinysdk_dense_products(args, input, trained + o * learning, order, learning);
  if (frozen > 0)
    sum += tinysdk_dense_products(args, input, weights + o * frozen, order ? order + learning : NULL, frozen);
  return sum;
}

#endif
