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

/* Rows of one tensor. */
typedef struct {
  const int8_t *weights;
  int32_t row;
  const uint32_t *end; /* of their columns */
} tinysdk_rows;

/* The same where a pair's rows lie in one or two tensors, perhaps with a mask whose nibbles do not cross
 * bytes. Laid out for the assembly. */
typedef struct {
  tinysdk_rows first;
  tinysdk_rows second; /* may be empty: it ends where the first one ends */
  const uint32_t *columns;
  const tinysdk_channel *channels;
  int8_t *output;
  int32_t plane;
  int32_t pairs;
  uint8_t *mask;      /* or NULL */
  const int8_t *base; /* the output element of the mask's first bit */
} tinysdk_split_run;

#if defined(__ARM_FEATURE_DSP) && defined(__thumb__)
#include "multiply_arm.h"
#else
#include "multiply_host.h"
#endif

#endif
