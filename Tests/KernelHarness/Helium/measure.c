/* Instructions per call of the shapes that other libraries were measured on: the difference of two and one
 * calls. */
#include "harness.h"

#include <string.h>

/* Of all lines since it was last reset. */
static int64_t total;

static void line(const char *name, int64_t instructions, int64_t macs) {
  total += instructions;
  say(name);
  say(": ");
  say_number(instructions);
  say(" (");
  say_number(instructions / macs);
  say(".");
  const int64_t thousandths = instructions * 1000 / macs % 1000;
  say(thousandths < 10 ? "00" : thousandths < 100 ? "0" : "");
  say_number(thousandths);
  say(" per MAC)\n");
}

/* With -icount shift=6 an instruction takes 64 ns; the timer ticks every 31.25 ns and has 24 bits. */
static int64_t instructions_of(uint32_t once, uint32_t twice) {
  return (int64_t)((twice - once) & 0xFFFFFF) * 125 / 256;
}

typedef __typeof__(tinysdk_conv2d_s8) conv_kernel;

static void conv(const char *name, conv_kernel *kernel, int32_t (*scratch)(const tinysdk_conv2d_args *),
                 int32_t size, int32_t in, int32_t out, int32_t k, int32_t stride, int32_t groups,
                 int32_t rounding, int32_t masked) {
  const int32_t out_size = (size + stride - 1) / stride;
  const tinysdk_conv2d_args a = {.batch = 1,
                                 .in_channels = in,
                                 .in_height = size,
                                 .in_width = size,
                                 .out_channels = out,
                                 .out_height = out_size,
                                 .out_width = out_size,
                                 .kernel_height = k,
                                 .kernel_width = k,
                                 .stride_y = stride,
                                 .stride_x = stride,
                                 .pad_top = k / 2,
                                 .pad_left = k / 2,
                                 .dilation_y = 1,
                                 .dilation_x = 1,
                                 .groups = groups,
                                 .input_zero = -128,
                                 .output_zero = -128,
                                 .clamp_min = -128,
                                 .clamp_max = 127,
                                 .rounding = rounding};
  pool_reset();
  int8_t *const input = pool_take(in * size * size), *const weights = pool_take(in / groups * out * k * k);
  int8_t *const output = pool_take(out * out_size * out_size);
  uint8_t *const mask = pool_take(out * out_size * out_size / 8 + 1);
  int32_t *const bias = pool_take(4 * out);
  tinysdk_requantization *const scale = pool_take(8 * out);
  void *const room = pool_take(scratch(&a));
  random_bytes(input, in * size * size, -128);
  random_bytes(weights, in / groups * out * k * k, -127);
  for (int32_t o = 0; o < out; o++) {
    bias[o] = random_between(-20000, 20000);
    scale[o].multiplier = 1500000000;
    scale[o].shift = -8;
  }
  uint32_t times[2];
  for (int32_t n = 0; n < 2; n++) {
    const uint32_t start = ticks();
    for (int32_t i = 0; i <= n; i++)
      kernel(&a, input, weights, 0, 0, bias, scale, output, masked ? mask : 0, room);
    times[n] = ticks() - start;
  }
  line(name, instructions_of(times[0], times[1]), (int64_t)out * out_size * out_size * (in / groups) * k * k);
}

typedef __typeof__(tinysdk_conv2d_1x1_input_gradient_f32) gradient_kernel;

static void gradient(const char *name, gradient_kernel *kernel,
                     int32_t (*scratch)(const tinysdk_conv2d_args *), int32_t size, int32_t in, int32_t out,
                     int32_t k, int32_t stride, int32_t groups) {
  const int32_t out_size = (size + stride - 1) / stride;
  const tinysdk_conv2d_args a = {.batch = 1,
                                 .in_channels = in,
                                 .in_height = size,
                                 .in_width = size,
                                 .out_channels = out,
                                 .out_height = out_size,
                                 .out_width = out_size,
                                 .kernel_height = k,
                                 .kernel_width = k,
                                 .stride_y = stride,
                                 .stride_x = stride,
                                 .pad_top = k / 2,
                                 .pad_left = k / 2,
                                 .dilation_y = 1,
                                 .dilation_x = 1,
                                 .groups = groups};
  pool_reset();
  float *const from = pool_take(4 * out * out_size * out_size), *const to = pool_take(4 * in * size * size);
  int8_t *const weights = pool_take(in / groups * out * k * k);
  void *const room = pool_take(scratch(&a));
  random_bytes(weights, in / groups * out * k * k, -127);
  for (int32_t i = 0; i < out * out_size * out_size; i++)
    from[i] = random_float();
  uint32_t times[2];
  for (int32_t n = 0; n < 2; n++) {
    const uint32_t start = ticks();
    for (int32_t i = 0; i <= n; i++)
      kernel(&a, from, weights, 0, 0, to, room);
    times[n] = ticks() - start;
  }
  line(name, instructions_of(times[0], times[1]), (int64_t)out * out_size * out_size * (in / groups) * k * k);
}

/* Input gradients in integers of one width: bounded so that sums stay below 2^30. */
#define MEASURE_INTEGER(bits)                                                                                \
  typedef __typeof__(tinysdk_conv2d_1x1_input_gradient_g##bits) kernel_g##bits;                              \
  static void gradient_g##bits(const char *name, kernel_g##bits *kernel, int32_t scratch,                    \
                               const tinysdk_conv2d_args *a, int32_t macs) {                                 \
    const int32_t outs = a->out_channels * a->out_height * a->out_width;                                     \
    const int32_t weight_count = macs / (a->out_height * a->out_width);                                      \
    int##bits##_t *const from = pool_take(outs * bits / 8);                                                  \
    int##bits##_t *const to = pool_take(a->in_channels * a->in_height * a->in_width * bits / 8);             \
    int8_t *const weights = pool_take(weight_count);                                                         \
    void *const room = pool_take(scratch);                                                                   \
    int32_t exponents[2] = {0, 0};                                                                           \
    random_bytes(weights, weight_count, -127);                                                               \
    for (int32_t i = 0; i < outs; i++)                                                                       \
      from[i] = (int##bits##_t)random_between(-127, 127);                                                    \
    uint32_t times[2];                                                                                       \
    for (int32_t n = 0; n < 2; n++) {                                                                        \
      const uint32_t start = ticks();                                                                        \
      for (int32_t i = 0; i <= n; i++)                                                                       \
        kernel(a, from, exponents, weights, 0, 0, to, exponents + 1, room);                                  \
      times[n] = ticks() - start;                                                                            \
    }                                                                                                        \
    line(name, instructions_of(times[0], times[1]), macs);                                                   \
  }
MEASURE_INTEGER(16)
MEASURE_INTEGER(8)

#define VARIANTS(kernel)                                                                                     \
  extern __typeof__(kernel) kernel##_mve;                                                                    \
  extern __typeof__(tinysdk_conv2d_s8_scratch) kernel##_mve_scratch
VARIANTS(tinysdk_conv2d_1x1_input_gradient_g16);
VARIANTS(tinysdk_conv2d_1x1_input_gradient_g8);
VARIANTS(tinysdk_depthwise_input_gradient_g16);
VARIANTS(tinysdk_depthwise_input_gradient_g8);

static void integer_gradients(const char *name, int32_t size, int32_t in, int32_t out, int32_t k,
                              int32_t stride) {
  const int32_t out_size = (size + stride - 1) / stride, depthwise = k > 1;
  const tinysdk_conv2d_args a = {.batch = 1,
                                 .in_channels = in,
                                 .in_height = size,
                                 .in_width = size,
                                 .out_channels = out,
                                 .out_height = out_size,
                                 .out_width = out_size,
                                 .kernel_height = k,
                                 .kernel_width = k,
                                 .stride_y = stride,
                                 .stride_x = stride,
                                 .pad_top = k / 2,
                                 .pad_left = k / 2,
                                 .dilation_y = 1,
                                 .dilation_x = 1,
                                 .groups = depthwise ? in : 1};
  const int32_t macs = out * out_size * out_size * (depthwise ? k * k : in);
  pool_reset();
  say(name);
  say(", 16 and 8 bits\n");
  if (depthwise) {
    gradient_g16("  portable", tinysdk_depthwise_input_gradient_g16,
                 tinysdk_depthwise_input_gradient_g16_scratch(&a), &a, macs);
    gradient_g16("  vectors", tinysdk_depthwise_input_gradient_g16_mve,
                 tinysdk_depthwise_input_gradient_g16_mve_scratch(&a), &a, macs);
    gradient_g8("  vectors", tinysdk_depthwise_input_gradient_g8_mve,
                tinysdk_depthwise_input_gradient_g8_mve_scratch(&a), &a, macs);
  } else {
    gradient_g16("  portable", tinysdk_conv2d_1x1_input_gradient_g16,
                 tinysdk_conv2d_1x1_input_gradient_g16_scratch(&a), &a, macs);
    gradient_g16("  vectors", tinysdk_conv2d_1x1_input_gradient_g16_mve,
                 tinysdk_conv2d_1x1_input_gradient_g16_mve_scratch(&a), &a, macs);
    gradient_g8("  vectors", tinysdk_conv2d_1x1_input_gradient_g8_mve,
                tinysdk_conv2d_1x1_input_gradient_g8_mve_scratch(&a), &a, macs);
  }
}

#define POINTWISE tinysdk_conv2d_1x1_s8_mve, tinysdk_conv2d_1x1_s8_mve_scratch
#define DEPTHWISE tinysdk_depthwise_conv2d_s8_mve, tinysdk_depthwise_conv2d_s8_mve_scratch
#define SMALL tinysdk_depthwise_conv2d_s8_mve_small, tinysdk_depthwise_conv2d_s8_mve_small_scratch
#define GENERAL tinysdk_conv2d_s8_mve, tinysdk_conv2d_s8_mve_scratch

static void dense(int32_t in, int32_t out, int32_t rounding) {
  const tinysdk_dense_args a = {1, in, out, -128, 0, -128, -128, 127, rounding, 0};
  pool_reset();
  int8_t *const input = pool_take(in), *const weights = pool_take(in * out), *const output = pool_take(out);
  int32_t *const bias = pool_take(4 * out);
  tinysdk_requantization *const scale = pool_take(8 * out);
  for (int32_t o = 0; o < out; o++) {
    bias[o] = 100;
    scale[o].multiplier = 1500000000;
    scale[o].shift = -8;
  }
  uint32_t times[2];
  for (int32_t n = 0; n < 2; n++) {
    const uint32_t start = ticks();
    for (int32_t i = 0; i <= n; i++)
      tinysdk_dense_s8_mve(&a, input, weights, 0, 0, bias, scale, output, 0);
    times[n] = ticks() - start;
  }
  line("dense 160-10", instructions_of(times[0], times[1]), (int64_t)in * out);
}

/* Per element, as if each were a multiplication. */
static void add(int32_t count, int32_t rounding) {
  const tinysdk_add_args a = {count, 20,   -128,       1 << 30, 0,    3,   1500000000,
                              -1,    -128, 1500000000, -18,     -128, 127, rounding};
  pool_reset();
  int8_t *const input1 = pool_take(count), *const input2 = pool_take(count), *const output = pool_take(count);
  uint32_t times[2];
  for (int32_t n = 0; n < 2; n++) {
    const uint32_t start = ticks();
    for (int32_t i = 0; i <= n; i++)
      tinysdk_add_s8_mve(&a, input1, input2, output, 0);
    times[n] = ticks() - start;
  }
  line("add 8192", instructions_of(times[0], times[1]), count);
}

/* Portable, then vectors. */
#define TWICE(name, operations, portable, variant)                                                           \
  for (int32_t v = 0; v < 2; v++) {                                                                          \
    uint32_t times[2];                                                                                       \
    for (int32_t n = 0; n < 2; n++) {                                                                        \
      const uint32_t start = ticks();                                                                        \
      for (int32_t i = 0; i <= n; i++)                                                                       \
        if (v)                                                                                               \
          variant;                                                                                           \
        else                                                                                                 \
          portable;                                                                                          \
      times[n] = ticks() - start;                                                                            \
    }                                                                                                        \
    line(name, instructions_of(times[0], times[1]), operations);                                             \
  }

/* The updates of a 1x1 layer of which `own` inputs learn, and the scaling of its gradient. */
static void updates(int32_t size, int32_t own, int32_t out) {
  const int32_t plane = size * size;
  const tinysdk_conv2d_args a = {.batch = 1,
                                 .in_channels = 4 * own,
                                 .in_height = size,
                                 .in_width = size,
                                 .out_channels = out,
                                 .out_height = size,
                                 .out_width = size,
                                 .kernel_height = 1,
                                 .kernel_width = 1,
                                 .stride_y = 1,
                                 .stride_x = 1,
                                 .dilation_y = 1,
                                 .dilation_x = 1,
                                 .groups = 1,
                                 .input_zero = -128,
                                 .trained_channels = own};
  const tinysdk_planes_args planes = {1, out, plane};
  pool_reset();
  float *const gradient = pool_take(4 * out * plane), *const scale = pool_take(4 * out);
  int8_t *const saved = pool_take(own * plane), *const weights = pool_take(own * out);
  int8_t *const residual = pool_take(own * out);
  int32_t *const bias = pool_take(4 * out);
  uint8_t *const mask = pool_take(out * plane / 8);
  const float rate[1] = {0.01f};
  random_bytes(saved, own * plane, -128);
  random_bytes((int8_t *)mask, out * plane / 8, -128);
  for (int32_t i = 0; i < out * plane; i++)
    gradient[i] = random_float();
  for (int32_t o = 0; o < out; o++)
    scale[o] = 1;
  TWICE("weight update", (int64_t)own * out * plane,
        tinysdk_conv2d_weight_update_s8(&a, gradient, saved, 0, scale, rate, weights, residual),
        tinysdk_conv2d_weight_update_s8_mve(&a, gradient, saved, 0, scale, rate, weights, residual));
  TWICE("bias update", (int64_t)out * plane, tinysdk_conv2d_bias_update_s32(&a, gradient, scale, rate, bias),
        tinysdk_conv2d_bias_update_s32_mve(&a, gradient, scale, rate, bias));
  TWICE("masked scale", (int64_t)out * plane, tinysdk_scale_f32(&planes, gradient, mask, scale, gradient),
        tinysdk_scale_f32_mve(&planes, gradient, mask, scale, gradient));
  TWICE("scale", (int64_t)out * plane, tinysdk_scale_f32(&planes, gradient, 0, scale, gradient),
        tinysdk_scale_f32_mve(&planes, gradient, 0, scale, gradient));
  const tinysdk_pool2d_args pool = {1, out, size, size, 1, 1, size, size, 1, 1, 0, 0, 1, 1, 0, 0, -128, 127};
  int8_t *const pooled = pool_take(out * plane / 4);
  uint16_t *const winners = pool_take(out * plane / 2);
  const tinysdk_pool2d_args halved = {.batch = 1,
                                      .channels = out,
                                      .in_height = size,
                                      .in_width = size,
                                      .out_height = size / 2,
                                      .out_width = size / 2,
                                      .kernel_height = 2,
                                      .kernel_width = 2,
                                      .stride_y = 2,
                                      .stride_x = 2,
                                      .dilation_y = 1,
                                      .dilation_x = 1,
                                      .clamp_min = -128,
                                      .clamp_max = 127};
  TWICE("largest of 2x2", (int64_t)out * plane,
        tinysdk_max_pool2d_s8(&halved, (int8_t *)gradient, pooled, 0, 0),
        tinysdk_max_pool2d_s8_mve(&halved, (int8_t *)gradient, pooled, 0, 0));
  TWICE("and which", (int64_t)out * plane,
        tinysdk_max_pool2d_s8(&halved, (int8_t *)gradient, pooled, winners, 0),
        tinysdk_max_pool2d_s8_mve(&halved, (int8_t *)gradient, pooled, winners, 0));
  TWICE("global average", (int64_t)out * plane,
        tinysdk_average_pool2d_s8(&pool, (int8_t *)gradient, weights, 0),
        tinysdk_average_pool2d_s8_mve(&pool, (int8_t *)gradient, weights, 0));
}

/* The convolutions of MCUNet-5FPS at 128x128: kernel, stride, size, channels in and out; 0 is depthwise. */
static void network(void) {
  static const int16_t layers[][5] = {
      {3, 2, 128, 3, 16},  {3, 1, 64, 16, 0},   {1, 1, 64, 16, 8},   {1, 1, 64, 8, 32},  {3, 2, 64, 32, 0},
      {1, 1, 32, 32, 16},  {1, 1, 32, 16, 48},  {3, 1, 32, 48, 0},   {1, 1, 32, 48, 16}, {1, 1, 32, 16, 48},
      {7, 2, 32, 48, 0},   {1, 1, 16, 48, 24},  {1, 1, 16, 24, 120}, {3, 1, 16, 120, 0}, {1, 1, 16, 120, 24},
      {1, 1, 16, 24, 120}, {3, 2, 16, 120, 0},  {1, 1, 8, 120, 40},  {1, 1, 8, 40, 160}, {7, 1, 8, 160, 0},
      {1, 1, 8, 160, 40},  {1, 1, 8, 40, 160},  {5, 1, 8, 160, 0},   {1, 1, 8, 160, 48}, {1, 1, 8, 48, 144},
      {3, 1, 8, 144, 0},   {1, 1, 8, 144, 48},  {1, 1, 8, 48, 192},  {3, 1, 8, 192, 0},  {1, 1, 8, 192, 48},
      {1, 1, 8, 48, 240},  {7, 2, 8, 240, 0},   {1, 1, 4, 240, 96},  {1, 1, 4, 96, 384}, {5, 1, 4, 384, 0},
      {1, 1, 4, 384, 96},  {1, 1, 4, 96, 384},  {5, 1, 4, 384, 0},   {1, 1, 4, 384, 96}, {1, 1, 4, 96, 576},
      {3, 1, 4, 576, 0},   {1, 1, 4, 576, 160}, {1, 1, 1, 160, 1000}};
  say("MCUNet-5FPS, its convolutions one by one, TFLite rounding\n");
  total = 0;
  for (uint32_t i = 0; i < sizeof(layers) / sizeof(layers[0]); i++) {
    const int16_t *const l = layers[i];
    if (l[4] == 0 && l[2] <= 4)
      conv("small", SMALL, l[2], l[3], l[3], l[0], l[1], l[3], 0, 0);
    else if (l[4] == 0)
      conv("depthwise", DEPTHWISE, l[2], l[3], l[3], l[0], l[1], l[3], 0, 0);
    else if (l[0] == 1)
      conv("1x1", POINTWISE, l[2], l[3], l[4], 1, 1, 1, 0, 0);
    else
      conv("first", GENERAL, l[2], l[3], l[4], l[0], l[1], 1, 0, 0);
  }
  say("sum ");
  say_number(total);
  say("\n");
}

void measure(void) {
  for (int32_t rounding = 0; rounding < 2; rounding++) {
    say(rounding ? "single rounding\n" : "TFLite rounding\n");
    conv("1x1 16x16x48-24", POINTWISE, 16, 48, 24, 1, 1, 1, rounding, 0);
    conv("1x1 8x8x96-48", POINTWISE, 8, 96, 48, 1, 1, 1, rounding, 0);
    conv("1x1 4x4x240-96", POINTWISE, 4, 240, 96, 1, 1, 1, rounding, 0);
    conv("1x1 64x64x16-8", POINTWISE, 64, 16, 8, 1, 1, 1, rounding, 0);
    conv("1x1 64x64x8-32", POINTWISE, 64, 8, 32, 1, 1, 1, rounding, 0);
    conv("1x1 8x8x40-160 masked", POINTWISE, 8, 40, 160, 1, 1, 1, rounding, 1);
    conv("1x1 1x1x160-10", POINTWISE, 1, 160, 10, 1, 1, 1, rounding, 0);
    dense(160, 10, rounding);
    add(8192, rounding);
    conv("3x3 s2 128x128x3-16", GENERAL, 128, 3, 16, 3, 2, 1, rounding, 0);
    conv("depthwise 3x3 32x32x48", DEPTHWISE, 32, 48, 48, 3, 1, 48, rounding, 0);
    conv("depthwise 5x5 16x16x96", DEPTHWISE, 16, 96, 96, 5, 1, 96, rounding, 0);
    conv("depthwise 7x7 8x8x192", DEPTHWISE, 8, 192, 192, 7, 1, 192, rounding, 0);
    conv("depthwise 3x3 4x4x576", SMALL, 4, 576, 576, 3, 1, 576, rounding, 0);
    conv("depthwise 5x5 4x4x384", SMALL, 4, 384, 384, 5, 1, 384, rounding, 0);
    conv("depthwise 3x3 s2 16x16x120", DEPTHWISE, 16, 120, 120, 3, 2, 120, rounding, 0);
    conv("depthwise 7x7 s2 8x8x240", DEPTHWISE, 8, 240, 240, 7, 2, 240, rounding, 0);
  }
  say("input gradients, portable and vectors\n");
#define GRADIENTS(name, kernel, ...)                                                                         \
  gradient(name, kernel, kernel##_scratch, __VA_ARGS__);                                                     \
  gradient(name, kernel##_mve, kernel##_mve_scratch, __VA_ARGS__)
  GRADIENTS("1x1 8x8x48-192", tinysdk_conv2d_1x1_input_gradient_f32, 8, 48, 192, 1, 1, 1);
  GRADIENTS("1x1 4x4x384-96", tinysdk_conv2d_1x1_input_gradient_f32, 4, 384, 96, 1, 1, 1);
  GRADIENTS("depthwise 3x3 8x8x192", tinysdk_depthwise_input_gradient_f32, 8, 192, 192, 3, 1, 192);
  GRADIENTS("depthwise 5x5 4x4x384", tinysdk_depthwise_input_gradient_f32, 4, 384, 384, 5, 1, 384);
  GRADIENTS("depthwise 7x7 s2 8x8x240", tinysdk_depthwise_input_gradient_f32, 8, 240, 240, 7, 2, 240);
  say("input gradients in integers\n");
  integer_gradients("1x1 8x8x48-192", 8, 48, 192, 1, 1);
  integer_gradients("1x1 4x4x384-96", 4, 384, 96, 1, 1);
  integer_gradients("depthwise 3x3 8x8x192", 8, 192, 192, 3, 1);
  integer_gradients("depthwise 5x5 4x4x384", 4, 384, 384, 5, 1);
  integer_gradients("depthwise 7x7 s2 8x8x240", 8, 240, 240, 7, 2);
  say("updates, portable and vectors\n");
  updates(8, 24, 192);
  updates(4, 96, 96);
  network();
}
