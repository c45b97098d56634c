/* Compares every host variant with its portable twin, bit for bit, on random layers. Buffers are as long as
 * the contract says and no longer, so that a sanitizer sees every step beyond. Prints "N cases equal", or the
 * first difference. */
#include "host_kernels.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- random values */

static uint64_t seed = 1;

static uint32_t bits(void) {
  seed = seed * 6364136223846793005ull + 1442695040888963407ull;
  return (uint32_t)(seed >> 32);
}

/* 0 ... count - 1. */
static int32_t below(int32_t count) {
  return (int32_t)(bits() % (uint32_t)count);
}

static int32_t between(int32_t low, int32_t high) {
  return low + below(high - low + 1);
}

static int32_t once_in(int32_t count) {
  return below(count) == 0;
}

/* ---- buffers */

static void *buffers[64];
static int32_t buffer_count;

/* Random bytes; NULL for none. */
static void *buffer(size_t bytes) {
  uint8_t *const made = malloc(bytes ? bytes : 1);
  if (!made || buffer_count == 64)
    abort();
  for (size_t i = 0; i < bytes; i++)
    made[i] = (uint8_t)bits();
  buffers[buffer_count++] = made;
  return made;
}

static void *copy_of(const void *from, size_t bytes) {
  return from ? memcpy(buffer(bytes), from, bytes) : NULL;
}

static void release(void) {
  while (buffer_count > 0)
    free(buffers[--buffer_count]);
}

static int8_t *bytes_between(size_t count, int32_t low, int32_t high) {
  int8_t *const made = buffer(count);
  const int32_t extreme = once_in(6);
  for (size_t i = 0; i < count; i++)
    made[i] = (int8_t)(extreme ? (once_in(2) ? low : high) : between(low, high));
  return made;
}

/* Mostly ordinary floats, sometimes with zeros, tiny, huge and special ones among them. */
static float *floats(size_t count) {
  float *const made = buffer(count * sizeof(float));
  const int32_t odd = once_in(4), special = once_in(12), exponent = between(-24, 4);
  for (size_t i = 0; i < count; i++) {
    made[i] = ldexpf((float)((int32_t)bits()) / 2147483648.0f, exponent);
    if (odd && once_in(3))
      made[i] = once_in(2) ? 0.0f : once_in(2) ? -0.0f : ldexpf(made[i], once_in(2) ? -130 : 60);
    if (special && once_in(20))
      made[i] = once_in(2) ? NAN : once_in(2) ? INFINITY : -INFINITY;
  }
  return made;
}

static tinysdk_requantization requantization(int32_t usual_shift) {
  const tinysdk_requantization made = {once_in(20) ? 0 : (int32_t)(bits() >> 2 | 1u << 30),
                                       once_in(6) ? between(-31, 30) : usual_shift + between(-2, 1)};
  return made;
}

/* ---- comparisons */

static int64_t cases;
static const char *current;
static char arguments[600];

static void fail(const char *what, size_t at, double portable, double host) {
  printf("%s: %s differs at %zu: portable %.9g, host %.9g\n  %s\n", current, what, at, portable, host,
         arguments);
  exit(1);
}

static void compare_bytes(const char *what, const void *portable, const void *host, size_t count) {
  const int8_t *const a = portable, *const b = host;
  for (size_t i = 0; a && i < count; i++)
    if (a[i] != b[i])
      fail(what, i, a[i], b[i]);
}

static void compare_words(const char *what, const int32_t *a, const int32_t *b, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (a[i] != b[i])
      fail(what, i, a[i], b[i]);
}

/* Which of two values that are not numbers comes out, nobody promises. */
static void compare_floats(const char *what, const float *a, const float *b, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (memcmp(a + i, b + i, sizeof(float)) != 0 && (a[i] == a[i] || b[i] == b[i]))
      fail(what, i, (double)a[i], (double)b[i]);
}

/* ---- layers */

enum kind { GENERAL, POINTWISE, DEPTHWISE };

static int32_t outputs_along(int32_t in, int32_t kernel, int32_t stride, int32_t dilation, int32_t pads) {
  const int32_t room = in + pads - (kernel - 1) * dilation - 1;
  return room < 0 ? 0 : room / stride + 1;
}

static int32_t some_channels(void) {
  return once_in(3) ? between(1, 4) : between(1, 40);
}

/* An axis of a layer with windows. */
static void choose_axis(int32_t *in, int32_t *out, int32_t *kernel, int32_t *stride, int32_t *pad,
                        int32_t *dilation) {
  static const int32_t sizes[] = {4, 8, 16};
  do {
    *in = once_in(2) ? sizes[below(3)] : between(1, 21);
    *kernel = once_in(2) ? 3 : between(1, 7);
    *stride = once_in(2) ? 1 : between(1, 3);
    *dilation = once_in(4) ? between(1, 3) : 1;
    *pad = once_in(2) ? *kernel / 2 : between(0, *kernel + 1);
    *out = outputs_along(*in, *kernel, *stride, *dilation, *pad + between(0, *kernel));
  } while (*out < 1);
}

static tinysdk_conv2d_args layer(enum kind kind) {
  tinysdk_conv2d_args a = {.batch = once_in(3) ? between(2, 3) : 1, .groups = 1};
  if (kind == POINTWISE) {
    a.kernel_height = a.kernel_width = a.stride_y = a.stride_x = a.dilation_y = a.dilation_x = 1;
    a.in_channels = some_channels();
    a.out_channels = some_channels();
    a.in_height = a.out_height = between(1, 12);
    a.in_width = a.out_width = between(1, 12);
  } else {
    choose_axis(&a.in_height, &a.out_height, &a.kernel_height, &a.stride_y, &a.pad_top, &a.dilation_y);
    choose_axis(&a.in_width, &a.out_width, &a.kernel_width, &a.stride_x, &a.pad_left, &a.dilation_x);
    a.groups = kind == DEPTHWISE ? between(1, 9) : once_in(3) ? between(2, 3) : 1;
    a.in_channels = a.groups * (kind == DEPTHWISE ? 1 : between(1, 6));
    a.out_channels = a.groups * (kind == DEPTHWISE ? (once_in(3) ? between(2, 3) : 1) : between(1, 9));
  }
  a.input_zero = once_in(2) ? -128 : between(-128, 127);
  a.weight_zero = once_in(4) ? between(-128, 127) : 0;
  a.output_zero = between(-128, 127);
  a.clamp_min = once_in(3) ? between(-128, 0) : -128;
  a.clamp_max = once_in(3) ? between(0, 127) : 127;
  a.rounding = below(2) ? TINYSDK_ROUNDING_SINGLE : TINYSDK_ROUNDING_TFLITE;
  snprintf(
      arguments, sizeof(arguments),
      "batch %d, in %dx%dx%d, out %dx%dx%d, kernel %dx%d, stride %d %d, pad %d %d, dilation %d %d, groups "
      "%d, zeros %d %d %d, clamp %d %d, rounding %d",
      a.batch, a.in_channels, a.in_height, a.in_width, a.out_channels, a.out_height, a.out_width,
      a.kernel_height, a.kernel_width, a.stride_y, a.stride_x, a.pad_top, a.pad_left, a.dilation_y,
      a.dilation_x, a.groups, a.input_zero, a.weight_zero, a.output_zero, a.clamp_min, a.clamp_max,
      a.rounding);
  return a;
}

static size_t input_size(const tinysdk_conv2d_args *a) {
  return (size_t)(a->batch * a->in_channels * a->in_height * a->in_width);
}

static size_t output_size(const tinysdk_conv2d_args *a) {
  return (size_t)(a->batch * a->out_channels * a->out_height * a->out_width);
}

/* Positions on the weight's input-channel axis. */
static int32_t positions(const tinysdk_conv2d_args *a, enum kind kind) {
  return kind == DEPTHWISE ? a->in_channels : a->in_channels / a->groups;
}

static size_t weights_per_position(const tinysdk_conv2d_args *a, enum kind kind) {
  const int32_t outputs = kind == DEPTHWISE ? a->out_channels / a->in_channels : a->out_channels;
  return (size_t)(outputs * a->kernel_height * a->kernel_width);
}

/* First `learning` ascending positions out of `count`, then the others. */
static uint16_t *split_order(int32_t learning, int32_t count) {
  uint16_t *const order = buffer(sizeof(uint16_t) * (size_t)count);
  int32_t first = 0, second = learning;
  for (int32_t i = 0; i < count; i++) {
    const int32_t learns = below(count - i) < learning - first;
    order[learns ? first++ : second++] = (uint16_t)i;
  }
  return order;
}

typedef struct {
  const int8_t *weights;
  const int8_t *trained;
  const uint16_t *order;
} tensors;

static tensors some_tensors(tinysdk_conv2d_args *a, enum kind kind) {
  const int32_t count = positions(a, kind);
  const size_t each = weights_per_position(a, kind);
  tensors t = {0};
  if (once_in(2)) {
    a->trained_channels = between(1, count);
    t.order = split_order(a->trained_channels, count);
    t.trained = bytes_between(each * (size_t)a->trained_channels, -127, 127);
  }
  if (count > a->trained_channels)
    t.weights = bytes_between(each * (size_t)(count - a->trained_channels), -128, 127);
  return t;
}

typedef __typeof__(tinysdk_conv2d_s8) forward;
typedef __typeof__(tinysdk_conv2d_input_gradient_f32) backward;
typedef int32_t scratch_bytes(const tinysdk_conv2d_args *);

static void check_forward(enum kind kind, forward *portable, scratch_bytes *portable_scratch, forward *host,
                          scratch_bytes *host_scratch, scratch_bytes *instructions) {
  tinysdk_conv2d_args a = layer(kind);
  if (instructions(&a) < 0)
    return;
  const size_t in = input_size(&a), out = output_size(&a), outputs = (size_t)a.out_channels;
  const tensors t = some_tensors(&a, kind);
  const int32_t products = a.in_channels / a.groups * a.kernel_height * a.kernel_width;
  const int32_t small = once_in(4) ? -2 : -8 - (int32_t)log2((double)products) / 2;
  tinysdk_requantization *const table = buffer(outputs * sizeof(*table));
  int32_t *const bias = once_in(5) ? NULL : buffer(outputs * sizeof(int32_t));
  for (size_t o = 0; o < outputs; o++) {
    table[o] = requantization(small);
    if (bias)
      bias[o] = once_in(8) ? (once_in(2) ? INT32_MIN : INT32_MAX) : between(-20000, 20000);
  }
  const int32_t may = kind == POINTWISE || (kind == DEPTHWISE && out <= in);
  const int32_t in_place = may && once_in(2);
  const size_t length = in_place && in > out ? in : out;
  int8_t *const input = bytes_between(in, -128, 127);
  int8_t *outs[2];
  uint8_t *masks[2] = {NULL, NULL};
  outs[0] = buffer(length);
  outs[1] = copy_of(outs[0], length);
  if (in_place)
    for (int32_t i = 0; i < 2; i++)
      memcpy(outs[i], input, in);
  if (once_in(2)) {
    masks[0] = buffer((out + 7) / 8);
    masks[1] = copy_of(masks[0], (out + 7) / 8);
  }
  portable(&a, in_place ? outs[0] : input, t.weights, t.trained, t.order, bias, table, outs[0], masks[0],
           buffer((size_t)portable_scratch(&a)));
  host(&a, in_place ? outs[1] : input, t.weights, t.trained, t.order, bias, table, outs[1], masks[1],
       buffer((size_t)host_scratch(&a)));
  compare_bytes("output", outs[0], outs[1], out);
  compare_bytes("mask", masks[0], masks[1], (out + 7) / 8);
  cases++;
}

static void check_backward(enum kind kind, backward *portable, scratch_bytes *portable_scratch,
                           backward *host, scratch_bytes *host_scratch, scratch_bytes *instructions) {
  tinysdk_conv2d_args a = layer(kind);
  if (instructions(&a) < 0)
    return;
  const size_t in = input_size(&a), out = output_size(&a);
  const tensors t = some_tensors(&a, kind);
  const int32_t same = a.in_height == a.out_height && a.in_width == a.out_width && a.stride_x == 1 &&
                       a.stride_y == 1 && a.in_channels == a.out_channels;
  const int32_t in_place = (kind == POINTWISE || (kind == DEPTHWISE && same)) && once_in(2);
  const size_t length = in_place && out > in ? out : in;
  float *const gradient = floats(out);
  float *results[2];
  for (int32_t i = 0; i < 2; i++) {
    results[i] = buffer(length * sizeof(float));
    if (in_place)
      memcpy(results[i], gradient, out * sizeof(float));
  }
  portable(&a, in_place ? results[0] : gradient, t.weights, t.trained, t.order, results[0],
           buffer((size_t)portable_scratch(&a)));
  host(&a, in_place ? results[1] : gradient, t.weights, t.trained, t.order, results[1],
       buffer((size_t)host_scratch(&a)));
  compare_floats("input gradient", results[0], results[1], in);
  cases++;
}

#define CHECK(check, kind, kernel)                                                                           \
  (current = #kernel,                                                                                        \
   check(kind, kernel, kernel##_scratch, kernel##_host, kernel##_host_scratch, kernel##_host_instructions))

/* ---- weights and biases that learn */

/* A layer of which some input channels learn, with what it saved of them. */
typedef struct {
  tinysdk_conv2d_args args;
  float *gradient;
  int8_t *saved;
  uint16_t *order;
  size_t weights;
} learning;

static learning learning_layer(enum kind kind) {
  learning l = {.args = layer(kind)};
  const int32_t count = positions(&l.args, kind), own = once_in(3) ? count : between(1, count);
  const int32_t planes = kind == DEPTHWISE ? own : own * l.args.groups;
  l.args.trained_channels = own == count && once_in(2) ? 0 : own;
  l.order = kind == DEPTHWISE && l.args.trained_channels > 0 ? split_order(own, count) : NULL;
  l.gradient = floats(output_size(&l.args));
  l.saved = bytes_between((size_t)(l.args.batch * planes * l.args.in_height * l.args.in_width), -128, 127);
  l.weights = weights_per_position(&l.args, kind) * (size_t)own;
  return l;
}

static void check_weight_gradient(enum kind kind) {
  current = "tinysdk_conv2d_weight_gradient_f32";
  const learning l = learning_layer(kind);
  if (tinysdk_conv2d_weight_gradient_f32_host_instructions(&l.args) < 0)
    return;
  float *const a = buffer(l.weights * sizeof(float)), *const b = buffer(l.weights * sizeof(float));
  tinysdk_conv2d_weight_gradient_f32(&l.args, l.gradient, l.saved, l.order, a);
  tinysdk_conv2d_weight_gradient_f32_host(&l.args, l.gradient, l.saved, l.order, b);
  compare_floats("weight gradient", a, b, l.weights);
  cases++;
}

static float *scales(int32_t count) {
  float *const made = buffer(sizeof(float) * (size_t)count);
  const int32_t exponent = between(-4, 12);
  for (int32_t i = 0; i < count; i++)
    made[i] = ldexpf(1.0f + (float)below(1000) / 1000.0f, exponent);
  return made;
}

static void check_weight_update(enum kind kind) {
  current = "tinysdk_conv2d_weight_update_s8";
  const learning l = learning_layer(kind);
  if (tinysdk_conv2d_weight_update_s8_host_instructions(&l.args) < 0)
    return;
  const float *const scale = scales(l.args.out_channels);
  const float rate = ldexpf(1.0f + (float)below(100) / 100.0f, between(-12, 2));
  int8_t *const a = bytes_between(l.weights, -128, 127), *const b = copy_of(a, l.weights);
  int8_t *const ra = once_in(3) ? NULL : bytes_between(l.weights, -128, 127), *const rb =
                                                                                  copy_of(ra, l.weights);
  tinysdk_conv2d_weight_update_s8(&l.args, l.gradient, l.saved, l.order, scale, &rate, a, ra);
  tinysdk_conv2d_weight_update_s8_host(&l.args, l.gradient, l.saved, l.order, scale, &rate, b, rb);
  compare_bytes("weights", a, b, l.weights);
  compare_bytes("residual", ra, rb, l.weights);
  current = "tinysdk_conv2d_weight_update_s8_r4";
  const size_t half = (l.weights + 1) / 2;
  uint8_t *const pa = buffer(half), *const pb = copy_of(pa, half);
  tinysdk_conv2d_weight_update_s8_r4(&l.args, l.gradient, l.saved, l.order, scale, &rate, a, pa);
  tinysdk_conv2d_weight_update_s8_r4_host(&l.args, l.gradient, l.saved, l.order, scale, &rate, b, pb);
  compare_bytes("weights", a, b, l.weights);
  compare_bytes("residual", pa, pb, half);
  current = "tinysdk_conv2d_weight_update_s8_stochastic";
  const uint16_t stream = (uint16_t)bits();
  const uint32_t counter[2] = {bits(), bits()};
  tinysdk_conv2d_weight_update_s8_stochastic(&l.args, l.gradient, l.saved, l.order, scale, &rate, a, &stream,
                                             counter);
  tinysdk_conv2d_weight_update_s8_stochastic_host(&l.args, l.gradient, l.saved, l.order, scale, &rate, b,
                                                  &stream, counter);
  compare_bytes("weights", a, b, l.weights);
  cases += 3;
}

static void check_bias_update(void) {
  current = "tinysdk_conv2d_bias_update_s32";
  const tinysdk_conv2d_args args = layer(once_in(2) ? POINTWISE : GENERAL);
  const size_t outputs = (size_t)args.out_channels;
  const float *const gradient = floats(output_size(&args)), *const scale = scales(args.out_channels);
  const float rate = ldexpf(1.0f + (float)below(100) / 100.0f, between(-12, 20));
  int32_t *const a = buffer(outputs * sizeof(int32_t));
  if (once_in(4))
    a[0] = once_in(2) ? INT32_MIN : INT32_MAX;
  int32_t *const b = copy_of(a, outputs * sizeof(int32_t));
  tinysdk_conv2d_bias_update_s32(&args, gradient, scale, &rate, a);
  tinysdk_conv2d_bias_update_s32_host(&args, gradient, scale, &rate, b);
  compare_words("bias", a, b, outputs);
  cases++;
}

/* ---- elementwise */

static void check_add(void) {
  current = "tinysdk_add_s8";
  const tinysdk_requantization r[3] = {requantization(0), requantization(-1), requantization(-18)};
  const int32_t count = once_in(2) ? between(1, 20) : between(1, 400);
  const tinysdk_add_args args = {.count = count,
                                 .left_shift = once_in(3) ? between(0, 20) : 20,
                                 .input1_zero = between(-128, 127),
                                 .input1_multiplier = r[0].multiplier,
                                 .input1_shift = r[0].shift,
                                 .input2_zero = between(-128, 127),
                                 .input2_multiplier = r[1].multiplier,
                                 .input2_shift = r[1].shift,
                                 .output_zero = between(-128, 127),
                                 .output_multiplier = r[2].multiplier,
                                 .output_shift = r[2].shift,
                                 .clamp_min = once_in(3) ? between(-128, 0) : -128,
                                 .clamp_max = once_in(3) ? between(0, 127) : 127,
                                 .rounding = below(2)};
  const size_t size = (size_t)count, mask_size = (size_t)(count + 7) / 8;
  snprintf(arguments, sizeof(arguments), "count %d, left %d, shifts %d %d %d, rounding %d", count,
           args.left_shift, r[0].shift, r[1].shift, r[2].shift, args.rounding);
  const int8_t *const inputs[2] = {bytes_between(size, -128, 127), bytes_between(size, -128, 127)};
  const int32_t over = below(3);
  int8_t *const a = copy_of(inputs[over & 1], size), *const b = copy_of(a, size);
  uint8_t *const ma = once_in(2) ? NULL : buffer(mask_size), *const mb = copy_of(ma, mask_size);
  tinysdk_add_s8(&args, over == 0 ? a : inputs[0], over == 1 ? a : inputs[1], a, ma);
  tinysdk_add_s8_host(&args, over == 0 ? b : inputs[0], over == 1 ? b : inputs[1], b, mb);
  compare_bytes("output", a, b, size);
  compare_bytes("mask", ma, mb, mask_size);
  cases++;
}

static void check_scale(void) {
  current = "tinysdk_scale_f32";
  const tinysdk_planes_args args = {between(1, 3), between(1, 20), once_in(2) ? 16 : between(1, 40)};
  const size_t size = (size_t)(args.batch * args.channels * args.plane);
  snprintf(arguments, sizeof(arguments), "batch %d, channels %d, plane %d", args.batch, args.channels,
           args.plane);
  const float *const input = floats(size), *const scale = scales(args.channels);
  const uint8_t *const mask = once_in(4) ? NULL : buffer((size + 7) / 8);
  const int32_t in_place = once_in(2);
  float *const a = copy_of(input, size * sizeof(float)), *const b = copy_of(a, size * sizeof(float));
  tinysdk_scale_f32(&args, in_place ? a : input, mask, scale, a);
  tinysdk_scale_f32_host(&args, in_place ? b : input, mask, scale, b);
  compare_floats("output", a, b, size);
  cases++;
}

/* ---- pools */

static tinysdk_pool2d_args pool(void) {
  const tinysdk_conv2d_args a = layer(once_in(2) ? GENERAL : DEPTHWISE);
  tinysdk_pool2d_args p = {.batch = a.batch,
                           .channels = a.in_channels,
                           .in_height = a.in_height,
                           .in_width = a.in_width,
                           .out_height = a.out_height,
                           .out_width = a.out_width,
                           .kernel_height = a.kernel_height,
                           .kernel_width = a.kernel_width,
                           .stride_y = a.stride_y,
                           .stride_x = a.stride_x,
                           .pad_top = a.pad_top,
                           .pad_left = a.pad_left,
                           .dilation_y = a.dilation_y,
                           .dilation_x = a.dilation_x,
                           .zero = a.input_zero,
                           .count_padding = below(2),
                           .clamp_min = a.clamp_min,
                           .clamp_max = a.clamp_max};
  if (once_in(3)) {
    p.kernel_height = p.in_height;
    p.kernel_width = p.in_width;
    p.out_height = p.out_width = p.stride_y = p.stride_x = p.dilation_y = p.dilation_x = 1;
    p.pad_top = p.pad_left = 0;
  }
  return p;
}

static void check_pools(void) {
  const tinysdk_pool2d_args p = pool();
  const size_t planes = (size_t)(p.batch * p.channels), in = planes * (size_t)(p.in_height * p.in_width);
  const size_t out = planes * (size_t)(p.out_height * p.out_width), bytes = (out + 7) / 8;
  const int8_t *const input = bytes_between(in, -128, 127);
  int8_t *const a = buffer(out), *const b = buffer(out);
  uint8_t *const ma = once_in(2) ? NULL : buffer(bytes), *const mb = copy_of(ma, bytes);
  uint16_t *const xa = once_in(2) ? NULL : buffer(2 * out), *const xb = copy_of(xa, 2 * out);
  current = "tinysdk_average_pool2d_s8";
  tinysdk_average_pool2d_s8(&p, input, a, ma);
  tinysdk_average_pool2d_s8_host(&p, input, b, mb);
  compare_bytes("output", a, b, out);
  compare_bytes("mask", ma, mb, bytes);
  current = "tinysdk_max_pool2d_s8";
  tinysdk_max_pool2d_s8(&p, input, a, xa, ma);
  tinysdk_max_pool2d_s8_host(&p, input, b, xb, mb);
  compare_bytes("output", a, b, out);
  compare_bytes("mask", ma, mb, bytes);
  compare_bytes("argmax", xa, xb, 2 * out);
  current = "tinysdk_average_pool2d_gradient_f32";
  const float *const gradient = floats(out);
  float *const ga = buffer(in * sizeof(float)), *const gb = buffer(in * sizeof(float));
  tinysdk_average_pool2d_gradient_f32(&p, gradient, ga);
  tinysdk_average_pool2d_gradient_f32_host(&p, gradient, gb);
  compare_floats("input gradient", ga, gb, in);
  cases += 3;
}

/* ---- the head */

static void check_dense(void) {
  const tinysdk_dense_f32_args d = {between(1, 4), between(1, 70), between(1, 20)};
  const size_t in = (size_t)(d.batch * d.in_count), out = (size_t)(d.batch * d.out_count);
  const size_t count = (size_t)(d.in_count * d.out_count);
  snprintf(arguments, sizeof(arguments), "batch %d, in %d, out %d", d.batch, d.in_count, d.out_count);
  const float *const input = floats(in), *const gradient = floats(out), rate = 0.1f * (float)below(100);
  const float *const bias = once_in(2) ? NULL : floats((size_t)d.out_count);
  float *const wa = floats(count), *const wb = copy_of(wa, count * sizeof(float));
  float *const a = buffer(out * sizeof(float)), *const b = buffer(out * sizeof(float));
  current = "tinysdk_dense_f32";
  tinysdk_dense_f32(&d, input, wa, bias, a);
  tinysdk_dense_f32_host(&d, input, wb, bias, b);
  compare_floats("output", a, b, out);
  current = "tinysdk_dense_weight_update_f32";
  tinysdk_dense_weight_update_f32(&d, gradient, input, &rate, wa);
  tinysdk_dense_weight_update_f32_host(&d, gradient, input, &rate, wb);
  compare_floats("weights", wa, wb, count);
  cases += 2;
}

static void check_update(void) {
  current = "tinysdk_update_s8";
  const tinysdk_update_args u = {between(1, 9), between(1, 60)};
  const size_t count = (size_t)(u.out_count * u.inner);
  const float *const gradient = floats(count), *const scale = scales(u.out_count);
  const float rate = ldexpf(1.0f + (float)below(100) / 100.0f, between(-12, 8));
  int8_t *const a = bytes_between(count, -128, 127), *const b = copy_of(a, count);
  int8_t *const ra = once_in(3) ? NULL : bytes_between(count, -128, 127), *const rb = copy_of(ra, count);
  tinysdk_update_s8(&u, gradient, scale, &rate, a, ra);
  tinysdk_update_s8_host(&u, gradient, scale, &rate, b, rb);
  compare_bytes("weights", a, b, count);
  compare_bytes("residual", ra, rb, count);
  current = "tinysdk_update_s8_r4";
  const size_t half = (count + 1) / 2;
  uint8_t *const pa = buffer(half), *const pb = copy_of(pa, half);
  tinysdk_update_s8_r4(&u, gradient, scale, &rate, a, pa);
  tinysdk_update_s8_r4_host(&u, gradient, scale, &rate, b, pb);
  compare_bytes("weights", a, b, count);
  compare_bytes("residual", pa, pb, half);
  current = "tinysdk_update_s8_stochastic";
  const uint16_t stream = (uint16_t)bits();
  const uint32_t counter[2] = {bits(), bits()};
  tinysdk_update_s8_stochastic(&u, gradient, scale, &rate, a, &stream, counter);
  tinysdk_update_s8_stochastic_host(&u, gradient, scale, &rate, b, &stream, counter);
  compare_bytes("weights", a, b, count);
  cases += 3;
}

/* ---- integer gradients */

#define ELEMENT int16_t
#define BITS 15
#define OF(name) name##_g16
#define WITH(name, rest) name##_g16##rest
#include "equal_integer.h"
#undef ELEMENT
#undef BITS
#undef OF
#undef WITH
#define ELEMENT int8_t
#define BITS 7
#define OF(name) name##_g8
#define WITH(name, rest) name##_g8##rest
#include "equal_integer.h"

int main(int count, char **words) {
  const int32_t rounds = count > 1 ? atoi(words[1]) : 2000;
  seed = count > 2 ? strtoull(words[2], NULL, 10) : 1;
  for (int32_t i = 0; i < rounds; i++) {
    CHECK(check_forward, POINTWISE, tinysdk_conv2d_1x1_s8), release();
    CHECK(check_forward, DEPTHWISE, tinysdk_depthwise_conv2d_s8), release();
    CHECK(check_forward, GENERAL, tinysdk_conv2d_s8), release();
    CHECK(check_backward, POINTWISE, tinysdk_conv2d_1x1_input_gradient_f32), release();
    CHECK(check_backward, DEPTHWISE, tinysdk_depthwise_input_gradient_f32), release();
    CHECK(check_backward, GENERAL, tinysdk_conv2d_input_gradient_f32), release();
    check_weight_gradient((enum kind)below(3)), release();
    check_weight_update((enum kind)below(3)), release();
    check_bias_update(), release();
    check_add(), release();
    check_scale(), release();
    check_pools(), release();
    check_dense(), release();
    check_update(), release();
    check_integers_g16();
    check_integers_g8();
  }
  printf("%lld cases equal\n", (long long)cases);
  return 0;
}
