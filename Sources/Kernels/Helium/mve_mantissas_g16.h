/* Neighbouring int16 mantissas as wider lanes. */
#ifndef TINYSDK_MVE_MANTISSAS_H
#define TINYSDK_MVE_MANTISSAS_H

#include "gradient_g16.h"
#include "mve_lanes_s16.h"

static inline int32x4_t tinysdk_mve_mantissas(const tinysdk_gradient *from, mve_pred16_t some) {
  return vldrhq_z_s32(from, some);
}

static inline void tinysdk_mve_store_mantissas(tinysdk_gradient *to, int32x4_t values, mve_pred16_t some) {
  vstrhq_p_s32(to, values, some);
}

/* Eight as 16-bit lanes; 0 where `some` does not hold. */
static inline int16x8_t tinysdk_mve_eight_mantissas(const tinysdk_gradient *from, mve_pred16_t some) {
  return vldrhq_z_s16(from, some);
}

static inline void tinysdk_mve_store_eight(tinysdk_gradient *to, int16x8_t values) {
  vstrhq_s16(to, values);
}

#endif
