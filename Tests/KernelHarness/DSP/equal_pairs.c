/* Compares the kernels that read layout `pairs` with their Portable twins on random layers, bit for bit. */
#include "harness.h"

#define MOST_OUTPUTS 16

typedef __typeof__(tinysdk_conv2d_s8) convolution;
typedef __typeof__(tinysdk_conv2d_s8_scratch) size;

extern convolution tinysdk_conv2d_1x1_s8_pairs;
extern size tinysdk_conv2d_1x1_s8_pairs_scratch, tinysdk_conv2d_1x1_s8_pairs_instructions;
extern size tinysdk_layout_pairs_bytes;
extern __typeof__(tinysdk_conv2d_1x1_input_gradient_f32) tinysdk_conv2d_1x1_input_gradient_f32_pairs;
extern size tinysdk_conv2d_1x1_input_gradient_f32_pairs_scratch;
extern convolution tinysdk_conv2d_s8_pairs;
extern size tinysdk_conv2d_s8_pairs_scratch, tinysdk_conv2d_s8_pairs_instructions;
extern convolution tinysdk_conv2d_1x1_s8_pairs_dual, tinysdk_conv2d_s8_pairs_dual;
extern size tinysdk_conv2d_1x1_s8_pairs_dual_scratch, tinysdk_conv2d_s8_pairs_dual_scratch;
int32_t tinysdk_layout_pairs_pack(const tinysdk_conv2d_args *args, const int8_t *weights, int8_t *packed);
void tinysdk_layout_pairs_unpack(const tinysdk_conv2d_args *args, const int8_t *packed, int8_t *weights);
extern __typeof__(tinysdk_dense_s8) tinysdk_dense_s8_pairs;
int32_t tinysdk_dense_s8_pairs_instructions(const tinysdk_dense_args *args);
int32_t tinysdk_layout_dense_pairs_bytes(const tinysdk_dense_args *args);
int32_t tinysdk_layout_dense_pairs_pack(const tinysdk_dense_args *args, const int8_t *weights,
                                        int8_t *packed);
void tinysdk_layout_dense_pairs_unpack(const tinysdk_dense_args *args, const int8_t *packed, int8_t *weights);

static tinysdk_conv2d_args args;
static int32_t failures, refused;

static void differ(const char *name, int32_t number, int32_t at) {
  char line[240];
  snprintf(line, sizeof(line),
           "%s: case %ld differs at %ld: in %ldx%ldx%ld out %ld kernel %ldx%ld stride %ld,%ld pad %ld,%ld "
           "rounding %ld clamp %ld to %ld\n",
           name, (long)number, (long)at, (long)args.in_channels, (long)args.in_height, (long)args.in_width,
           (long)args.out_channels, (long)args.kernel_height, (long)args.kernel_width, (long)args.stride_y,
           (long)args.stride_x, (long)args.pad_top, (long)args.pad_left, (long)args.rounding,
           (long)args.clamp_min, (long)args.clamp_max);
  harness_print(line);
  failures++;
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

static void random_layer(int32_t channels) {
  memset(&args, 0, sizeof(args));
  args.batch = harness_between(1, 2);
  args.in_channels = channels;
  args.out_channels = harness_between(1, MOST_OUTPUTS);
  args.kernel_height = args.kernel_width = args.stride_y = args.stride_x = 1;
  args.dilation_y = args.dilation_x = args.groups = 1;
  args.input_zero = harness_between(-128, 127);
  args.output_zero = harness_between(0, 1) ? -128 : harness_between(-128, 127);
  args.rounding = harness_between(0, 1);
  args.clamp_min = harness_between(0, 2) ? -128 : harness_between(-128, 0);
  args.clamp_max = harness_between(0, 2) ? 127 : harness_between(0, 127);
}

static void random_pointwise(void) {
  random_layer(harness_between(1, harness_between(0, 4) ? 40 : 250));
  const int32_t even = harness_between(0, 1);
  args.in_height = args.out_height = even ? 2 * harness_between(1, 4) : harness_between(1, 6);
  args.in_width = args.out_width = even ? 4 : harness_between(1, 6);
}

static void random_numbers(int8_t *weights, int32_t count, int32_t *bias, tinysdk_requantization *scale) {
  const int32_t limit = harness_between(0, 9) ? 127 : 128;
  harness_fill_bytes(weights, count, -limit, 127);
  const int32_t usual = harness_between(0, 1);
  for (int32_t o = 0; o < args.out_channels; o++) {
    const int32_t kind = usual ? 11 : harness_between(0, 11);
    bias[o] = kind == 0   ? INT32_MIN
              : kind == 1 ? INT32_MAX
              : kind == 2 ? (int32_t)harness_random()
                          : harness_between(-100000, 100000);
    scale[o].multiplier = usual || harness_between(0, 15) ? harness_between(1 << 30, INT32_MAX) : 0;
    scale[o].shift = usual || harness_between(0, 7) ? harness_between(-14, -6) : harness_between(-31, 30);
  }
}

/* One layer; 1: refused, 0: equal. Rooms are exact, for the sanitizers. */
static int32_t compare(const char *name, int32_t number, convolution *portable, convolution *variant,
                       int32_t portable_scratch, int32_t scratch, int32_t in_place) {
  const int32_t ins = args.batch * args.in_channels * args.in_height * args.in_width;
  const int32_t outs = args.batch * args.out_channels * args.out_height * args.out_width;
  const int32_t count = args.in_channels * args.kernel_height * args.kernel_width * args.out_channels;
  const int32_t masked = harness_between(0, 1), biased = harness_between(0, 5) > 0;
  int8_t *const input = room(in_place && outs > ins ? outs : ins);
  int8_t *const expected = room(outs), *const own = in_place ? input : room(outs);
  uint8_t *const mask1 = room((outs + 7) / 8), *const mask2 = room((outs + 7) / 8);
  int32_t *const bias = room(args.out_channels * 4);
  tinysdk_requantization *const scale = room(args.out_channels * 8);
  void *const s1 = room(portable_scratch), *const s2 = room(scratch);
  int8_t *const weights = room(count), *const again = room(count);
  int8_t *const packed = room(tinysdk_layout_pairs_bytes(&args));
  random_numbers(weights, count, bias, scale);
  harness_fill_bytes(input, ins, -128, 127);
  memset(mask1, 0x5A, (size_t)((outs + 7) / 8));
  memset(mask2, 0x5A, (size_t)((outs + 7) / 8));
  int32_t at = -1;
  const int32_t result = tinysdk_layout_pairs_pack(&args, weights, packed);
  if (result == 0) {
    tinysdk_layout_pairs_unpack(&args, packed, again);
    portable(&args, input, weights, NULL, NULL, biased ? bias : NULL, scale, expected, masked ? mask1 : NULL,
             s1);
    variant(&args, input, packed, NULL, NULL, biased ? bias : NULL, scale, own, masked ? mask2 : NULL, s2);
    at = first_difference(expected, own, outs);
    if (at < 0 && first_difference(mask1, mask2, (outs + 7) / 8) >= 0)
      at = 1000000 + first_difference(mask1, mask2, (outs + 7) / 8);
    if (at < 0 && first_difference(weights, again, count) >= 0)
      at = 2000000;
  }
  if (at >= 0)
    differ(name, number, at);
  free(input), free(expected), free(mask1), free(mask2), free(bias), free(scale), free(s1), free(s2);
  free(weights), free(again), free(packed);
  if (!in_place)
    free(own);
  return result != 0;
}

static void report(const char *name, int32_t cases) {
  char line[96];
  snprintf(line, sizeof(line), "%s: %ld cases, %ld refused, %ld failures\n", name, (long)cases, (long)refused,
           (long)failures);
  harness_print(line);
  refused = 0;
}

static void test_1x1(const char *name, convolution *variant, size *scratch, int32_t cases) {
  for (int32_t i = 0; i < cases && failures < 5; i++) {
    do
      random_pointwise();
    while (tinysdk_conv2d_1x1_s8_pairs_instructions(&args) < 0);
    refused += compare(name, i, tinysdk_conv2d_1x1_s8, variant, tinysdk_conv2d_1x1_s8_scratch(&args),
                       scratch(&args), harness_between(0, 1));
  }
  report(name, cases);
}

static void compare_gradients(int32_t number) {
  const int32_t plane = args.in_height * args.in_width * args.batch, ins = plane * args.in_channels;
  const int32_t outs = plane * args.out_channels, count = args.in_channels * args.out_channels;
  const int32_t in_place = harness_between(0, 1);
  int8_t *const weights = room(count), *const packed = room(tinysdk_layout_pairs_bytes(&args));
  float *const gradient = room((ins > outs ? ins : outs) * 4), *const expected = room(ins * 4);
  float *const own = in_place ? gradient : room(ins * 4);
  void *const s1 = room(tinysdk_conv2d_1x1_input_gradient_f32_scratch(&args));
  void *const s2 = room(tinysdk_conv2d_1x1_input_gradient_f32_pairs_scratch(&args));
  harness_fill_bytes(weights, count, -127, 127);
  harness_fill_floats(gradient, outs);
  if (tinysdk_layout_pairs_pack(&args, weights, packed) == 0) {
    tinysdk_conv2d_1x1_input_gradient_f32(&args, gradient, weights, NULL, NULL, expected, s1);
    tinysdk_conv2d_1x1_input_gradient_f32_pairs(&args, gradient, packed, NULL, NULL, own, s2);
    const int32_t at = first_difference(expected, own, ins * 4);
    if (at >= 0)
      differ("conv2d_1x1_input_gradient_f32_pairs", number, at);
  } else
    refused++;
  free(weights), free(packed), free(gradient), free(expected), free(s1), free(s2);
  if (!in_place)
    free(own);
}

static void test_gradient(int32_t cases) {
  for (int32_t i = 0; i < cases && failures < 5; i++) {
    do
      random_pointwise();
    while (tinysdk_conv2d_1x1_s8_pairs_instructions(&args) < 0);
    compare_gradients(i);
  }
  report("conv2d_1x1_input_gradient_f32_pairs", cases);
}

static void random_window(void) {
  do {
    random_layer(harness_between(1, 8));
    args.in_height = harness_between(1, 20);
    args.in_width = harness_between(1, 28);
    args.kernel_height = harness_between(1, 5);
    args.kernel_width = harness_between(0, 2) ? args.kernel_height : harness_between(1, 7);
    args.stride_y = harness_between(1, 2);
    args.stride_x = harness_between(0, 5) ? args.stride_y : harness_between(1, 4);
    args.pad_top = harness_between(0, args.kernel_height - 1);
    args.pad_left = harness_between(0, args.kernel_width - 1);
    args.dilation_y = harness_between(0, 7) ? 1 : 2;
    args.dilation_x = harness_between(0, 7) ? 1 : 2;
    harness_set_output(&args);
  } while (args.out_height < 1 || args.out_width < 1 || tinysdk_conv2d_s8_pairs_instructions(&args) < 0);
}

static void test_general(const char *name, convolution *variant, size *scratch, int32_t cases) {
  for (int32_t i = 0; i < cases && failures < 5; i++) {
    random_window();
    refused += compare(name, i, tinysdk_conv2d_s8, variant, 0, scratch(&args), 0);
  }
  report(name, cases);
}

/* A dense layer of args' channels; as `compare`. Now and then the packed weights lie at odd addresses. */
static int32_t compare_dense(int32_t number, const tinysdk_dense_args *a) {
  const int32_t ins = a->batch * a->in_count, outs = a->batch * a->out_count;
  const int32_t count = a->in_count * a->out_count, mask_bytes = (outs + 7) / 8;
  const int32_t masked = harness_between(0, 1), biased = harness_between(0, 5) > 0;
  const int32_t bytes = tinysdk_layout_dense_pairs_bytes(a), odd = harness_between(0, 7) ? 0 : 1;
  int8_t *const input = room(ins), *const expected = room(outs), *const own = room(outs);
  uint8_t *const mask1 = room(mask_bytes), *const mask2 = room(mask_bytes);
  int32_t *const bias = room(a->out_count * 4);
  tinysdk_requantization *const scale = room(a->out_count * 8);
  int8_t *const weights = room(count), *const again = room(count), *const packed = room(bytes + odd);
  int32_t at = -1;
  random_numbers(weights, count, bias, scale);
  harness_fill_bytes(input, ins, -128, 127);
  memset(mask1, 0x5A, (size_t)mask_bytes);
  memset(mask2, 0x5A, (size_t)mask_bytes);
  const int32_t result = tinysdk_layout_dense_pairs_pack(a, weights, packed + odd);
  if (result == 0) {
    tinysdk_layout_dense_pairs_unpack(a, packed + odd, again);
    tinysdk_dense_s8(a, input, weights, NULL, NULL, biased ? bias : NULL, scale, expected,
                     masked ? mask1 : NULL);
    tinysdk_dense_s8_pairs(a, input, packed + odd, NULL, NULL, biased ? bias : NULL, scale, own,
                           masked ? mask2 : NULL);
    at = first_difference(expected, own, outs);
    if (at < 0 && first_difference(mask1, mask2, mask_bytes) >= 0)
      at = 1000000 + first_difference(mask1, mask2, mask_bytes);
    if (at < 0 && first_difference(weights, again, count) >= 0)
      at = 2000000;
  }
  if (at >= 0)
    differ("dense_s8_pairs", number, at);
  free(input), free(expected), free(own), free(mask1), free(mask2), free(bias), free(scale), free(weights);
  free(again), free(packed);
  return result != 0;
}

static void test_dense(int32_t cases) {
  for (int32_t i = 0; i < cases && failures < 5; i++) {
    tinysdk_dense_args a;
    do {
      random_layer(harness_between(1, harness_between(0, 4) ? 60 : 700));
      args.batch = harness_between(1, 3);
      args.out_channels = harness_between(1, harness_between(0, 4) ? 12 : 60);
      a = (tinysdk_dense_args){args.batch,       args.in_channels, args.out_channels, args.input_zero, 0,
                               args.output_zero, args.clamp_min,   args.clamp_max,    args.rounding,   0};
    } while (tinysdk_dense_s8_pairs_instructions(&a) < 0);
    refused += compare_dense(i, &a);
  }
  report("dense_s8_pairs", cases);
}

int harness_main(void) {
  test_dense(3000);
  test_general("conv2d_s8_pairs", tinysdk_conv2d_s8_pairs, tinysdk_conv2d_s8_pairs_scratch, 2500);
  test_general("conv2d_s8_pairs_dual", tinysdk_conv2d_s8_pairs_dual, tinysdk_conv2d_s8_pairs_dual_scratch,
               2500);
  test_1x1("conv2d_1x1_s8_pairs", tinysdk_conv2d_1x1_s8_pairs, tinysdk_conv2d_1x1_s8_pairs_scratch, 4000);
  test_1x1("conv2d_1x1_s8_pairs_dual", tinysdk_conv2d_1x1_s8_pairs_dual,
           tinysdk_conv2d_1x1_s8_pairs_dual_scratch, 4000);
  test_gradient(1500);
  return failures > 0;
}
