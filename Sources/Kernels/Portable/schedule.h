/* Where a step stands in its learning-rate schedule. */
#ifndef TINYSDK_SCHEDULE_H
#define TINYSDK_SCHEDULE_H

#include "tinysdk_kernels.h"

static inline uint32_t tinysdk_is_warming_up(const tinysdk_schedule_args *args, const uint32_t *counter) {
  return counter[0] < (uint32_t)args->warm_up;
}

static inline float tinysdk_warm_up_factor(const tinysdk_schedule_args *args, const uint32_t *counter) {
  return (float)(counter[0] + 1) / (float)args->warm_up;
}

#endif
