/* Depthwise convolution of widened rows, four outputs at a time: on Arm written out, so that a strip's sums
 * never leave their registers; elsewhere in C. */
#ifndef TINYSDK_DSP_DEPTHWISE_STRIPS_H
#define TINYSDK_DSP_DEPTHWISE_STRIPS_H

#include "finish.h"

#define TINYSDK_WAY_SUMS 2 /* the sums themselves, as 32 bits */

/* Int8's own range as the clamp, and the mask. */
#define TINYSDK_WAY_MASKED_SINGLE 3
#define TINYSDK_WAY_MASKED_TFLITE 4

/* An output row of a plane that is one band: only the kernel rows that do not lie in the padding. */
typedef struct {
  const uint32_t *input; /* of the first of them, or NULL behind the last output row */
  uintptr_t entry;       /* code that takes so many */
  const uint32_t *weights;
  int32_t back; /* as in tinysdk_strips */
} tinysdk_clipped_row;

/* Whole strips of whole rows. Laid out for depthwise_strips_arm.h, which counts on every offset. */
typedef struct {
  int32_t start[4]; /* what each of the four sums starts from */
  int32_t multiplier;
  int32_t addend;
  int32_t right;
  int32_t way;           /* one of the roundings, or one of the ways above */
  void *output;          /* moves on with every strip */
  void *end;             /* of the output row; moves on with every row */
  int32_t back;          /* bytes of the input: from below the window to the next strip's */
  int32_t row_bytes;     /* of the output */
  int32_t next;          /* bytes of the input: from behind the last strip to the next row's first */
  int32_t rows;          /* still to do */
  const uint32_t *input; /* pairs of halves */
  const uint32_t *weights;
  int32_t pitch; /* bytes of an input row */
  uint8_t *mask;
  const int8_t *base; /* the output element of the mask's first bit */
  /* Clipped rows alone: the table moves on with every row, the others are the current row's. */
  uintptr_t entry;
  const tinysdk_clipped_row *table;
  const uint32_t *row_weights;
  int32_t row_back;
} tinysdk_strips;

/* Stride 1: neighbouring weights (0, 1), (1, 2), (2, 3) ... Stride 2: (0, 1), (2, 3) ... (last, none). `size`
 * and `stride` are constants where this is inlined. */
static inline __attribute__((always_inline)) void tinysdk_pair_rows(const int8_t *weights, int32_t size,
                                                                    int32_t stride, uint32_t *pairs) {
  for (int32_t ky = 0; ky < size; ky++, weights += size) {
#pragma GCC unroll 6
    for (int32_t kx = 0; kx + 1 < size; kx += stride)
      *pairs++ = tinysdk_pack_low((uint32_t)weights[kx], (uint32_t)weights[kx + 1]);
    if (stride == 2)
      *pairs++ = (uint32_t)weights[size - 1] & 0xFFFFu;
  }
}

static inline void tinysdk_pair_weights(const int8_t *weights, int32_t size, int32_t stride,
                                        uint32_t *pairs) {
  if (size == 3)
    stride == 1 ? tinysdk_pair_rows(weights, 3, 1, pairs) : tinysdk_pair_rows(weights, 3, 2, pairs);
  else if (size == 5)
    stride == 1 ? tinysdk_pair_rows(weights, 5, 1, pairs) : tinysdk_pair_rows(weights, 5, 2, pairs);
  else
    stride == 1 ? tinysdk_pair_rows(weights, 7, 1, pairs) : tinysdk_pair_rows(weights, 7, 2, pairs);
}

/* The same under stride 1 of a kernel turned round. */
static inline __attribute__((always_inline)) void tinysdk_pair_turned_rows(const int8_t *weights,
                                                                           int32_t size, uint32_t *pairs) {
  const int8_t *from = weights + size * size - 1;
  for (int32_t ky = 0; ky < size; ky++, from -= size) {
#pragma GCC unroll 6
    for (int32_t kx = 0; kx + 1 < size; kx++)
      *pairs++ = tinysdk_pack_low((uint32_t)from[-kx], (uint32_t)from[-kx - 1]);
  }
}

static inline void tinysdk_pair_turned_weights(const int8_t *weights, int32_t size, uint32_t *pairs) {
  if (size == 3)
    tinysdk_pair_turned_rows(weights, 3, pairs);
  else if (size == 5)
    tinysdk_pair_turned_rows(weights, 5, pairs);
  else
    tinysdk_pair_turned_rows(weights, 7, pairs);
}

#if defined(__ARM_FEATURE_DSP) && defined(__thumb__)
#include "depthwise_strips_arm.h"
#else
#include "depthwise_strips_host.h"
#endif

#endif
