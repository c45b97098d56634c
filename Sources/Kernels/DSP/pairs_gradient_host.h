/* What the routine of pairs_gradient_arm.h computes. */
#ifndef TINYSDK_DSP_PAIRS_GRADIENT_HOST_H
#define TINYSDK_DSP_PAIRS_GRADIENT_HOST_H

#include <math.h>
#include <string.h>

static inline void tinysdk_run_gradient(const tinysdk_gradient_run *run) {
  char *output = (char *)run->output;
  for (int32_t c = run->channel; c < run->last; c++, output += run->plane) {
    const int8_t *pair = run->weights + tinysdk_pair_place(c);
    float sums[TINYSDK_PAIRS_PIXELS] = {0};
    for (const float *from = run->columns; from < run->end; pair += run->row) {
      const int32_t weights[2] = {pair[0], pair[1] + (pair[0] < 0)};
      for (int32_t i = 0; i < 2; i++, from += TINYSDK_PAIRS_PIXELS)
        for (int32_t p = 0; p < TINYSDK_PAIRS_PIXELS; p++)
          sums[p] = fmaf((float)weights[i], from[p], sums[p]);
    }
    memcpy(output, sums, sizeof(sums));
  }
}

#endif
