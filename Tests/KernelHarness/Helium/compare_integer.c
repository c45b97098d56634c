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

static int32_t windows(int32_t in, int32_t pad, int32_t kernel, int32_t stride) {
  return (in + pad + random_between(0, kernel - 1) - kernel) / stride + 1;
}

static void integer_depthwise(tinysdk_conv2d_args *a) {
  const int32_t most = random_between(0, 1) ? 4 : 16;
  a->in_channels = a->groups = random_between(1, 5);
  a->out_channels = a->in_channels * (random_between(0, 9) ? 1 : 2);
  a->kernel_height = random_between(1, 7);
  a->kernel_width = random_between(0, 2) ? a->kernel_height : random_between(1, 7);
  a->stride_y = random_between(1, 2);
  a->stride_x = random_between(0, 3) ? a->stride_y : random_between(1, 3);
  a->pad_top = random_between(0, a->kernel_height - 1);
  a->pad_left = random_between(0, a->kernel_width - 1);
  a->in_height = a->kernel_height - a->pad_top + random_between(0, most);
  a->in_width = a->kernel_width - a->pad_left + random_between(0, most);
  a->out_height = windows(a->in_height, a->pad_top, a->kernel_height, a->stride_y);
  a->out_width = windows(a->in_width, a->pad_left, a->kernel_width, a->stride_x);
  if (random_between(0, 2) == 0) { /* of one size, as where it works in place */
    a->kernel_height = a->kernel_width = 2 * random_between(0, 3) + 1;
    a->pad_top = a->pad_left = a->kernel_height / 2;
    a->stride_y = a->stride_x = 1;
    a->out_height = a->in_height;
    a->out_width = a->in_width;
  }
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
  int32_t equal = 0;
  for (int32_t i = 0; i < count; i++) {
    const int result = one();
    equal += result > 0;
    if (result == 0)
      return report(name, equal, 1);
  }
  return report(name, equal, 0);
}

#define CASES(name, one, count)                                                                              \
  (cases(name "_g16_mve", one##_g16, count) || cases(name "_g8_mve", one##_g8, count))

int compare_integer(void) {
  return CASES("conv2d_1x1_input_gradient", pointwise_case, 300) ||
         CASES("depthwise_input_gradient", depthwise_case, 500) || CASES("scale", scale_case, 400) ||
         CASES("accumulate", accumulate_case, 300) || CASES("conv2d_weight_update_s8", weight_case, 400) ||
         CASES("conv2d_bias_update_s32", bias_case, 300) || CASES("average_pool2d_gradient", pool_case, 300);
}
