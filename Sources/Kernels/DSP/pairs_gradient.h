/* One input channel by sixteen pixels of a float gradient, weights in layout `pairs`. */
#ifndef TINYSDK_DSP_PAIRS_GRADIENT_H
#define TINYSDK_DSP_PAIRS_GRADIENT_H

#include "layout_pairs.h"

#define TINYSDK_PAIRS_PIXELS 16

/* Input channels `channel` ... `last` - 1. `end` lies behind the columns of the last pair of output channels.
 */
typedef struct {
  float *output;
  int32_t row;   /* bytes between rows of weights */
  int32_t plane; /* bytes between channels of the output */
  const float *columns;
  const int8_t *weights;
  int32_t channel;
  const float *end;
  int32_t last;
} tinysdk_gradient_run;

#if defined(__ARM_FEATURE_DSP) && defined(__thumb__) && defined(__ARM_FP)
#include "pairs_gradient_arm.h"
#else
#include "pairs_gradient_host.h"
#endif

#endif
