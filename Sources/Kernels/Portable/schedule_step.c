#include "schedule.h"

static float power(float base, uint32_t exponent) {
  float result = 1.0f;
  for (; exponent; exponent >>= 1) {
    if (exponent & 1)
      result *= base;
    base *= base;
  }
  return result;
}

void tinysdk_schedule_step(const tinysdk_schedule_args *args, const float *rate, const uint32_t *counter,
                           float *scheduled) {
  const float factor =
      tinysdk_is_warming_up(args, counter)
          ? tinysdk_warm_up_factor(args, counter)
          : power(args->factor, (counter[0] - (uint32_t)args->warm_up) / (uint32_t)args->every);
  scheduled[0] = rate[0] * factor;
}
