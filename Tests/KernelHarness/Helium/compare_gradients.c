/* The float variants against their portable twins, to the last bit. */
#include "harness.h"

#include <string.h>

typedef __typeof__(tinysdk_conv2d_1x1_input_gradient_f32) gradient_kernel;

typedef struct {
  const char *name;
  gradient_kernel *portable;
  gradient_kernel *variant;
  int32_t (*portable_scratch)(const tinysdk_conv2d_args *);
  int32_t (*variant_scratch)(const tinysdk_conv2d_args *);
  int32_t (*instructions)(const tinysdk_conv2d_args *);
  int32_t depthwise;
} gradient_test;

static void pointwise_shape(tinysdk_conv2d_args *a) {
  a->in_channels = random_between(1, 40);
  a->out_channels = random_between(1, 40);
  a->in_height = a->out_height = random_between(1, 8);
  a->in_width = a->out_width = random_between(1, 8);
  a->kernel_height = a->kernel_width = a->stride_y = a->stride_x = a->groups = 1;
}

static void depthwise_shape(tinysdk_conv2d_args *a) {
  a->in_channels = a->groups = random_between(1, 5);
  a->out_channels = a->in_channels * (random_between(0, 2) ? 1 : 2);
  a->kernel_height = random_between(1, 7);
  a->kernel_width = random_between(0, 2) ? a->kernel_height : random_between(1, 7);
  a->stride_y = random_between(1, 2);
  a->stride_x = random_between(0, 3) ? a->stride_y : random_between(1, 2);
  a->pad_top = random_between(0, a->kernel_height - 1);
  a->pad_left = random_between(0, a->kernel_width - 1);
  a->in_height = a->kernel_height + random_between(0, 10);
  a->in_width = a->kernel_width + random_between(0, 16);
  a->out_height =
      (a->in_height + a->pad_top + random_between(0, a->kernel_height - 1) - a->kernel_height) / a->stride_y +
      1;
  a->out_width =
      (a->in_width + a->pad_left + random_between(0, a->kernel_width - 1) - a->kernel_width) / a->stride_x +
      1;
}

static int32_t may_overwrite(const tinysdk_conv2d_args *a, int32_t depthwise) {
  return !depthwise || (a->out_channels == a->in_channels && a->stride_y == 1 && a->stride_x == 1 &&
                        a->out_height == a->in_height && a->out_width == a->in_width);
}

/* 1 equal, 0 different, -1 not supported. */
static int32_t gradient_case(const gradient_test *test) {
  tinysdk_conv2d_args a = {.batch = random_between(0, 3) ? 1 : 2, .dilation_y = 1, .dilation_x = 1};
  if (test->depthwise)
    depthwise_shape(&a);
  else
    pointwise_shape(&a);
  a.weight_zero = random_between(0, 7) ? 0 : 3;
  pool_reset();
  uint16_t *const order = pool_take(2 * a.in_channels);
  const int32_t is_split = random_between(0, 2) == 0;
  if (is_split)
    random_split(&a, a.in_channels, order);
  if (test->instructions(&a) < 0)
    return -1;
  const int32_t per =
      (test->depthwise ? a.out_channels / a.in_channels : a.out_channels) * a.kernel_height * a.kernel_width;
  int8_t *const trained = pool_take(a.trained_channels * per);
  int8_t *const frozen = pool_take((a.in_channels - a.trained_channels) * per);
  random_bytes(trained, a.trained_channels * per, -127);
  random_bytes(frozen, (a.in_channels - a.trained_channels) * per, -128);
  const int32_t in = 4 * a.batch * a.out_channels * a.out_height * a.out_width;
  const int32_t out = 4 * a.batch * a.in_channels * a.in_height * a.in_width;
  float *const gradient = pool_take(in), *const expected = pool_take(out);
  float *const result = pool_take(in > out ? in : out);
  random_gradient(gradient, in / 4);
  const int32_t in_place = may_overwrite(&a, test->depthwise) && random_between(0, 1);
  memcpy(result, gradient, (uint32_t)in);
  test->portable(&a, gradient, frozen, is_split ? trained : 0, is_split ? order : 0, expected,
                 pool_take(test->portable_scratch(&a)));
  test->variant(&a, in_place ? result : gradient, frozen, is_split ? trained : 0, is_split ? order : 0,
                result, pool_take(test->variant_scratch(&a)));
  return !memcmp(expected, result, (uint32_t)out) && pool_intact();
}

static int gradient_cases(const gradient_test *test, int32_t count) {
  int32_t equal = 0;
  for (int32_t i = 0; i < count; i++) {
    const int32_t result = gradient_case(test);
    equal += result > 0;
    if (result == 0)
      return report(test->name, equal, 1);
  }
  return report(test->name, equal, 0);
}

static const gradient_test pointwise = {"conv2d_1x1_input_gradient_f32_mve",
                                        tinysdk_conv2d_1x1_input_gradient_f32,
                                        tinysdk_conv2d_1x1_input_gradient_f32_mve,
                                        tinysdk_conv2d_1x1_input_gradient_f32_scratch,
                                        tinysdk_conv2d_1x1_input_gradient_f32_mve_scratch,
                                        tinysdk_conv2d_1x1_input_gradient_f32_mve_instructions,
                                        0};
static const gradient_test depthwise = {"depthwise_input_gradient_f32_mve",
                                        tinysdk_depthwise_input_gradient_f32,
                                        tinysdk_depthwise_input_gradient_f32_mve,
                                        tinysdk_depthwise_input_gradient_f32_scratch,
                                        tinysdk_depthwise_input_gradient_f32_mve_scratch,
                                        tinysdk_depthwise_input_gradient_f32_mve_instructions,
                                        1};

int compare_gradients(void) {
  if (gradient_cases(&depthwise, 300))
    return 1;
  return gradient_cases(&pointwise, 300);
}
