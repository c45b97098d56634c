#include "schedule.h"

void tinysdk_schedule_constant(const tinysdk_schedule_args *args, const float *rate, const uint32_t *counter,
                               float *scheduled) {
  const float factor = tinysdk_is_warming_up(args, counter) ? tinysdk_warm_up_factor(args, counter) : 1.0f;
  scheduled[0] = rate[0] * factor;
}
