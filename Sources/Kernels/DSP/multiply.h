/* The inner loops of the 1x1 convolution: written out on Arm, because no compiler keeps them in registers. */
#ifndef TINYSDK_DSP_MULTIPLY_H
#define TINYSDK_DSP_MULTIPLY_H

#include "finish.h"

/* A run of output channel pairs for four pixels. */
typedef struct {
  const int8_t *weights;
  int32_t row; /* bytes of a row of weights */
  const uint32_t *columns;
  const uint32_t *end;
  const tinysdk_channel *channels;
  int8_t *output;
  int32_t plane;
  int32_t pairs;   /* at least 1 */
  int32_t advance; /* from behind the columns' last quad in one row to the pair after its own */
} tinysdk_run;

#if defined(__ARM_FEATURE_DSP) && defined(__thumb__)
#include "multiply_arm.h"
#else
#include "multiply_host.h"
#endif

#endif
