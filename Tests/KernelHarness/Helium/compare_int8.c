/* Every int8 variant against its portable twin on random arguments. */
#include "harness.h"

#include <string.h>

typedef __typeof__(tinysdk_conv2d_s8) conv_kernel;

typedef struct {
  const char *name;
  conv_kernel *portable;
  conv_kernel *variant;
  int32_t (*portable_scratch)(const tinysdk_conv2d_args *);
  int32_t (*variant_scratch)(const tinysdk_conv2d_args *);
  int32_t (*instructions)(const tinysdk_conv2d_args *);
  void (*shape)(tinysdk_conv2d_args *);
  int32_t (*in_place)(const tinysdk_conv2d_args *);
} conv_test;

static int32_t channels(void) {
  static const int32_t some[] = {1, 2, 3, 5, 8, 15, 16, 17, 24, 31, 33, 40, 48, 64, 77, 96, 97, 113};
  return some[random_between(0, 17)];
}

static int32_t side(void) {
  static const int32_t some[] = {1, 2, 3, 4, 5, 7, 8, 9, 12, 16, 17};
  return some[random_between(0, 10)];
}

static void pointwise_shape(tinysdk_conv2d_args *a) {
  a->in_channels = channels();
  a->out_channels = channels();
  a->out_height = a->in_height = side();
  a->out_width = a->in_width = side();
  a->kernel_height = a->kernel_width = a->stride_y = a->stride_x = a->groups = 1;
  a->dilation_y = a->dilation_x = 1;
}

static void window(tinysdk_conv2d_args *a) {
  a->kernel_height = random_between(1, 7);
  a->kernel_width = random_between(0, 2) ? a->kernel_height : random_between(1, 7);
  a->stride_y = random_between(1, 2);
  a->stride_x = random_between(0, 3) ? a->stride_y : random_between(1, 3);
  a->dilation_y = random_between(0, 7) ? 1 : 2;
  a->dilation_x = random_between(0, 7) ? 1 : 2;
  a->pad_top = random_between(0, a->kernel_height);
  a->pad_left = random_between(0, a->kernel_width);
  const int32_t span_y = (a->kernel_height - 1) * a->dilation_y + 1;
  const int32_t span_x = (a->kernel_width - 1) * a->dilation_x + 1;
  a->in_height = span_y + random_between(0, 20);
  a->in_width = span_x + random_between(0, 40);
  a->out_height = (a->in_height + a->pad_top + random_between(0, span_y - 1) - span_y) / a->stride_y + 1;
  a->out_width = (a->in_width + a->pad_left + random_between(0, span_x - 1) - span_x) / a->stride_x + 1;
}

static void general_shape(tinysdk_conv2d_args *a) {
  window(a);
  a->groups = random_between(0, 3) ? 1 : random_between(1, 3);
  a->in_channels = a->groups * random_between(1, 6);
  a->out_channels = a->groups * random_between(1, 6);
}

static void depthwise_shape(tinysdk_conv2d_args *a) {
  window(a);
  a->in_channels = a->groups = random_between(1, 6);
  a->out_channels = a->in_channels * (random_between(0, 3) ? 1 : random_between(1, 3));
}

/* Images of at most sixteen pixels, where a kernel may reach past them on all sides. */
static void small_shape(tinysdk_conv2d_args *a) {
  a->in_channels = a->groups = a->out_channels = random_between(1, 9);
  a->kernel_height = random_between(1, 7);
  a->kernel_width = random_between(1, 7);
  a->stride_y = random_between(1, 2);
  a->stride_x = random_between(0, 3) ? a->stride_y : random_between(1, 3);
  a->pad_top = random_between(0, a->kernel_height - 1);
  a->pad_left = random_between(0, a->kernel_width - 1);
  a->in_height = random_between(1, 5);
  a->in_width = random_between(1, 16 / a->in_height);
  a->out_height = random_between(0, 2) ? a->in_height : random_between(1, a->in_height + 2);
  a->out_width = random_between(0, 2) ? a->in_width : random_between(1, a->in_width + 2);
  a->dilation_y = a->dilation_x = 1;
}

static int32_t always(const tinysdk_conv2d_args *a) {
  (void)a;
  return 1;
}

static int32_t never(const tinysdk_conv2d_args *a) {
  (void)a;
  return 0;
}

static int32_t while_smaller(const tinysdk_conv2d_args *a) {
  return a->out_channels / a->in_channels * a->out_height * a->out_width <= a->in_height * a->in_width;
}

static void quantization(tinysdk_conv2d_args *a) {
  a->input_zero = random_between(0, 2) ? -128 : random_between(-128, 127);
  a->weight_zero = random_between(0, 7) ? 0 : random_between(-8, 8);
  a->output_zero = random_between(-128, 127);
  a->clamp_min = random_between(0, 1) ? -128 : random_between(-128, 0);
  a->clamp_max = random_between(0, 1) ? 127 : random_between(a->clamp_min, 127);
  a->rounding = random_between(0, 1);
}

static void scales(tinysdk_requantization *r, int32_t *bias, int32_t count) {
  for (int32_t o = 0; o < count; o++) {
    const int32_t kind = random_between(0, 9);
    r[o].multiplier = kind == 0 ? 0 : (1 << 30) + random_between(0, (1 << 30) - 1);
    r[o].shift = kind < 2 ? random_between(-31, 30) : random_between(-13, -4);
    bias[o] = kind == 3   ? INT32_MIN
              : kind == 4 ? INT32_MAX
              : kind == 5 ? (int32_t)random_bits()
                          : random_between(-20000, 20000);
  }
}

void random_split(tinysdk_conv2d_args *a, int32_t positions, uint16_t *order) {
  int32_t learning = 0;
  for (int32_t k = 0; k < positions; k++)
    if (random_bits() & 1)
      order[learning++] = (uint16_t)k;
  a->trained_channels = learning;
  for (int32_t k = 0, at = 0; k < positions; k++) {
    if (at < a->trained_channels && order[at] == k)
      at++;
    else
      order[learning++] = (uint16_t)k;
  }
}

/* 1 equal, 0 different, -1 not supported. */
static int32_t conv_case(const conv_test *test) {
  tinysdk_conv2d_args a = {.batch = random_between(0, 3) ? 1 : 2};
  test->shape(&a);
  quantization(&a);
  pool_reset();
  const int32_t depthwise = test->portable == tinysdk_depthwise_conv2d_s8;
  const int32_t positions = depthwise ? a.in_channels : a.in_channels / a.groups;
  const int32_t per = depthwise ? a.out_channels / a.in_channels : a.out_channels;
  const int32_t taps = a.kernel_height * a.kernel_width;
  uint16_t *const order = pool_take(2 * positions);
  const int32_t is_split = random_between(0, 2) == 0;
  if (is_split)
    random_split(&a, positions, order);
  if (test->instructions(&a) < 0)
    return -1;
  const int32_t own = a.trained_channels * per * taps, rest = (positions - a.trained_channels) * per * taps;
  int8_t *const trained = pool_take(own), *const frozen = pool_take(rest);
  random_bytes(trained, own, -127);
  random_bytes(frozen, rest, -128);
  const int32_t in = a.batch * a.in_channels * a.in_height * a.in_width;
  const int32_t out = a.batch * a.out_channels * a.out_height * a.out_width;
  const int32_t in_place = test->in_place(&a) && random_between(0, 1);
  const int32_t room = in > out ? in : out;
  int8_t *const input = pool_take(in), *const expected = pool_take(out);
  int8_t *const output = pool_take(in_place ? room : out);
  random_bytes(input, in, -128);
  if (in_place)
    memcpy(output, input, (uint32_t)in);
  int32_t *const bias = pool_take(4 * a.out_channels);
  tinysdk_requantization *const scale = pool_take(8 * a.out_channels);
  scales(scale, bias, a.out_channels);
  const int32_t masked = random_between(0, 1), biased = random_between(0, 7) != 0;
  const int32_t mask_bytes = (out + 7) / 8;
  uint8_t *const mask = pool_take(mask_bytes), *const other = pool_take(mask_bytes);
  memset(mask, 0, (uint32_t)mask_bytes);
  memset(other, 0, (uint32_t)mask_bytes);
  test->portable(&a, input, frozen, is_split ? trained : 0, is_split ? order : 0, biased ? bias : 0, scale,
                 expected, masked ? mask : 0, pool_take(test->portable_scratch(&a)));
  test->variant(&a, in_place ? output : input, frozen, is_split ? trained : 0, is_split ? order : 0,
                biased ? bias : 0, scale, output, masked ? other : 0, pool_take(test->variant_scratch(&a)));
  if (!memcmp(expected, output, (uint32_t)out) && !memcmp(mask, other, (uint32_t)mask_bytes) && pool_intact())
    return 1;
  const int32_t *const fields = (const int32_t *)&a;
  say("args");
  for (uint32_t i = 0; i < sizeof(a) / 4; i++) {
    say(" ");
    say_number(fields[i]);
  }
  say(pool_intact() ? "" : " guard broken");
  for (int32_t i = 0; i < out; i++)
    if (expected[i] != output[i]) {
      say(" first difference at ");
      say_number(i);
      say(": ");
      say_number(expected[i]);
      say(" became ");
      say_number(output[i]);
      break;
    }
  say("\n");
  return 0;
}

int report(const char *name, int32_t equal, int32_t failed) {
  say(name);
  say(": ");
  say_number(equal);
  say(failed ? " cases equal, then a difference\n" : " cases equal\n");
  return failed;
}

static int conv_cases(const conv_test *test, int32_t count) {
  int32_t equal = 0;
  for (int32_t i = 0; i < count; i++) {
    const int32_t result = conv_case(test);
    equal += result > 0;
    if (result == 0)
      return report(test->name, equal, 1);
  }
  return report(test->name, equal, 0);
}

static const conv_test pointwise = {"conv2d_1x1_s8_mve",
                                    tinysdk_conv2d_1x1_s8,
                                    tinysdk_conv2d_1x1_s8_mve,
                                    tinysdk_conv2d_1x1_s8_scratch,
                                    tinysdk_conv2d_1x1_s8_mve_scratch,
                                    tinysdk_conv2d_1x1_s8_mve_instructions,
                                    pointwise_shape,
                                    always};

static const conv_test depthwise = {"depthwise_conv2d_s8_mve",
                                    tinysdk_depthwise_conv2d_s8,
                                    tinysdk_depthwise_conv2d_s8_mve,
                                    tinysdk_depthwise_conv2d_s8_scratch,
                                    tinysdk_depthwise_conv2d_s8_mve_scratch,
                                    tinysdk_depthwise_conv2d_s8_mve_instructions,
                                    depthwise_shape,
                                    while_smaller};
static const conv_test small = {"depthwise_conv2d_s8_mve_small",
                                tinysdk_depthwise_conv2d_s8,
                                tinysdk_depthwise_conv2d_s8_mve_small,
                                tinysdk_depthwise_conv2d_s8_scratch,
                                tinysdk_depthwise_conv2d_s8_mve_small_scratch,
                                tinysdk_depthwise_conv2d_s8_mve_small_instructions,
                                small_shape,
                                while_smaller};
static const conv_test general = {"conv2d_s8_mve",
                                  tinysdk_conv2d_s8,
                                  tinysdk_conv2d_s8_mve,
                                  tinysdk_conv2d_s8_scratch,
                                  tinysdk_conv2d_s8_mve_scratch,
                                  tinysdk_conv2d_s8_mve_instructions,
                                  general_shape,
                                  never};

static int32_t add_case(void) {
  tinysdk_add_args a = {.count = random_between(1, 300),
                        .left_shift = random_between(0, 20),
                        .input1_zero = random_between(-128, 127),
                        .input1_multiplier = (1 << 30) + random_between(0, (1 << 30) - 1),
                        .input1_shift = random_between(-6, 0),
                        .input2_zero = random_between(-128, 127),
                        .input2_multiplier = (1 << 30) + random_between(0, (1 << 30) - 1),
                        .input2_shift = random_between(-6, 0),
                        .output_zero = random_between(-128, 127),
                        .output_multiplier = (1 << 30) + random_between(0, (1 << 30) - 1),
                        .output_shift = random_between(-20, 2),
                        .clamp_min = random_between(-128, 0),
                        .clamp_max = random_between(1, 127),
                        .rounding = random_between(0, 1)};
  pool_reset();
  int8_t *const input[2] = {pool_take(a.count), pool_take(a.count)};
  int8_t *const expected = pool_take(a.count), *const output = pool_take(a.count);
  uint8_t *const mask = pool_take(a.count), *const other = pool_take(a.count);
  const int32_t masked = random_between(0, 1), place = random_between(0, 2);
  random_bytes(input[0], a.count, -128);
  random_bytes(input[1], a.count, -128);
  memset(mask, 0, (uint32_t)a.count);
  memset(other, 0, (uint32_t)a.count);
  tinysdk_add_s8(&a, input[0], input[1], expected, masked ? mask : 0);
  int8_t *const to = place < 2 ? input[place] : output;
  tinysdk_add_s8_mve(&a, input[0], input[1], to, masked ? other : 0);
  return !memcmp(expected, to, (uint32_t)a.count) && !memcmp(mask, other, (uint32_t)a.count) && pool_intact();
}

static int add_cases(int32_t count) {
  for (int32_t i = 0; i < count; i++)
    if (!add_case())
      return report("add_s8_mve", i, 1);
  return report("add_s8_mve", count, 0);
}

static int32_t dense_case(void) {
  const tinysdk_dense_args a = {.batch = random_between(1, 3),
                                .in_count = random_between(1, 200),
                                .out_count = random_between(1, random_between(0, 3) ? 20 : 80),
                                .input_zero = random_between(-128, 127),
                                .output_zero = random_between(-128, 127),
                                .clamp_min = random_between(-128, 0),
                                .clamp_max = random_between(1, 127),
                                .rounding = random_between(0, 1)};
  pool_reset();
  const int32_t out = a.batch * a.out_count;
  int8_t *const input = pool_take(a.batch * a.in_count), *const weights = pool_take(a.in_count * a.out_count);
  int8_t *const expected = pool_take(out), *const output = pool_take(out);
  uint8_t *const mask = pool_take(out), *const other = pool_take(out);
  int32_t *const bias = pool_take(4 * a.out_count);
  tinysdk_requantization *const scale = pool_take(8 * a.out_count);
  random_bytes(input, a.batch * a.in_count, -128);
  random_bytes(weights, a.in_count * a.out_count, -128);
  scales(scale, bias, a.out_count);
  memset(mask, 0, (uint32_t)out);
  memset(other, 0, (uint32_t)out);
  const int32_t masked = random_between(0, 1), biased = random_between(0, 7) != 0;
  tinysdk_dense_s8(&a, input, weights, 0, 0, biased ? bias : 0, scale, expected, masked ? mask : 0);
  tinysdk_dense_s8_mve(&a, input, weights, 0, 0, biased ? bias : 0, scale, output, masked ? other : 0);
  return !memcmp(expected, output, (uint32_t)out) && !memcmp(mask, other, (uint32_t)out) && pool_intact();
}

static int dense_cases(int32_t count) {
  for (int32_t i = 0; i < count; i++)
    if (!dense_case())
      return report("dense_s8_mve", i, 1);
  return report("dense_s8_mve", count, 0);
}

int compare_int8(void) {
  return conv_cases(&pointwise, 400) || conv_cases(&depthwise, 500) || conv_cases(&small, 400) ||
         conv_cases(&general, 300) || add_cases(300) || dense_cases(300);
}
