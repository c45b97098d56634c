/* Gradients as float32. One of gradient_f32.h, gradient_g16.h and gradient_g8.h comes before a header that is
 * written once for all of them. */
#ifndef TINYSDK_GRADIENT_H
#define TINYSDK_GRADIENT_H

#include <math.h>

typedef float tinysdk_gradient;        /* one element */
typedef float tinysdk_gradient_sum;    /* a sum of products of elements */
typedef float tinysdk_gradient_factor; /* what an element is multiplied by */

static inline float tinysdk_multiply_add(float gradient, float factor, float sum) {
  return fmaf(gradient, factor, sum);
}

/* A sum's value; `unit` matters to integers only. */
static inline float tinysdk_gradient_value(float sum, float unit) {
  (void)unit;
  return sum;
}

#endif
