/* The kernels of integer gradients against their portable twins, to the last bit. */
#include "harness.h"

#include <string.h>

#define JOIN_EXPANDED(a, b, c) a##b##c
#define JOIN(a, b, c) JOIN_EXPANDED(a, b, c)
/* A name of this width: stem_g16 and then the rest. */
#define NAME(stem, rest) JOIN(stem##_g, BITS, rest)
#define MANTISSA JOIN(int, BITS, _t)

typedef __typeof__(tinysdk_conv2d_s8_scratch) scratch_size;

static tinysdk_conv2d_args integer_pointwise(int32_t channels) {
  const int32_t height = random_between(1, 9), width = random_between(1, 9);
  const int32_t most = random_between(0, 9) ? channels : 5 * channels;
  const tinysdk_conv2d_args args = {.batch = random_between(0, 3) ? 1 : 2,
                                    .in_channels = random_between(1, most),
                                    .in_height = height,
                                    .in_width = width,
                                    .out_channels = random_between(1, most),
                                    .out_height = height,
                                    .out_width = width,
                                    .kernel_height = 1,
                                    .kernel_width = 1,
                                    .stride_y = 1,
                                    .stride_x = 1,
                                    .dilation_y = 1,
                                    .dilation_x = 1,
                                    .groups = 1,
                                    .input_zero = random_between(-128, 127)};
  return args;
}

static void integer_scales(float *scale, int32_t count) {
  const int32_t kind = random_between(0, 7);
  const float size = kind == 0 ? 1e-38f : kind == 1 ? 1e-20f : kind == 2 ? 1e20f : kind < 5 ? 1e3f : 1.0f;
  for (int32_t i = 0; i < count; i++)
    scale[i] = random_float() * size;
}

/* One set of tests for each width of a mantissa. */
#define BITS 16
#include "compare_integer.h"
#undef BITS
#define BITS 8
#include "compare_integer.h"

static int cases(const char *name, int (*one)(void), int32_t count) {
  for (int32_t i = 0; i < count; i++)
    if (!one())
      return report(name, i, 1);
  return report(name, count, 0);
}

#define CASES(name, one, count)                                                                              \
  (cases(name "_g16_mve", one##_g16, count) || cases(name "_g8_mve", one##_g8, count))

int compare_integer(void) {
  return CASES("conv2d_1x1_input_gradient", pointwise_case, 300) || CASES("scale", scale_case, 400) ||
         CASES("accumulate", accumulate_case, 300) || CASES("conv2d_weight_update_s8", weight_case, 400) ||
         CASES("conv2d_bias_update_s32", bias_case, 300);
}
