/* Depthwise kernels over planes of at most sixteen elements: one side's plane stays in registers, a lane for
 * each element, and every element of the other side gathers the weights by which it meets them. */
#ifndef TINYSDK_MVE_MEETING_H
#define TINYSDK_MVE_MEETING_H

#include "convolution.h"
#include "mve.h"

/* Lanes, and bytes of the table for each element. */
#define TINYSDK_MVE_SMALL 16

/* Taps of a kernel, one place of them free for a zero. */
#define TINYSDK_MVE_TAPS 64

/* Along one axis, element e meets lane i by tap first + e * step + i * lane_step. */
typedef struct {
  int32_t size; /* elements */
  int32_t lanes;
  int32_t taps;
  int32_t first;
  int32_t step;
  int32_t lane_step;
} tinysdk_mve_axis;

/* What element e takes from each lane: a tap times `unit`, or 255 where none meets it. Lane i's position
 * along the axis is i / divisor % lanes. */
static inline void tinysdk_mve_meet(const tinysdk_mve_axis *axis, int32_t e, int32_t divisor, int32_t unit,
                                    int32_t all, uint8_t *to) {
  for (int32_t i = 0; i < TINYSDK_MVE_SMALL; i++) {
    const int32_t tap = axis->first + e * axis->step + i / divisor % axis->lanes * axis->lane_step;
    to[i] = (uint8_t)(i < all && tap >= 0 && tap < axis->taps ? tap * unit : 255);
  }
}

/* For every element, where the weights lie that meet the sixteen lanes; a zero lies past the last one. The
 * first row of the table holds what the columns take until it is its turn. */
static __attribute__((noinline)) void tinysdk_mve_meeting_places(const tinysdk_mve_axis *y,
                                                                 const tinysdk_mve_axis *x, uint8_t *table) {
  const int32_t all = y->lanes * x->lanes;
  const uint8x16_t none = vdupq_n_u8((uint8_t)(y->taps * x->taps));
  for (int32_t e = 0; e < x->size; e++)
    tinysdk_mve_meet(x, e, 1, 1, all, table + e * TINYSDK_MVE_SMALL);
  for (int32_t row = y->size - 1; row >= 0; row--) {
    uint8_t taps[TINYSDK_MVE_SMALL];
    tinysdk_mve_meet(y, row, x->lanes, x->taps, all, taps);
    const uint8x16_t from = vldrbq_u8(taps);
    for (int32_t e = 0; e < x->size; e++)
      vstrbq_u8(table + (row * x->size + e) * TINYSDK_MVE_SMALL,
                vminq_u8(vqaddq_u8(from, vldrbq_u8(table + e * TINYSDK_MVE_SMALL)), none));
  }
}

static inline void tinysdk_mve_copy_weights(const int8_t *weights, int32_t taps, int8_t *to) {
  for (; taps > 0; taps -= 16, weights += 16, to += 16) {
    const mve_pred16_t some = vctp8q((uint32_t)taps);
    vstrbq_p_s8(to, vldrbq_z_s8(weights, some), some);
  }
}

#endif
