/* Shared by the equality tests and the counts: random arguments and data. */
#ifndef HARNESS_H
#define HARNESS_H

#include "device.h"
#include "tinysdk_kernels.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t harness_state = 2463534242u;

static inline uint32_t harness_random(void) {
  harness_state ^= harness_state << 13;
  harness_state ^= harness_state >> 17;
  harness_state ^= harness_state << 5;
  return harness_state;
}

/* In [low, high]. */
static inline int32_t harness_between(int32_t low, int32_t high) {
  return low + (int32_t)(harness_random() % (uint32_t)(high - low + 1));
}

static inline void harness_fill_bytes(int8_t *bytes, int32_t count, int32_t low, int32_t high) {
  for (int32_t i = 0; i < count; i++)
    bytes[i] = (int8_t)harness_between(low, high);
}

static inline void harness_fill_floats(float *values, int32_t count) {
  for (int32_t i = 0; i < count; i++)
    values[i] = (float)harness_between(-1000000, 1000000) / 65536.0f;
}

/* Shapes of a layer from its own settings. */
static inline void harness_set_output(tinysdk_conv2d_args *a) {
  a->out_height =
      (a->in_height + 2 * a->pad_top - (a->kernel_height - 1) * a->dilation_y - 1) / a->stride_y + 1;
  a->out_width =
      (a->in_width + 2 * a->pad_left - (a->kernel_width - 1) * a->dilation_x - 1) / a->stride_x + 1;
}

#endif
