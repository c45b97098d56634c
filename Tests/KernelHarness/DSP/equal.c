/* Compares every variant with its Portable twin on random layers, bit for bit. */
#include "harness.h"

#include <math.h>

#define BYTES 60000
#define OUTPUTS 128

typedef __typeof__(tinysdk_conv2d_s8) convolution;
typedef __typeof__(tinysdk_conv2d_s8_scratch) size;

extern convolution tinysdk_conv2d_1x1_s8_dsp_dual;
extern convolution tinysdk_conv2d_1x1_s8_dsp, tinysdk_depthwise_conv2d_s8_dsp, tinysdk_conv2d_s8_dsp;
extern size tinysdk_conv2d_1x1_s8_dsp_scratch, tinysdk_depthwise_conv2d_s8_dsp_scratch,
    tinysdk_conv2d_s8_dsp_scratch;
extern size tinysdk_conv2d_1x1_s8_dsp_instructions, tinysdk_depthwise_conv2d_s8_dsp_instructions,
    tinysdk_conv2d_s8_dsp_instructions;

extern __typeof__(tinysdk_conv2d_1x1_input_gradient_f32) tinysdk_conv2d_1x1_input_gradient_f32_dsp;
extern size tinysdk_conv2d_1x1_input_gradient_f32_dsp_scratch;

extern __typeof__(tinysdk_depthwise_input_gradient_f32) tinysdk_depthwise_input_gradient_f32_dsp;
extern size tinysdk_depthwise_input_gradient_f32_dsp_scratch,
    tinysdk_depthwise_input_gradient_f32_dsp_instructions;

extern __typeof__(tinysdk_conv2d_input_gradient_f32) tinysdk_conv2d_input_gradient_f32_dsp;
extern size tinysdk_conv2d_input_gradient_f32_dsp_scratch, tinysdk_conv2d_input_gradient_f32_dsp_instructions;

extern __typeof__(tinysdk_conv2d_weight_update_s8) tinysdk_conv2d_weight_update_s8_dsp;
extern size tinysdk_conv2d_weight_update_s8_dsp_instructions;
extern __typeof__(tinysdk_conv2d_bias_update_s32) tinysdk_conv2d_bias_update_s32_dsp;
extern __typeof__(tinysdk_scale_f32) tinysdk_scale_f32_dsp;
extern __typeof__(tinysdk_accumulate_f32) tinysdk_accumulate_f32_dsp;

extern __typeof__(tinysdk_add_s8) tinysdk_add_s8_dsp;
int32_t tinysdk_add_s8_dsp_instructions(const tinysdk_add_args *args);

extern __typeof__(tinysdk_dense_s8) tinysdk_dense_s8_dsp;
int32_t tinysdk_dense_s8_dsp_instructions(const tinysdk_dense_args *args);
extern __typeof__(tinysdk_average_pool2d_s8) tinysdk_average_pool2d_s8_dsp;
int32_t tinysdk_average_pool2d_s8_dsp_instructions(const tinysdk_pool2d_args *args);

static tinysdk_conv2d_args args;
static int32_t failures;

static void report(const char *name, int32_t cases) {
  char line[96];
  snprintf(line, sizeof(line), "%s: %ld cases equal\n", name, (long)cases);
  harness_print(line);
}

static void differ(const char *name, int32_t number, int32_t at) {
  char line[240];
  snprintf(line, sizeof(line),
           "%s: case %ld differs at %ld: in %ldx%ldx%ld out %ld kernel %ldx%ld stride %ld,%ld rounding %ld "
           "trained %ld clamp %ld\n",
           name, (long)number, (long)at, (long)args.in_channels, (long)args.in_height, (long)args.in_width,
           (long)args.out_channels, (long)args.kernel_height, (long)args.kernel_width, (long)args.stride_y,
           (long)args.stride_x, (long)args.rounding, (long)args.trained_channels, (long)args.clamp_min);
  harness_print(line);
  failures++;
}

static void random_numbers(void) {
  args.input_zero = harness_between(-128, 127);
  args.output_zero = harness_between(-128, 127);
  args.rounding = harness_between(0, 1);
  const int32_t whole = harness_between(0, 2) > 0;
  args.clamp_min = whole ? -128 : harness_between(-128, 0);
  args.clamp_max = whole ? 127 : harness_between(0, 127);
}

static void random_window(int32_t channels) {
  memset(&args, 0, sizeof(args));
  do {
    args.batch = harness_between(1, 2);
    args.in_channels = channels;
    args.in_height = harness_between(1, 17);
    args.in_width = harness_between(1, 17);
    args.kernel_height = harness_between(1, 7);
    args.kernel_width = harness_between(0, 2) ? args.kernel_height : harness_between(1, 7);
    if (harness_between(0, 2)) {
      args.kernel_height |= 1;
      args.kernel_width = args.kernel_height;
    }
    args.stride_y = harness_between(1, 2);
    args.stride_x = harness_between(0, 5) ? args.stride_y : harness_between(1, 3);
    args.pad_top = harness_between(0, args.kernel_height - 1);
    args.pad_left = harness_between(0, args.kernel_width - 1);
    args.dilation_y = harness_between(0, 7) ? 1 : 2;
    args.dilation_x = harness_between(0, 7) ? 1 : 2;
    args.groups = 1;
    harness_set_output(&args);
  } while (args.out_height < 1 || args.out_width < 1);
  random_numbers();
}

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

static void random_order(uint16_t *order, int32_t channels) {
  args.trained_channels = harness_between(1, channels);
  int32_t left = args.trained_channels, learning = 0, frozen = args.trained_channels;
  for (int32_t c = 0; c < channels; c++) {
    if (harness_between(1, channels - c) <= left)
      order[learning++] = (uint16_t)c, left--;
    else
      order[frozen++] = (uint16_t)c;
  }
}

static void *room(int32_t bytes) {
  return malloc((size_t)(bytes > 0 ? bytes : 1));
}

static int32_t first_difference(const void *a, const void *b, int32_t count) {
  for (int32_t i = 0; i < count; i++)
    if (((const uint8_t *)a)[i] != ((const uint8_t *)b)[i])
      return i;
  return -1;
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

static void random_pointwise(void) {
  memset(&args, 0, sizeof(args));
  args.batch = harness_between(1, 2);
  args.in_channels = harness_between(1, harness_between(0, 9) ? 20 : 300);
  args.out_channels = harness_between(1, 12);
  args.in_height = args.out_height = harness_between(1, 6);
  args.in_width = args.out_width = harness_between(1, 6);
  args.kernel_height = args.kernel_width = args.stride_y = args.stride_x = 1;
  args.dilation_y = args.dilation_x = args.groups = 1;
  random_numbers();
}

static void test_1x1_gradient(int32_t cases) {
  for (int32_t i = 0; i < cases; i++) {
    random_pointwise();
    const int32_t plane = args.in_height * args.in_width * args.batch, ins = plane * args.in_channels;
    const int32_t outs = plane * args.out_channels, split = harness_between(0, 2) == 0;
    const int32_t in_place = harness_between(0, 1), most = ins > outs ? ins : outs;
    uint16_t *const order = split ? room(args.in_channels * 2) : NULL;
    if (split)
      random_order(order, args.in_channels);
    const int32_t learning = args.trained_channels * args.out_channels;
    const int32_t frozen = args.in_channels * args.out_channels - learning;
    int8_t *const weights = room(frozen), *const trained = split ? room(learning) : NULL;
    float *const gradient = room(most * 4), *const expected = room(ins * 4);
    float *const own = in_place ? gradient : room(ins * 4);
    void *const s1 = room(tinysdk_conv2d_1x1_input_gradient_f32_scratch(&args));
    void *const s2 = room(tinysdk_conv2d_1x1_input_gradient_f32_dsp_scratch(&args));
    harness_fill_bytes(weights, frozen, -128, 127);
    if (split)
      harness_fill_bytes(trained, learning, -127, 127);
    harness_fill_floats(gradient, outs);
    tinysdk_conv2d_1x1_input_gradient_f32(&args, gradient, weights, trained, order, expected, s1);
    tinysdk_conv2d_1x1_input_gradient_f32_dsp(&args, gradient, weights, trained, order, own, s2);
    const int32_t at = first_difference(expected, own, ins * 4);
    free(order), free(weights), free(trained), free(gradient), free(expected), free(s1), free(s2);
    if (!in_place)
      free(own);
    if (at >= 0)
      return differ("conv2d_1x1_input_gradient_f32_dsp", i, at);
  }
  report("conv2d_1x1_input_gradient_f32_dsp", cases);
}

/* Windows that overlap, windows that lie apart, and one over the whole plane. */
static void random_general_gradient(void) {
  random_window(harness_between(1, 5));
  args.out_channels = harness_between(1, 6);
  const int32_t kind = harness_between(0, 3);
  if (kind == 0) {
    args.kernel_height = args.in_height, args.kernel_width = args.in_width;
    args.pad_top = harness_between(0, 3) ? 0 : harness_between(0, args.kernel_height - 1);
    args.pad_left = harness_between(0, 3) ? 0 : harness_between(0, args.kernel_width - 1);
    args.dilation_y = args.dilation_x = args.out_height = args.out_width = 1;
  } else if (kind == 1) {
    args.dilation_y = args.dilation_x = 1;
    args.stride_y = args.kernel_height + harness_between(0, 1);
    args.stride_x = args.kernel_width + harness_between(0, 1);
    harness_set_output(&args);
  }
}

static void test_general_gradient(int32_t cases) {
  for (int32_t i = 0; i < cases; i++) {
    do
      random_general_gradient();
    while (args.out_height < 1 || args.out_width < 1);
    const int32_t ins = args.batch * args.in_channels * args.in_height * args.in_width;
    const int32_t outs = args.batch * args.out_channels * args.out_height * args.out_width;
    const int32_t each = args.out_channels * args.kernel_height * args.kernel_width;
    const int32_t split = harness_between(0, 2) == 0;
    uint16_t *const order = split ? room(args.in_channels * 2) : NULL;
    if (split)
      random_order(order, args.in_channels);
    const int32_t learning = args.trained_channels * each, frozen = args.in_channels * each - learning;
    int8_t *const weights = room(frozen), *const trained = split ? room(learning) : NULL;
    float *const gradient = room(outs * 4), *const expected = room(ins * 4), *const own = room(ins * 4);
    void *const s1 = room(tinysdk_conv2d_input_gradient_f32_scratch(&args));
    void *const s2 = room(tinysdk_conv2d_input_gradient_f32_dsp_scratch(&args));
    harness_fill_bytes(weights, frozen, -128, 127);
    if (split)
      harness_fill_bytes(trained, learning, -127, 127);
    harness_fill_floats(gradient, outs);
    tinysdk_conv2d_input_gradient_f32(&args, gradient, weights, trained, order, expected, s1);
    tinysdk_conv2d_input_gradient_f32_dsp(&args, gradient, weights, trained, order, own, s2);
    const int32_t at = tinysdk_conv2d_input_gradient_f32_dsp_instructions(&args) < 0
                           ? 1000000
                           : first_difference(expected, own, ins * 4);
    free(order), free(weights), free(trained), free(gradient), free(expected), free(own), free(s1), free(s2);
    if (at >= 0)
      return differ("conv2d_input_gradient_f32_dsp", i, at);
  }
  report("conv2d_input_gradient_f32_dsp", cases);
}

static void random_depthwise_gradient(void) {
  do {
    random_window(harness_between(1, 4));
    args.groups = args.out_channels = args.in_channels;
    args.in_height = harness_between(1, 40);
    args.in_width = harness_between(1, 22);
    harness_set_output(&args);
  } while (args.out_height < 1 || args.out_width < 1 ||
           tinysdk_depthwise_input_gradient_f32_dsp_instructions(&args) < 0);
}

static void test_depthwise_gradient(int32_t cases) {
  for (int32_t i = 0; i < cases; i++) {
    random_depthwise_gradient();
    const int32_t planes = args.batch * args.in_channels, ins = planes * args.in_height * args.in_width;
    const int32_t outs = planes * args.out_height * args.out_width, split = harness_between(0, 2) == 0;
    const int32_t taps = args.kernel_height * args.kernel_width;
    const int32_t in_place = args.stride_x == 1 && args.in_height == args.out_height &&
                             args.in_width == args.out_width && harness_between(0, 1);
    uint16_t *const order = split ? room(args.in_channels * 2) : NULL;
    if (split)
      random_order(order, args.in_channels);
    const int32_t learning = args.trained_channels * taps, frozen = args.in_channels * taps - learning;
    int8_t *const weights = room(frozen), *const trained = split ? room(learning) : NULL;
    float *const gradient = room(outs * 4), *const expected = room(ins * 4);
    float *const own = in_place ? gradient : room(ins * 4);
    void *const s1 = room(tinysdk_depthwise_input_gradient_f32_scratch(&args));
    void *const s2 = room(tinysdk_depthwise_input_gradient_f32_dsp_scratch(&args));
    harness_fill_bytes(weights, frozen, -128, 127);
    if (split)
      harness_fill_bytes(trained, learning, -127, 127);
    harness_fill_floats(gradient, outs);
    tinysdk_depthwise_input_gradient_f32(&args, gradient, weights, trained, order, expected, s1);
    tinysdk_depthwise_input_gradient_f32_dsp(&args, gradient, weights, trained, order, own, s2);
    const int32_t at = first_difference(expected, own, ins * 4);
    free(order), free(weights), free(trained), free(gradient), free(expected), free(s1), free(s2);
    if (!in_place)
      free(own);
    if (at >= 0)
      return differ("depthwise_input_gradient_f32_dsp", i, at);
  }
  report("depthwise_input_gradient_f32_dsp", cases);
}

static void test_weight_update(int32_t cases) {
  for (int32_t i = 0; i < cases; i++) {
    do {
      if (i % 2) {
        random_window(harness_between(1, 6));
        args.out_channels = harness_between(1, harness_between(0, 5) ? 7 : 40);
      } else {
        random_pointwise();
        args.out_channels = harness_between(1, harness_between(0, 5) ? 12 : 80);
        args.in_height = args.out_height = harness_between(1, harness_between(0, 5) ? 5 : 9);
      }
    } while (tinysdk_conv2d_weight_update_s8_dsp_instructions(&args) < 0);
    args.trained_channels = harness_between(0, args.in_channels);
    const int32_t inputs = args.trained_channels ? args.trained_channels : args.in_channels;
    const int32_t pixels = args.batch * args.out_height * args.out_width;
    const int32_t saves = args.batch * inputs * args.in_height * args.in_width;
    const int32_t weights = inputs * args.out_channels * args.kernel_height * args.kernel_width;
    const int32_t fine = harness_between(0, 3) > 0;
    const float rate = (float)harness_between(1, 1000) / (float)(harness_between(0, 3) ? 1e10 : 1e5);
    int8_t *const saved = room(saves), *const start = room(2 * weights);
    int8_t *const expected = room(2 * weights), *const own = room(2 * weights);
    float *const gradient = room(pixels * args.out_channels * 4), *const scale = room(args.out_channels * 4);
    harness_fill_bytes(saved, saves, -128, 127);
    harness_fill_bytes(start, weights, -127, 127);
    harness_fill_bytes(start + weights, weights, -128, 127);
    harness_fill_floats(gradient, pixels * args.out_channels);
    if (harness_between(0, 9) == 0)
      gradient[harness_between(0, pixels * args.out_channels - 1)] = harness_between(0, 1) ? INFINITY : NAN;
    harness_fill_floats(scale, args.out_channels);
    memcpy(expected, start, (size_t)(2 * weights));
    memcpy(own, start, (size_t)(2 * weights));
    tinysdk_conv2d_weight_update_s8(&args, gradient, saved, NULL, scale, &rate, expected,
                                    fine ? expected + weights : NULL);
    tinysdk_conv2d_weight_update_s8_dsp(&args, gradient, saved, NULL, scale, &rate, own,
                                        fine ? own + weights : NULL);
    const int32_t at = first_difference(expected, own, 2 * weights);
    free(saved), free(start), free(expected), free(own), free(gradient), free(scale);
    if (at >= 0)
      return differ("conv2d_weight_update_s8_dsp", i, at);
  }
  report("conv2d_weight_update_s8_dsp", cases);
}

static void test_bias_update(int32_t cases) {
  for (int32_t i = 0; i < cases; i++) {
    random_pointwise();
    const int32_t count = args.batch * args.out_height * args.out_width * args.out_channels;
    const float rate = (float)harness_between(1, 1000) / (float)(harness_between(0, 3) ? 10 : 1e-9);
    float *const gradient = room(count * 4), *const scale = room(args.out_channels * 4);
    int32_t *const expected = room(args.out_channels * 4), *const own = room(args.out_channels * 4);
    harness_fill_floats(gradient, count);
    harness_fill_floats(scale, args.out_channels);
    for (int32_t o = 0; o < args.out_channels; o++)
      expected[o] = own[o] = (int32_t)harness_random();
    tinysdk_conv2d_bias_update_s32(&args, gradient, scale, &rate, expected);
    tinysdk_conv2d_bias_update_s32_dsp(&args, gradient, scale, &rate, own);
    const int32_t at = first_difference(expected, own, args.out_channels * 4);
    free(gradient), free(scale), free(expected), free(own);
    if (at >= 0)
      return differ("conv2d_bias_update_s32_dsp", i, at);
  }
  report("conv2d_bias_update_s32_dsp", cases);
}

static void test_scale(int32_t cases) {
  for (int32_t i = 0; i < cases; i++) {
    const int32_t plane = harness_between(0, 2) ? harness_between(1, 70) : 8 * harness_between(1, 9);
    const tinysdk_planes_args a = {harness_between(1, 2), harness_between(1, 5), plane};
    const int32_t count = a.batch * a.channels * a.plane, masked = harness_between(0, 3) > 0;
    float *const x = room(count * 4), *const expected = room(count * 4), *const scale = room(a.channels * 4);
    float *const own = harness_between(0, 1) ? x : room(count * 4);
    uint8_t *const mask = room((count + 7) / 8);
    harness_fill_floats(x, count);
    harness_fill_floats(scale, a.channels);
    for (int32_t m = 0; m < (count + 7) / 8; m++)
      mask[m] = harness_between(0, 2) ? (uint8_t)harness_random() : 255;
    tinysdk_scale_f32(&a, x, masked ? mask : NULL, scale, expected);
    tinysdk_scale_f32_dsp(&a, x, masked ? mask : NULL, scale, own);
    const int32_t at = first_difference(expected, own, count * 4);
    if (own != x)
      free(own);
    free(x), free(expected), free(scale), free(mask);
    if (at >= 0)
      return differ("scale_f32_dsp", i, at);
  }
  report("scale_f32_dsp", cases);
}

static void test_accumulate(int32_t cases) {
  for (int32_t i = 0; i < cases; i++) {
    const tinysdk_count_args a = {harness_between(1, 70)};
    float *const x1 = room(a.count * 4), *const x2 = room(a.count * 4), *const expected = room(a.count * 4);
    const int32_t place = harness_between(0, 2);
    float *const own = place == 0 ? x1 : place == 1 ? x2 : room(a.count * 4);
    harness_fill_floats(x1, a.count);
    harness_fill_floats(x2, a.count);
    tinysdk_accumulate_f32(&a, x1, x2, expected);
    tinysdk_accumulate_f32_dsp(&a, x1, x2, own);
    const int32_t at = first_difference(expected, own, a.count * 4);
    free(x1), free(x2), free(expected);
    if (place == 2)
      free(own);
    if (at >= 0)
      return differ("accumulate_f32_dsp", i, at);
  }
  report("accumulate_f32_dsp", cases);
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

int harness_main(void) {
  test_dense(1500);
  test_average_pool(1500);
  test_add(6000);
  test_1x1_gradient(1000);
  test_general_gradient(2000);
  test_depthwise_gradient(3000);
  test_weight_update(1500);
  test_bias_update(1000);
  test_scale(1000);
  test_accumulate(300);
  test_1x1("conv2d_1x1_s8_dsp", tinysdk_conv2d_1x1_s8_dsp, 3000);
  test_1x1("conv2d_1x1_s8_dsp_dual", tinysdk_conv2d_1x1_s8_dsp_dual, 3000);
  test_depthwise(3000);
  test_general(1500);
  return failures > 0;
}
