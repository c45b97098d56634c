/* Compares every variant of the float gradients and of what they update with its Portable twin, bit for bit.
 */
#include "equal.h"

#include <math.h>

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
extern __typeof__(tinysdk_average_pool2d_gradient_f32) tinysdk_average_pool2d_gradient_f32_dsp;

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

/* Averages over whole planes. */
static void test_average_pool_gradient(int32_t cases) {
  for (int32_t i = 0; i < cases; i++) {
    const int32_t height = harness_between(1, 12), width = harness_between(1, 12);
    const tinysdk_pool2d_args a = {.batch = harness_between(1, 3),
                                   .channels = harness_between(1, 9),
                                   .in_height = height,
                                   .in_width = width,
                                   .out_height = 1,
                                   .out_width = 1,
                                   .kernel_height = height,
                                   .kernel_width = width,
                                   .stride_y = harness_between(1, 2),
                                   .stride_x = harness_between(1, 2),
                                   .dilation_y = 1,
                                   .dilation_x = 1,
                                   .count_padding = harness_between(0, 1)};
    const int32_t planes = a.batch * a.channels, bytes = planes * height * width * 4;
    float *const gradient = room(planes * 4), *const expected = room(bytes), *const own = room(bytes);
    harness_fill_floats(gradient, planes);
    for (int32_t c = 0; c < planes; c++)
      if (harness_between(0, 9) == 0)
        gradient[c] = harness_between(0, 1) ? -0.0f : 1e-42f;
    tinysdk_average_pool2d_gradient_f32(&a, gradient, expected);
    tinysdk_average_pool2d_gradient_f32_dsp(&a, gradient, own);
    const int32_t at = first_difference(expected, own, bytes);
    free(gradient), free(expected), free(own);
    if (at >= 0)
      return differ("average_pool2d_gradient_f32_dsp", i, at);
  }
  report("average_pool2d_gradient_f32_dsp", cases);
}

int harness_main(void) {
  test_1x1_gradient(1000);
  test_general_gradient(2000);
  test_depthwise_gradient(3000);
  test_weight_update(1500);
  test_bias_update(1000);
  test_scale(1000);
  test_accumulate(300);
  test_average_pool_gradient(1000);
  return failures > 0;
}
