/* Depthwise convolution of widened rows, four outputs at a time: on Arm written out, so that a strip's sums
 * never leave their registers; elsewhere in C. */
#ifndef TINYSDK_DSP_DEPTHWISE_STRIPS_H
#define TINYSDK_DSP_DEPTHWISE_STRIPS_H

#include "finish.h"

#define TINYSDK_WAY_SUMS 2 /* the sums themselves, as 32 bits */

/* Whole strips of whole rows. Laid out for depthwise_strips_arm.h, which counts on every offset. */
typedef struct {
  int32_t start[4]; /* what each of the four sums starts from */
  int32_t multiplier;
  int32_t addend;
  int32_t right;
  int32_t way;           /* one of the roundings, or TINYSDK_WAY_SUMS */
  void *output;          /* moves on with every strip */
  void *end;             /* of the output row; moves on with every row */
  int32_t back;          /* bytes of the input: from below the window to the next strip's */
  int32_t row_bytes;     /* of the output */
  int32_t next;          /* bytes of the input: from behind the last strip to the next row's first */
  int32_t rows;          /* still to do */
  const uint32_t *input; /* pairs of halves */
  const uint32_t *weights;
  int32_t pitch; /* bytes of an input row */
} tinysdk_strips;

static inline uint32_t tinysdk_weight_pair(int32_t low, int32_t high) {
  return ((uint32_t)low & 0xFFFFu) | (uint32_t)high << 16;
}

/* Stride 1: neighbouring weights (0, 1), (1, 2), (2, 3) ... Stride 2: (0, 1), (2, 3) ... (last, none). */
static inline void tinysdk_pair_weights(const int8_t *weights, int32_t size, int32_t stride,
                                        uint32_t *pairs) {
  for (int32_t ky = 0; ky < size; ky++, weights += size) {
    for (int32_t kx = 0; kx + 1 < size; kx += stride)
      *pairs++ = tinysdk_weight_pair(weights[kx], weights[kx + 1]);
    if (stride == 2)
      *pairs++ = tinysdk_weight_pair(weights[size - 1], 0);
  }
}

#if defined(__ARM_FEATURE_DSP) && defined(__thumb__)
#include "depthwise_strips_arm.h"
#else
#include "depthwise_strips_host.h"
#endif

#endif
