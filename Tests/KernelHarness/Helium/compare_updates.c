/* The other kernels of a training step against their portable twins, to the last bit. */
#include "harness.h"

#include <string.h>

static void random_factors(float *factors, int32_t count) {
  const int32_t kind = random_between(0, 7);
  const float scale = kind == 0 ? 1e-38f : kind == 1 ? 1e-20f : kind == 2 ? 1e20f : kind < 5 ? 1e3f : 1.0f;
  for (int32_t i = 0; i < count; i++)
    factors[i] = random_float() * scale;
}

static tinysdk_conv2d_args pointwise(void) {
  const int32_t height = random_between(1, 8), width = random_between(1, 8);
  const tinysdk_conv2d_args args = {.batch = random_between(0, 3) ? 1 : 2,
                                    .in_channels = random_between(1, 20),
                                    .in_height = height,
                                    .in_width = width,
                                    .out_channels = random_between(1, 20),
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

static int weight_case(void) {
  tinysdk_conv2d_args a = pointwise();
  pool_reset();
  const int32_t own = random_between(1, a.in_channels), plane = a.in_height * a.in_width;
  a.trained_channels = own == a.in_channels ? 0 : own;
  const int32_t gradients = a.batch * a.out_channels * plane, weights = own * a.out_channels;
  float *const gradient = pool_take(4 * gradients), *const scale = pool_take(4 * a.out_channels);
  int8_t *const saved = pool_take(a.batch * own * plane);
  int8_t *const expected = pool_take(weights), *const result = pool_take(weights);
  int8_t *const rest = pool_take(weights), *const other = pool_take(weights);
  float rate[1] = {random_between(0, 7) ? 0.03f : 1e-30f};
  random_gradient(gradient, gradients);
  random_factors(scale, a.out_channels);
  random_bytes(saved, a.batch * own * plane, -128);
  random_bytes(expected, weights, -127);
  random_bytes(rest, weights, -128);
  memcpy(result, expected, (uint32_t)weights);
  memcpy(other, rest, (uint32_t)weights);
  const int32_t fine = random_between(0, 2) != 0;
  tinysdk_conv2d_weight_update_s8(&a, gradient, saved, 0, scale, rate, expected, fine ? rest : 0);
  tinysdk_conv2d_weight_update_s8_mve(&a, gradient, saved, 0, scale, rate, result, fine ? other : 0);
  return !memcmp(expected, result, (uint32_t)weights) && !memcmp(rest, other, (uint32_t)weights) &&
         pool_intact();
}

static int bias_case(void) {
  const tinysdk_conv2d_args a = pointwise();
  pool_reset();
  const int32_t gradients = a.batch * a.out_channels * a.in_height * a.in_width;
  float *const gradient = pool_take(4 * gradients), *const scale = pool_take(4 * a.out_channels);
  int32_t *const expected = pool_take(4 * a.out_channels), *const result = pool_take(4 * a.out_channels);
  const float rate[1] = {100.0f};
  random_gradient(gradient, gradients);
  random_factors(scale, a.out_channels);
  for (int32_t o = 0; o < a.out_channels; o++)
    expected[o] = result[o] = (int32_t)random_bits();
  tinysdk_conv2d_bias_update_s32(&a, gradient, scale, rate, expected);
  tinysdk_conv2d_bias_update_s32_mve(&a, gradient, scale, rate, result);
  return !memcmp(expected, result, 4 * (uint32_t)a.out_channels) && pool_intact();
}

static int scale_case(void) {
  const tinysdk_planes_args a = {random_between(1, 2), random_between(1, 10), 16 * random_between(1, 5)};
  pool_reset();
  const int32_t count = a.batch * a.channels * a.plane;
  float *const input = pool_take(4 * count), *const factors = pool_take(4 * a.channels);
  float *const expected = pool_take(4 * count), *const result = pool_take(4 * count);
  uint8_t *const mask = pool_take(count / 8);
  random_gradient(input, count);
  random_factors(factors, a.channels);
  random_bytes((int8_t *)mask, count / 8, -128);
  const int32_t in_place = random_between(0, 1), masked = random_between(0, 2) != 0;
  memcpy(result, input, 4 * (uint32_t)count);
  tinysdk_scale_f32(&a, input, masked ? mask : 0, factors, expected);
  tinysdk_scale_f32_mve(&a, in_place ? result : input, masked ? mask : 0, factors, result);
  return !memcmp(expected, result, 4 * (uint32_t)count) && pool_intact();
}

static int pool_case(void) {
  const int32_t height = random_between(1, 9), width = random_between(1, 9);
  const tinysdk_pool2d_args a = {.batch = random_between(1, 2),
                                 .channels = random_between(1, 30),
                                 .in_height = height,
                                 .in_width = width,
                                 .out_height = 1,
                                 .out_width = 1,
                                 .kernel_height = height,
                                 .kernel_width = width,
                                 .stride_y = height,
                                 .stride_x = width,
                                 .dilation_y = 1,
                                 .dilation_x = 1,
                                 .zero = random_between(-128, 127),
                                 .count_padding = random_between(0, 1),
                                 .clamp_min = random_between(-128, 0),
                                 .clamp_max = random_between(0, 127)};
  pool_reset();
  const int32_t outputs = a.batch * a.channels;
  int8_t *const input = pool_take(outputs * height * width);
  int8_t *const expected = pool_take(outputs), *const result = pool_take(outputs);
  uint8_t *const mask = pool_take(outputs), *const other = pool_take(outputs);
  random_bytes(input, outputs * height * width, -128);
  memset(mask, 0, (uint32_t)outputs);
  memset(other, 0, (uint32_t)outputs);
  const int32_t masked = random_between(0, 1);
  tinysdk_average_pool2d_s8(&a, input, expected, masked ? mask : 0);
  tinysdk_average_pool2d_s8_mve(&a, input, result, masked ? other : 0);
  return !memcmp(expected, result, (uint32_t)outputs) && !memcmp(mask, other, (uint32_t)outputs) &&
         pool_intact();
}

/* Windows that lie inside, that reach past the image, and that lie wholly outside. */
static tinysdk_pool2d_args max_pool_shape(void) {
  tinysdk_pool2d_args a = {.batch = random_between(1, 2),
                           .channels = random_between(1, 5),
                           .kernel_height = random_between(1, 4),
                           .kernel_width = random_between(1, 4),
                           .stride_y = random_between(1, 3),
                           .stride_x = random_between(0, 9) ? random_between(1, 3) : random_between(4, 40),
                           .dilation_y = random_between(0, 4) ? 1 : 2,
                           .dilation_x = random_between(0, 4) ? 1 : 2,
                           .out_height = random_between(1, 10),
                           .out_width =
                               random_between(0, 2) ? 1 << random_between(0, 4) : random_between(1, 40)};
  const int32_t span_y = (a.out_height - 1) * a.stride_y + (a.kernel_height - 1) * a.dilation_y + 1;
  const int32_t span_x = (a.out_width - 1) * a.stride_x + (a.kernel_width - 1) * a.dilation_x + 1;
  const int32_t inside = random_between(0, 1);
  a.pad_top = inside ? 0 : random_between(0, span_y / 2);
  a.pad_left = inside ? 0 : random_between(0, span_x / 2);
  a.in_height = inside ? span_y + random_between(0, 3) : random_between(1, span_y);
  a.in_width = inside ? span_x + random_between(0, 3) : random_between(1, span_x);
  a.zero = random_between(-128, 127);
  a.clamp_min = random_between(0, 1) ? -128 : random_between(-128, 0);
  a.clamp_max = random_between(0, 1) ? 127 : random_between(0, 127);
  return a;
}

static int max_pool_case(void) {
  const tinysdk_pool2d_args a = max_pool_shape();
  const int32_t planes = a.batch * a.channels, inputs = planes * a.in_height * a.in_width;
  const int32_t outputs = planes * a.out_height * a.out_width;
  pool_reset();
  int8_t *const input = pool_take(inputs), *const expected = pool_take(outputs);
  int8_t *const result = pool_take(outputs);
  uint8_t *const mask = pool_take(outputs / 8 + 1), *const other = pool_take(outputs / 8 + 1);
  uint16_t *const winners = pool_take(2 * outputs), *const others = pool_take(2 * outputs);
  const int32_t masked = random_between(0, 1), asked = random_between(0, 1);
  random_bytes(input, inputs, -128);
  if (random_between(0, 2) == 0) /* ties, and the least value */
    for (int32_t i = 0; i < inputs; i++)
      input[i] = (int8_t)(random_between(0, 2) ? -128 : -127);
  memset(mask, 0x5A, (uint32_t)outputs / 8 + 1);
  memset(other, 0x5A, (uint32_t)outputs / 8 + 1);
  memset(winners, 0, 2 * (uint32_t)outputs);
  memset(others, 0, 2 * (uint32_t)outputs);
  if (tinysdk_max_pool2d_s8_mve_instructions(&a) < 0)
    return 1;
  tinysdk_max_pool2d_s8(&a, input, expected, asked ? winners : 0, masked ? mask : 0);
  tinysdk_max_pool2d_s8_mve(&a, input, result, asked ? others : 0, masked ? other : 0);
  return !memcmp(expected, result, (uint32_t)outputs) && !memcmp(mask, other, (uint32_t)outputs / 8 + 1) &&
         !memcmp(winners, others, 2 * (uint32_t)outputs) && pool_intact();
}

static int cases(const char *name, int (*one)(void), int32_t count) {
  for (int32_t i = 0; i < count; i++)
    if (!one())
      return report(name, i, 1);
  return report(name, count, 0);
}

int compare_updates(void) {
  return cases("conv2d_weight_update_s8_mve", weight_case, 400) ||
         cases("conv2d_bias_update_s32_mve", bias_case, 300) || cases("scale_f32_mve", scale_case, 300) ||
         cases("average_pool2d_s8_mve", pool_case, 200) || cases("max_pool2d_s8_mve", max_pool_case, 600);
}
