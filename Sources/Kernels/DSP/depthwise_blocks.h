/* Depthwise 3x3 convolution, stride 1, two rows of four outputs at a time. On Arm written out; elsewhere in
 * C.
 *
 * A band of widened rows lies strip by strip: for each four columns, for each row, six inputs as three words,
 * so that loads with write-back walk down a strip. Inputs keep their zero point (padding is the zero point,
 * and the start value takes it out again).
 *
 * single: inputs are times 2^8 and weights times 2^(8 - right), so that every channel shifts by 16, which
 * PKHTB does for two values at once. tflite: weights are doubled. Values come with 128 on top, for USAT16. */
#ifndef TINYSDK_DSP_DEPTHWISE_BLOCKS_H
#define TINYSDK_DSP_DEPTHWISE_BLOCKS_H

#include "../Portable/convolution.h"
#include "finish.h"

#define TINYSDK_BAND_ROWS 8

/* Words of a strip in the band, and of a row in it. */
#define TINYSDK_STRIP_WORDS 30
#define TINYSDK_STRIP_ROW 3

/* Pairs of rows of one channel in a band. Laid out for depthwise_blocks_arm.h, which counts on every offset.
 */
typedef struct {
  uint32_t weights[6]; /* (0, 1), (1, 2) of each kernel row; stride 2: (0, 2), (1, 1) */
  int32_t start;
  int32_t multiplier;
  int32_t addend;
  int32_t right; /* tflite */
  int8_t *output;
  int32_t row_bytes; /* of the output */
  int8_t *end;       /* of the strip's outputs: the row below its last one */
  int32_t strips;
  int32_t skip;   /* bytes from the band's second last row to the next strip */
  int32_t column; /* bytes of the output rows of a band */
  uint8_t *mask;  /* or NULL */
  int8_t *base;   /* the output element of the mask's first bit */
  const uint32_t *input;
} tinysdk_blocks;

#if defined(__ARM_FEATURE_DSP) && defined(__thumb__)
#include "depthwise_blocks_arm.h"
#else
#include "depthwise_blocks_host.h"
#endif

/* Weights and constants; 0 if the channel does not fit the bounds. */
static inline int32_t tinysdk_set_blocks(tinysdk_blocks *blocks, const tinysdk_channel *channel,
                                         const int8_t *weights, int32_t rounding, int32_t input_zero,
                                         int32_t stride) {
  const int32_t single = rounding == TINYSDK_ROUNDING_SINGLE, right = channel->right;
  const int32_t start = right < 0 ? 0 : channel->start, most = (start < 0 ? -start : start) + 9 * 255 * 128;
  int32_t up = single ? 8 - right : 1, sum = 0;
  if (channel->multiplier == 0 && right >= 0)
    up = 0;
  else if (right < 0 || (single && (right < 4 || right > 8)) || most >> right >= (single ? 32768 : 8192))
    return 0;
  for (int32_t ky = 0; ky < 3; ky++, weights += 3) {
    const int32_t a = weights[0] * (1 << up), b = weights[1] * (1 << up), c = weights[2] * (1 << up);
    sum += weights[0] + weights[1] + weights[2];
    blocks->weights[2 * ky] = tinysdk_pack_low((uint32_t)a, (uint32_t)(stride == 1 ? b : c));
    blocks->weights[2 * ky + 1] = tinysdk_pack_low((uint32_t)b, (uint32_t)(stride == 1 ? c : b));
  }
  blocks->start = (int32_t)((uint32_t)(start - input_zero * sum) << (single ? up + 8 : up));
  blocks->multiplier = channel->multiplier;
  blocks->right = right;
  blocks->addend = channel->addend + (128 << right);
  if (single)
    blocks->addend = channel->multiplier == 0 ? (int32_t)((uint32_t)(blocks->addend >> right) << 16)
                                              : blocks->addend * (1 << (16 - right));
  return 1;
}

#endif
