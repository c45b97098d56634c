/* Eight (or four) neighbouring elements of one row of a depthwise input gradient: on an Arm floating-point
 * unit written out, so that sums, weights and gradients stay in its registers; elsewhere in C. */
#ifndef TINYSDK_DSP_GRADIENT_STRIP_H
#define TINYSDK_DSP_GRADIENT_STRIP_H

#include <stdint.h>

/* Constants of a layer. Under stride 2, elements alternate between the even and the odd kernel columns;
 * `odd`: the first one of a row takes the odd ones, as padding is odd. */
typedef struct {
  int32_t width; /* of the kernel: 3, 5 or 7 */
  int32_t stride;
  int32_t odd;
  int32_t count; /* elements at once; 4 under stride 1 only */
} tinysdk_strip_kind;

typedef struct {
  const float *zeros; /* eight */
  int32_t pitch;      /* bytes from one row of gradients to the next */
} tinysdk_gradient_strips;

#if defined(__ARM_FEATURE_DSP) && defined(__thumb__) && defined(__ARM_FP)
#include "gradient_strip_arm.h"
#else
#include "gradient_strip_host.h"
#endif

#endif
