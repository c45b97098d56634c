/* Whole planes of mantissas to be multiplied by factors, in place. */
#ifndef TINYSDK_DSP_SCALE_RUN_H
#define TINYSDK_DSP_SCALE_RUN_H

#include "narrow_four.h"

#include <stddef.h>

/* The assembly of scale_planes_g8_arm.h and scale_planes_g16_arm.h counts on every offset. */
typedef struct {
  tinysdk_gradient *elements; /* of the first plane; a multiple of eight each */
  const uint8_t *mask;
  uint32_t even; /* of elements that are zero, what becomes their level */
  uint32_t odd;
  uint32_t limits; /* in every mantissa */
  uint32_t most;   /* twice the limit, in halves */
  const uint32_t *passing;
  const int16_t *factor;
  int32_t shift; /* int8: of factors to the left; int16: of sums to the right */
  int32_t plane;
  int32_t planes;
  int32_t sure; /* int8: what smaller factors make fits */
  const tinysdk_gradient *last;
} tinysdk_scale_run;

#endif
