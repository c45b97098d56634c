#include "schedule.h"

#include <math.h>

/* (1 + cos(pi n / total)) / 2 = (1 - sin(pi u)) / 2 with u = n / total - 1/2. */
static float descent(uint32_t n, uint32_t total) {
  if (n >= total)
    return 0.0f;
  const float u = (float)n / (float)total - 0.5f, v = u * u;
  float sum = 0x1.3de766p-4f;
  sum = fmaf(sum, v, -0x1.3250fep-1f);
  sum = fmaf(sum, v, 0x1.4668ep+1f);
  sum = fmaf(sum, v, -0x1.4abbc2p+2f);
  sum = fmaf(sum, v, 0x1.921fb6p+1f);
  const float factor = fmaf(-0.5f, u * sum, 0.5f);
  return factor > 0.0f ? factor : 0.0f;
}

void tinysdk_schedule_cosine(const tinysdk_schedule_args *args, const float *rate, const uint32_t *counter,
                             float *scheduled) {
  const uint32_t warm_up = (uint32_t)args->warm_up;
  const float factor = tinysdk_is_warming_up(args, counter)
                           ? tinysdk_warm_up_factor(args, counter)
                           : descent(counter[0] - warm_up, (uint32_t)args->steps - warm_up);
  scheduled[0] = rate[0] * factor;
}
