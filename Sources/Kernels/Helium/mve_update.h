/* The update rules of Portable's update.h for four weights or biases at a time. */
#ifndef TINYSDK_MVE_UPDATE_H
#define TINYSDK_MVE_UPDATE_H

#include "mve_float.h"
#include "update.h"

#include <float.h>

/* Subnormal steps would be flushed. */
static inline int32_t tinysdk_mve_step_is_safe(float step) {
  const float magnitude = fabsf(step);
  return magnitude == 0 || (magnitude >= FLT_MIN && magnitude <= FLT_MAX);
}

/* tinysdk_update_with_residual and tinysdk_update_to_nearest for four weights; gradients that are 0 or
 * normal, and a safe step. Flushed products would round to 0 all the same. */
TINYSDK_MVE_FLOAT static inline __attribute__((always_inline)) void
tinysdk_mve_update_weights(tinysdk_f32x4 gradient, float step, mve_pred16_t inside, int8_t *weights,
                           int8_t *residual) {
  const tinysdk_f32x4 wanted = tinysdk_f32x4_scale(gradient, step);
  const int32x4_t own = vldrbq_z_s32(weights, inside);
  if (residual) {
    const int32x4_t change = vminq_s32(
        vmaxq_s32(tinysdk_f32x4_round(tinysdk_f32x4_scale(wanted, 256.0f)), vdupq_n_s32(-(1 << 17))),
        vdupq_n_s32(1 << 17));
    int32x4_t fine = vaddq_s32(vshlq_n_s32(own, 8), vldrbq_z_s32(residual, inside));
    fine = vminq_s32(vmaxq_s32(vsubq_s32(fine, change), vdupq_n_s32(-TINYSDK_WEIGHT_LIMIT * 256)),
                     vdupq_n_s32(TINYSDK_WEIGHT_LIMIT * 256));
    const int32x4_t coarse = vshrq_n_s32(vaddq_n_s32(fine, 128), 8);
    vstrbq_p_s32(weights, coarse, inside);
    vstrbq_p_s32(residual, vsubq_s32(fine, vshlq_n_s32(coarse, 8)), inside);
  } else {
    const int32x4_t change =
        vminq_s32(vmaxq_s32(tinysdk_f32x4_round(wanted), vdupq_n_s32(-512)), vdupq_n_s32(512));
    const int32x4_t next = vminq_s32(vmaxq_s32(vsubq_s32(own, change), vdupq_n_s32(-TINYSDK_WEIGHT_LIMIT)),
                                     vdupq_n_s32(TINYSDK_WEIGHT_LIMIT));
    vstrbq_p_s32(weights, next, inside);
  }
}

/* tinysdk_updated_bias for four channels, likewise. */
TINYSDK_MVE_FLOAT static inline __attribute__((always_inline)) void
tinysdk_mve_update_biases(tinysdk_f32x4 gradient, const float *steps, mve_pred16_t inside, int32_t *bias) {
  const tinysdk_f32x4 wanted = tinysdk_f32x4_multiply(gradient, tinysdk_f32x4_load(steps));
  vstrwq_p_s32(bias, vqsubq_s32(vldrwq_z_s32(bias, inside), tinysdk_f32x4_round(wanted)), inside);
}

/* The steps of `count` channels, at most four; 0 when one is not safe. */
static inline int32_t tinysdk_mve_steps(const float *scale, float rate, int32_t count, float steps[4]) {
  for (int32_t i = 0; i < 4; i++)
    steps[i] = rate * scale[i < count ? i : count - 1];
  const uint32x4_t bits = vreinterpretq_u32_s32(vldrwq_s32((const int32_t *)(const void *)steps));
  /* The bits without the sign, moved up by one: what lies between 0 and the smallest normal number, and what
   * lies beyond the greatest. */
  return vminvq_u32(UINT32_MAX, tinysdk_mve_magnitude_less_one(bits)) >= (1u << 24) - 1 &&
         vmaxvq_u32(0, vaddq_u32(bits, bits)) < TINYSDK_MVE_INFINITY;
}

#endif
