/* What the planner asks: about how many instructions a call takes, and whether it is served at all. */
#ifndef TINYSDK_DSP_INSTRUCTIONS_H
#define TINYSDK_DSP_INSTRUCTIONS_H

#include "../Portable/convolution.h"

/* Zero-free weights, and sums of `taps` products that stay well inside 32 bits. */
static inline int32_t tinysdk_is_packable(const tinysdk_conv2d_args *args, int64_t taps) {
  return args->weight_zero == 0 && taps * 255 * 128 < 1 << 29;
}

static inline int32_t tinysdk_instruction_count(int64_t count) {
  return (int32_t)(count > INT32_MAX ? INT32_MAX : count);
}

#endif
