/* Compares every forward variant with its Portable twin on random layers, bit for bit. */
#include "equal.h"

typedef __typeof__(tinysdk_conv2d_s8) convolution;

extern convolution tinysdk_conv2d_1x1_s8_dsp_dual;
extern convolution tinysdk_conv2d_1x1_s8_dsp, tinysdk_depthwise_conv2d_s8_dsp, tinysdk_conv2d_s8_dsp;
extern size tinysdk_conv2d_1x1_s8_dsp_scratch, tinysdk_depthwise_conv2d_s8_dsp_scratch,
    tinysdk_conv2d_s8_dsp_scratch;
extern size tinysdk_conv2d_1x1_s8_dsp_instructions, tinysdk_depthwise_conv2d_s8_dsp_instructions,
    tinysdk_conv2d_s8_dsp_instructions;

extern __typeof__(tinysdk_add_s8) tinysdk_add_s8_dsp;
int32_t tinysdk_add_s8_dsp_instructions(const tinysdk_add_args *args);

extern __typeof__(tinysdk_dense_s8) tinysdk_dense_s8_dsp;
int32_t tinysdk_dense_s8_dsp_instructions(const tinysdk_dense_args *args);
extern __typeof__(tinysdk_average_pool2d_s8) tinysdk_average_pool2d_s8_dsp;
int32_t tinysdk_average_pool2d_s8_dsp_instructions(const tinysdk_pool2d_args *args);
extern __typeof__(tinysdk_max_pool2d_s8) tinysdk_max_pool2d_s8_dsp;
int32_t tinysdk_max_pool2d_s8_dsp_instructions(const tinysdk_pool2d_args *args);

/* Weights, biases and multipliers: usual, large and absurd ones. */
static void random_layer(int8_t *weights, int32_t count, int32_t *bias, tinysdk_requantization *scale) {
  const int32_t extreme = harness_between(0, 7) == 0, least = harness_between(0, 2) ? -127 : -128;
  for (int32_t i = 0; i < count; i++)
    weights[i] = (int8_t)(extreme ? (harness_between(0, 1) ? 127 : least) : harness_between(least, 127));
  for (int32_t o = 0; o < args.out_channels; o++) {
    const int32_t kind = harness_between(0, 11);
    bias[o] = kind == 0   ? INT32_MIN
              : kind == 1 ? INT32_MAX
              : kind == 2 ? (int32_t)harness_random()
                          : harness_between(-200000, 200000);
    scale[o].multiplier = harness_between(0, 15) ? harness_between(1 << 30, INT32_MAX) : 0;
    scale[o].shift = harness_between(0, 7) ? harness_between(-14, -6) : harness_between(-31, 30);
  }
}

/* Runs both; `in_place` starts both tensors of the variant at one address. Exact rooms, for the sanitizers.
 */
static int32_t compare(convolution *portable, convolution *variant, int32_t portable_scratch, int32_t scratch,
                       int32_t weight_count, int32_t split, int32_t positions, int32_t in_place) {
  const int32_t ins = args.batch * args.in_channels * args.in_height * args.in_width;
  const int32_t outs = args.batch * args.out_channels * args.out_height * args.out_width;
  const int32_t masked = harness_between(0, 1), biased = harness_between(0, 5) > 0;
  int32_t learning_weights = 0;
  uint16_t *const order = split ? room(positions * 2) : NULL;
  if (split) {
    random_order(order, positions);
    learning_weights = weight_count / positions * args.trained_channels;
  }
  int8_t *const input = room(in_place && outs > ins ? outs : ins), *const frozen =
                                                                       room(weight_count - learning_weights);
  int8_t *const trained = split ? room(learning_weights) : NULL;
  int8_t *const expected = room(outs), *const own = in_place ? input : room(outs);
  uint8_t *const mask1 = room(outs / 8 + 1), *const mask2 = room(outs / 8 + 1);
  int32_t *const bias = room(args.out_channels * 4);
  tinysdk_requantization *const scale = room(args.out_channels * 8);
  void *const s1 = room(portable_scratch), *const s2 = room(scratch);
  int8_t *const all = room(weight_count);
  random_layer(all, weight_count, bias, scale);
  memcpy(frozen, all, (size_t)(weight_count - learning_weights));
  if (split)
    memcpy(trained, all + weight_count - learning_weights, (size_t)learning_weights);
  harness_fill_bytes(input, ins, -128, 127);
  memset(mask1, 0x5A, (size_t)(outs / 8 + 1));
  memset(mask2, 0x5A, (size_t)(outs / 8 + 1));
  portable(&args, input, frozen, trained, order, biased ? bias : NULL, scale, expected, masked ? mask1 : NULL,
           s1);
  variant(&args, input, frozen, trained, order, biased ? bias : NULL, scale, own, masked ? mask2 : NULL, s2);
  int32_t at = first_difference(expected, own, outs);
  if (at < 0 && first_difference(mask1, mask2, outs / 8 + 1) >= 0)
    at = 1000000 + first_difference(mask1, mask2, outs / 8 + 1);
  free(order), free(input), free(frozen), free(trained), free(expected), free(mask1), free(mask2), free(bias);
  free(scale), free(s1), free(s2), free(all);
  if (!in_place)
    free(own);
  return at;
}

static void test_1x1(const char *name, convolution *variant, int32_t cases) {
  for (int32_t i = 0; i < cases; i++) {
    random_pointwise();
    const int32_t split = harness_between(0, 2) == 0, in_place = harness_between(0, 1);
    /* No other split takes more quads. */
    args.trained_channels = split ? 1 : 0;
    const int32_t scratch = tinysdk_conv2d_1x1_s8_dsp_scratch(&args);
    const int32_t at = compare(tinysdk_conv2d_1x1_s8, variant, tinysdk_conv2d_1x1_s8_scratch(&args), scratch,
                               args.in_channels * args.out_channels, split, args.in_channels, in_place);
    if (at >= 0)
      return differ(name, i, at);
  }
  report(name, cases);
}

/* The layers that most networks have: planes keep or halve their size. */
static void random_usual(int32_t size, int32_t stride) {
  args.kernel_height = args.kernel_width = size;
  args.stride_y = args.stride_x = stride;
  args.dilation_y = args.dilation_x = 1;
  args.pad_top = args.pad_left = size / 2;
  args.in_height = harness_between(1, 10) * (harness_between(0, 3) ? 2 : 1) * stride;
  args.in_width = harness_between(1, 5) * 4 * stride;
  harness_set_output(&args);
  if (harness_between(0, 3))
    args.clamp_min = -128, args.clamp_max = 127;
}

static void test_depthwise(int32_t cases) {
  for (int32_t i = 0; i < cases; i++) {
    do {
      random_window(harness_between(1, 5));
      args.groups = args.out_channels = args.in_channels;
      if (harness_between(0, 1))
        random_usual(2 * harness_between(1, 3) + 1, harness_between(1, 2));
    } while (tinysdk_depthwise_conv2d_s8_dsp_instructions(&args) < 0);
    const int32_t split = harness_between(0, 2) == 0;
    const int32_t fits = args.out_height * args.out_width <= args.in_height * args.in_width;
    /* In place, output planes start where the input planes start only where both have one size. */
    const int32_t at =
        compare(tinysdk_depthwise_conv2d_s8, tinysdk_depthwise_conv2d_s8_dsp,
                tinysdk_depthwise_conv2d_s8_scratch(&args), tinysdk_depthwise_conv2d_s8_dsp_scratch(&args),
                args.in_channels * args.kernel_height * args.kernel_width, split, args.in_channels,
                fits && harness_between(0, 1));
    if (at >= 0)
      return differ("depthwise_conv2d_s8_dsp", i, at);
  }
  report("depthwise_conv2d_s8_dsp", cases);
}

static void test_general(int32_t cases) {
  for (int32_t i = 0; i < cases; i++) {
    const int32_t groups = harness_between(0, 2) ? 1 : harness_between(2, 3);
    const int32_t own = harness_between(1, 5);
    random_window(own * groups);
    args.groups = groups;
    args.out_channels = groups * harness_between(1, 5);
    const int32_t split = own > 1 && harness_between(0, 2) == 0;
    args.trained_channels = 0;
    const int32_t at = compare(
        tinysdk_conv2d_s8, tinysdk_conv2d_s8_dsp, 0, tinysdk_conv2d_s8_dsp_scratch(&args) + (split ? 64 : 0),
        own * args.out_channels * args.kernel_height * args.kernel_width, split, own, 0);
    if (at >= 0)
      return differ("conv2d_s8_dsp", i, at);
  }
  report("conv2d_s8_dsp", cases);
}

static tinysdk_add_args random_addition(void) {
  tinysdk_add_args a = {.count = harness_between(1, 150), .left_shift = harness_between(0, 4) ? 20 : 12};
  do {
    a.input1_zero = harness_between(-128, 127);
    a.input2_zero = harness_between(-128, 127);
    a.output_zero = harness_between(-128, 127);
    a.input1_multiplier = harness_between(0, 1) ? 1 << 30 : harness_between(1 << 30, INT32_MAX);
    a.input2_multiplier = harness_between(0, 1) ? 1 << 30 : harness_between(1 << 30, INT32_MAX);
    a.output_multiplier = harness_between(1 << 30, INT32_MAX);
    a.input1_shift = harness_between(-3, 0);
    a.input2_shift = harness_between(0, 9) ? harness_between(-3, 0) : harness_between(-20, 0);
    a.output_shift = harness_between(0, 9) ? harness_between(-20, -14) : harness_between(-22, -2);
    a.clamp_min = harness_between(0, 2) ? -128 : harness_between(-128, 0);
    a.clamp_max = harness_between(0, 2) ? 127 : harness_between(0, 127);
    a.rounding = harness_between(0, 1);
  } while (tinysdk_add_s8_dsp_instructions(&a) < 0);
  return a;
}

static void test_add(int32_t cases) {
  for (int32_t i = 0; i < cases; i++) {
    const tinysdk_add_args a = random_addition();
    const int32_t masked = harness_between(0, 1), place = harness_between(0, 2);
    int8_t *const x1 = room(a.count), *const x2 = room(a.count), *const expected = room(a.count);
    int8_t *const own = place == 0 ? x1 : place == 1 ? x2 : room(a.count);
    uint8_t *const mask1 = room(a.count / 8 + 1), *const mask2 = room(a.count / 8 + 1);
    memset(mask1, 0x5A, (size_t)(a.count / 8 + 1));
    memset(mask2, 0x5A, (size_t)(a.count / 8 + 1));
    harness_fill_bytes(x1, a.count, -128, 127);
    harness_fill_bytes(x2, a.count, -128, 127);
    tinysdk_add_s8(&a, x1, x2, expected, masked ? mask1 : NULL);
    tinysdk_add_s8_dsp(&a, x1, x2, own, masked ? mask2 : NULL);
    int32_t at = first_difference(expected, own, a.count);
    if (at < 0 && first_difference(mask1, mask2, a.count / 8 + 1) >= 0)
      at = 1000000;
    free(x1), free(x2), free(expected), free(mask1), free(mask2);
    if (place == 2)
      free(own);
    if (at >= 0)
      return differ("add_s8_dsp", i, at);
  }
  report("add_s8_dsp", cases);
}

static void test_dense(int32_t cases) {
  for (int32_t i = 0; i < cases; i++) {
    random_pointwise();
    args.batch = harness_between(1, 3);
    args.in_channels = harness_between(1, harness_between(0, 4) ? 60 : 700);
    args.out_channels = harness_between(1, harness_between(0, 4) ? 12 : 50);
    const tinysdk_dense_args a = {args.batch,       args.in_channels, args.out_channels, args.input_zero, 0,
                                  args.output_zero, args.clamp_min,   args.clamp_max,    args.rounding,   0};
    const int32_t ins = a.batch * a.in_count, outs = a.batch * a.out_count,
                  weights = a.in_count * a.out_count;
    const int32_t masked = harness_between(0, 1), biased = harness_between(0, 5) > 0;
    int8_t *const input = room(ins), *const w = room(weights), *const expected = room(outs),
                  *const own = room(outs);
    uint8_t *const mask1 = room(outs / 8 + 1), *const mask2 = room(outs / 8 + 1);
    int32_t *const bias = room(a.out_count * 4);
    tinysdk_requantization *const scale = room(a.out_count * 8);
    random_layer(w, weights, bias, scale);
    harness_fill_bytes(input, ins, -128, 127);
    memset(mask1, 0x5A, (size_t)(outs / 8 + 1));
    memset(mask2, 0x5A, (size_t)(outs / 8 + 1));
    tinysdk_dense_s8(&a, input, w, NULL, NULL, biased ? bias : NULL, scale, expected, masked ? mask1 : NULL);
    if (tinysdk_dense_s8_dsp_instructions(&a) < 0)
      return differ("dense_s8_dsp refuses", i, 0);
    tinysdk_dense_s8_dsp(&a, input, w, NULL, NULL, biased ? bias : NULL, scale, own, masked ? mask2 : NULL);
    int32_t at = first_difference(expected, own, outs);
    if (at < 0 && first_difference(mask1, mask2, outs / 8 + 1) >= 0)
      at = 1000000;
    free(input), free(w), free(expected), free(own), free(mask1), free(mask2), free(bias), free(scale);
    if (at >= 0)
      return differ("dense_s8_dsp", i, at);
  }
  report("dense_s8_dsp", cases);
}

/* Windows of the usual kinds, and one over the whole plane. */
static tinysdk_pool2d_args random_pool(void) {
  random_window(harness_between(1, 5));
  tinysdk_pool2d_args a = {args.batch,      args.in_channels, args.in_height,     args.in_width,
                           args.out_height, args.out_width,   args.kernel_height, args.kernel_width,
                           args.stride_y,   args.stride_x,    args.pad_top,       args.pad_left,
                           args.dilation_y, args.dilation_x,  args.input_zero,    harness_between(0, 1),
                           args.clamp_min,  args.clamp_max};
  if (harness_between(0, 2) == 0) {
    a.kernel_height = a.in_height, a.kernel_width = a.in_width;
    a.out_height = a.out_width = a.dilation_y = a.dilation_x = 1;
    a.pad_top = a.pad_left = 0;
  }
  return a;
}

static void test_average_pool(int32_t cases) {
  for (int32_t i = 0; i < cases; i++) {
    tinysdk_pool2d_args a;
    do
      a = random_pool();
    while (tinysdk_average_pool2d_s8_dsp_instructions(&a) < 0);
    const int32_t planes = a.batch * a.channels, ins = planes * a.in_height * a.in_width;
    const int32_t outs = planes * a.out_height * a.out_width, masked = harness_between(0, 1);
    int8_t *const input = room(ins), *const expected = room(outs), *const own = room(outs);
    uint8_t *const mask1 = room(outs / 8 + 1), *const mask2 = room(outs / 8 + 1);
    harness_fill_bytes(input, ins, -128, 127);
    memset(mask1, 0x5A, (size_t)(outs / 8 + 1));
    memset(mask2, 0x5A, (size_t)(outs / 8 + 1));
    tinysdk_average_pool2d_s8(&a, input, expected, masked ? mask1 : NULL);
    tinysdk_average_pool2d_s8_dsp(&a, input, own, masked ? mask2 : NULL);
    int32_t at = first_difference(expected, own, outs);
    if (at < 0 && first_difference(mask1, mask2, outs / 8 + 1) >= 0)
      at = 1000000;
    free(input), free(expected), free(own), free(mask1), free(mask2);
    if (at >= 0)
      return differ("average_pool2d_s8_dsp", i, at);
  }
  report("average_pool2d_s8_dsp", cases);
}

/* With and without places, masks and clamps; few values, so that many are equal. */
static void test_max_pool(int32_t cases) {
  for (int32_t i = 0; i < cases; i++) {
    tinysdk_pool2d_args a = random_pool();
    a.kernel_height = a.kernel_width = a.stride_y = a.stride_x = 2;
    a.dilation_y = a.dilation_x = 1;
    a.pad_top = a.pad_left = 0;
    a.in_height = harness_between(2, 9), a.in_width = harness_between(2, 19);
    a.out_height = a.in_height / 2, a.out_width = a.in_width / 2;
    if (tinysdk_max_pool2d_s8_dsp_instructions(&a) < 0)
      return differ("max_pool2d_s8_dsp", i, -1);
    const int32_t planes = a.batch * a.channels, ins = planes * a.in_height * a.in_width;
    const int32_t outs = planes * a.out_height * a.out_width, masked = harness_between(0, 1);
    const int32_t placed = harness_between(0, 1), few = harness_between(0, 1);
    int8_t *const input = room(ins), *const expected = room(outs), *const own = room(outs);
    uint8_t *const mask1 = room(outs / 8 + 1), *const mask2 = room(outs / 8 + 1);
    uint16_t *const places1 = room(2 * outs), *const places2 = room(2 * outs);
    harness_fill_bytes(input, ins, few ? -1 : -128, few ? 1 : 127);
    memset(mask1, 0x5A, (size_t)(outs / 8 + 1));
    memset(mask2, 0x5A, (size_t)(outs / 8 + 1));
    memset(places1, 0x5A, (size_t)(2 * outs));
    memset(places2, 0x5A, (size_t)(2 * outs));
    tinysdk_max_pool2d_s8(&a, input, expected, placed ? places1 : NULL, masked ? mask1 : NULL);
    tinysdk_max_pool2d_s8_dsp(&a, input, own, placed ? places2 : NULL, masked ? mask2 : NULL);
    int32_t at = first_difference(expected, own, outs);
    if (at < 0 && first_difference(mask1, mask2, outs / 8 + 1) >= 0)
      at = 1000000;
    if (at < 0 && first_difference(places1, places2, 2 * outs) >= 0)
      at = 2000000;
    free(input), free(expected), free(own), free(mask1), free(mask2), free(places1), free(places2);
    if (at >= 0)
      return differ("max_pool2d_s8_dsp", i, at);
  }
  report("max_pool2d_s8_dsp", cases);
}

int harness_main(void) {
  test_dense(1500);
  test_average_pool(1500);
  test_max_pool(2000);
  test_add(6000);
  test_1x1("conv2d_1x1_s8_dsp", tinysdk_conv2d_1x1_s8_dsp, 3000);
  test_1x1("conv2d_1x1_s8_dsp_dual", tinysdk_conv2d_1x1_s8_dsp_dual, 3000);
  test_depthwise(3000);
  test_general(1500);
  return failures > 0;
}
