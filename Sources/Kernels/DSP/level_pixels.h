/* Two input channels of an integer gradient by groups of four pixels, which leave as mantissas; four_g16.h or
 * four_g8.h comes first. The sums start from what their levels start from. */
#ifndef TINYSDK_DSP_LEVEL_PIXELS_RUN_H
#define TINYSDK_DSP_LEVEL_PIXELS_RUN_H

#include "narrow_four.h"
#include "pixel_sums.h"

/* The assembly of level_pixels_arm.h counts on every offset. */
typedef struct {
  uint32_t starts[8]; /* even and odd, four times */
  uint32_t limits;
  int32_t shift;
  tinysdk_gradient *to;
  int32_t distance; /* of the second channel, in bytes */
  const tinysdk_gradient *last;
} tinysdk_level_pixels_run;

#endif
