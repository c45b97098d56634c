/* Residual additions of four elements at a time where one input needs no rounding at all (TFLite's larger
 * scale: half, exactly): on Arm written out; elsewhere in C.
 *
 * With d = value - zero, SMLAW of the multiplier and 128 d gives floor(d * multiplier / 2^9), a power of two
 * too large, so that adding a half and shifting gives the one rounding: floors nest. TFLite's two roundings
 * (left shift 20) are two halves and one shift, and four less for a negative d, whose half leads away from
 * zero. */
#ifndef TINYSDK_DSP_ADD_FOURS_H
#define TINYSDK_DSP_ADD_FOURS_H

#include "finish.h"

/* Laid out for add_fours_arm.h, which counts on every offset. */
typedef struct {
  uint32_t high_bytes;  /* 0xFF00FF00 */
  uint32_t zero;        /* of the rounded input: 256 times, in both halves */
  int32_t multiplier;   /* of the rounded input */
  int32_t half;         /* of the rounded input's roundings */
  uint32_t exact_zero;  /* of the exact input */
  int32_t right;        /* of the rounded input */
  int32_t exact_factor; /* of 128 d */
  int32_t out_multiplier;
  int32_t out_addend;
  int32_t out_right;
  uint8_t *mask; /* or NULL */
  const int8_t *base;
  const int8_t *end; /* of the output */
} tinysdk_add_constants;

#if defined(__ARM_FEATURE_DSP) && defined(__thumb__)
#include "add_fours_arm.h"
#else
#include "add_fours_host.h"
#endif

#endif
