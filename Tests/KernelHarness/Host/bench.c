/* Times every host variant against its portable twin on the layers of mcunet-5fps, and sums up the network's
 * forward pass and the training step of its 49 KB scheme whose frozen prefix is cached. */
#define _POSIX_C_SOURCE 199309L
#include "host_kernels.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* ---- the network */

enum kind { GENERAL, POINTWISE, DEPTHWISE };

typedef struct {
  enum kind kind;
  int32_t in_channels;
  int32_t out_channels;
  int32_t kernel;
  int32_t stride;
  int32_t in_size;
  int32_t adds; /* a residual addition follows */
} shape;

#define BLOCK(in, middle, out, kernel, stride, size, adds)                                                   \
  {POINTWISE, in, middle, 1, 1, size, 0}, {DEPTHWISE, middle, middle, kernel, stride, size, 0}, {            \
    POINTWISE, middle, out, 1, 1, size / stride, adds                                                        \
  }

static const shape layers[] = {
    {GENERAL, 3, 16, 3, 2, 128, 0},  {DEPTHWISE, 16, 16, 3, 1, 64, 0}, {POINTWISE, 16, 8, 1, 1, 64, 0},
    BLOCK(8, 32, 16, 3, 2, 64, 0),   BLOCK(16, 48, 16, 3, 1, 32, 1),   BLOCK(16, 48, 24, 7, 2, 32, 0),
    BLOCK(24, 120, 24, 3, 1, 16, 1), BLOCK(24, 120, 40, 3, 2, 16, 0),  BLOCK(40, 160, 40, 7, 1, 8, 1),
    BLOCK(40, 160, 48, 5, 1, 8, 0),  BLOCK(48, 144, 48, 3, 1, 8, 1),   BLOCK(48, 192, 48, 3, 1, 8, 1),
    BLOCK(48, 240, 96, 7, 2, 8, 0),  BLOCK(96, 384, 96, 5, 1, 4, 1),   BLOCK(96, 384, 96, 5, 1, 4, 1),
    BLOCK(96, 576, 160, 3, 1, 4, 0)};

#define LAYERS ((int32_t)(sizeof(layers) / sizeof(layers[0])))

/* The first layer whose bias learns; those before it are cached. */
#define FIRST 22

/* Learning input channels of a layer's weights, 0 for none. */
static int32_t learning(int32_t layer) {
  return layer == 24 ? 12 : layer == 27 || layer == 30 ? 24 : 0;
}

static tinysdk_conv2d_args arguments(const shape *s) {
  const int32_t out = s->in_size / s->stride, pad = s->kernel / 2;
  const tinysdk_conv2d_args args = {.batch = 1,
                                    .in_channels = s->in_channels,
                                    .in_height = s->in_size,
                                    .in_width = s->in_size,
                                    .out_channels = s->out_channels,
                                    .out_height = out,
                                    .out_width = out,
                                    .kernel_height = s->kernel,
                                    .kernel_width = s->kernel,
                                    .stride_y = s->stride,
                                    .stride_x = s->stride,
                                    .pad_top = pad,
                                    .pad_left = pad,
                                    .dilation_y = 1,
                                    .dilation_x = 1,
                                    .groups = s->kind == DEPTHWISE ? s->in_channels : 1,
                                    .input_zero = -5,
                                    .output_zero = -128,
                                    .clamp_min = -128,
                                    .clamp_max = 127};
  return args;
}

/* ---- buffers, one of each for all layers */

#define ELEMENTS (1 << 18)

static int8_t input[ELEMENTS], other[ELEMENTS], output[ELEMENTS], weights[ELEMENTS], residual[ELEMENTS];
static float gradient[ELEMENTS], floats[ELEMENTS], scale[ELEMENTS];
static int8_t gradient_g8[ELEMENTS], result_g8[ELEMENTS];
static int16_t gradient_g16[ELEMENTS], result_g16[ELEMENTS], factor[1024];
static int32_t bias[1024];
static tinysdk_requantization table[1024];
static uint8_t mask[ELEMENTS / 8];
static int64_t scratch[1 << 18];

static void fill(void) {
  uint32_t bits = 1;
  for (int32_t i = 0; i < ELEMENTS; i++) {
    bits = bits * 1664525u + 1013904223u;
    input[i] = (int8_t)(bits >> 24);
    other[i] = (int8_t)(bits >> 16);
    weights[i] =
        (int8_t)((int32_t)(bits >> 20 & 0xff) - 127 > 127 ? 127 : (int32_t)(bits >> 20 & 0xff) - 127);
    gradient[i] = (float)(int8_t)(bits >> 12) / 1024.0f;
    gradient_g8[i] = (int8_t)((int32_t)(bits >> 12 & 0x7f) - 63);
    gradient_g16[i] = (int16_t)((int32_t)(bits >> 12 & 0x3ff) - 511);
    scale[i] = 0.5f;
    mask[i / 8] = (uint8_t)(bits >> 23);
  }
  for (int32_t i = 0; i < 1024; i++)
    table[i] = (tinysdk_requantization){1 << 30, -9}, factor[i] = (int16_t)(20000 + 10 * i);
}

/* ---- one call of one kernel */

typedef enum {
  CONV,
  CONV_1X1,
  DEPTHWISE_CONV,
  GRADIENT_1X1,
  DEPTHWISE_GRADIENT,
  WEIGHT_UPDATE,
  BIAS_UPDATE,
  ADD,
  SCALE,
  ACCUMULATE,
  POOL_GRADIENT,
  KERNELS
} kernel;

/* What gradients are made of. */
typedef enum { F32, G16, G8 } width;

/* Of float gradients; those of integers are called after them. */
static const char *const names[KERNELS] = {
    "conv2d_s8",
    "conv2d_1x1_s8",
    "depthwise_conv2d_s8",
    "conv2d_1x1_input_gradient",
    "depthwise_input_gradient",
    "conv2d_weight_update_s8",
    "conv2d_bias_update_s32",
    "add_s8",
    "scale",
    "accumulate",
    "average_pool2d_gradient",
};

/* `count`: elements of elementwise kernels, by planes for `scale`. */
typedef struct {
  kernel kernel;
  width width;
  tinysdk_conv2d_args args;
  uint8_t *mask;
} call;

#define EITHER(name) (host ? name##_host : name)

/* The kernels of one width of integer gradients. */
#define RUN_INTEGER(g)                                                                                       \
  static void run_##g(const call *c, int32_t host) {                                                         \
    const tinysdk_conv2d_args *const a = &c->args;                                                           \
    const float rate = 1e-6f;                                                                                \
    const int32_t plane = a->out_height * a->out_width, exponent = -8;                                       \
    const tinysdk_scale_gradient_args planes = {1, a->out_channels, plane, 7, -15};                          \
    const tinysdk_count_args count = {a->out_channels * plane};                                              \
    const tinysdk_average_pool2d_gradient_args pool = {.batch = 1,                                           \
                                                       .channels = a->out_channels,                          \
                                                       .in_height = a->out_height,                           \
                                                       .in_width = a->out_width,                             \
                                                       .out_height = 1,                                      \
                                                       .out_width = 1,                                       \
                                                       .kernel_height = a->out_height,                       \
                                                       .kernel_width = a->out_width,                         \
                                                       .stride_y = 1,                                        \
                                                       .stride_x = 1,                                        \
                                                       .dilation_y = 1,                                      \
                                                       .dilation_x = 1,                                      \
                                                       .share_bits = 14};                                    \
    int32_t made;                                                                                            \
    switch (c->kernel) {                                                                                     \
    case GRADIENT_1X1:                                                                                       \
      EITHER(tinysdk_conv2d_1x1_input_gradient_##g)                                                          \
      (a, gradient_##g, &exponent, weights, NULL, NULL, result_##g, &made, scratch);                         \
      break;                                                                                                 \
    case DEPTHWISE_GRADIENT:                                                                                 \
      EITHER(tinysdk_depthwise_input_gradient_##g)                                                           \
      (a, gradient_##g, &exponent, weights, NULL, NULL, result_##g, &made, scratch);                         \
      break;                                                                                                 \
    case WEIGHT_UPDATE:                                                                                      \
      EITHER(tinysdk_conv2d_weight_update_s8_##g)                                                            \
      (a, gradient_##g, &exponent, input, NULL, scale, &rate, weights, residual);                            \
      break;                                                                                                 \
    case BIAS_UPDATE:                                                                                        \
      EITHER(tinysdk_conv2d_bias_update_s32_##g)(a, gradient_##g, &exponent, scale, &rate, bias);            \
      break;                                                                                                 \
    case ACCUMULATE:                                                                                         \
      EITHER(tinysdk_accumulate_##g)                                                                         \
      (&count, gradient_##g, &exponent, gradient_##g, &exponent, result_##g, &made);                         \
      break;                                                                                                 \
    case POOL_GRADIENT:                                                                                      \
      EITHER(tinysdk_average_pool2d_gradient_##g)(&pool, gradient_##g, &exponent, result_##g, &made);        \
      break;                                                                                                 \
    default:                                                                                                 \
      EITHER(tinysdk_scale_##g)                                                                              \
      (&planes, gradient_##g, &exponent, c->mask, factor, result_##g, &made);                                \
    }                                                                                                        \
  }

RUN_INTEGER(g16)
RUN_INTEGER(g8)

static void run_f32(const call *c, int32_t host) {
  const tinysdk_conv2d_args *const a = &c->args;
  const float rate = 1e-6f;
  const int32_t count = a->out_channels * a->out_height * a->out_width;
  const tinysdk_planes_args planes = {1, a->out_channels, a->out_height * a->out_width};
  const tinysdk_add_args add = {.count = count,
                                .left_shift = 20,
                                .input1_multiplier = 1 << 30,
                                .input2_multiplier = 1 << 30,
                                .output_multiplier = 1 << 30,
                                .output_shift = -18,
                                .clamp_min = -128,
                                .clamp_max = 127};
  const tinysdk_pool2d_args pool = {.batch = 1,
                                    .channels = a->out_channels,
                                    .in_height = a->out_height,
                                    .in_width = a->out_width,
                                    .out_height = 1,
                                    .out_width = 1,
                                    .kernel_height = a->out_height,
                                    .kernel_width = a->out_width,
                                    .stride_y = 1,
                                    .stride_x = 1,
                                    .dilation_y = 1,
                                    .dilation_x = 1};
  switch (c->kernel) {
  case CONV:
    EITHER(tinysdk_conv2d_s8)(a, input, weights, NULL, NULL, bias, table, output, c->mask, scratch);
    break;
  case CONV_1X1:
    EITHER(tinysdk_conv2d_1x1_s8)(a, input, weights, NULL, NULL, bias, table, output, c->mask, scratch);
    break;
  case DEPTHWISE_CONV:
    EITHER(tinysdk_depthwise_conv2d_s8)(a, input, weights, NULL, NULL, bias, table, output, c->mask, scratch);
    break;
  case GRADIENT_1X1:
    EITHER(tinysdk_conv2d_1x1_input_gradient_f32)(a, gradient, weights, NULL, NULL, floats, scratch);
    break;
  case DEPTHWISE_GRADIENT:
    EITHER(tinysdk_depthwise_input_gradient_f32)(a, gradient, weights, NULL, NULL, floats, scratch);
    break;
  case WEIGHT_UPDATE:
    EITHER(tinysdk_conv2d_weight_update_s8)(a, gradient, input, NULL, scale, &rate, weights, residual);
    break;
  case BIAS_UPDATE:
    EITHER(tinysdk_conv2d_bias_update_s32)(a, gradient, scale, &rate, bias);
    break;
  case ADD:
    EITHER(tinysdk_add_s8)(&add, input, other, output, c->mask);
    break;
  case ACCUMULATE:
    tinysdk_accumulate_f32(&(tinysdk_count_args){count}, gradient, gradient, floats);
    break;
  case POOL_GRADIENT:
    EITHER(tinysdk_average_pool2d_gradient_f32)(&pool, gradient, floats);
    break;
  default:
    EITHER(tinysdk_scale_f32)(&planes, gradient, c->mask, scale, floats);
  }
}

static void run(const call *c, int32_t host) {
  const int32_t learns = c->kernel > DEPTHWISE_CONV && c->kernel != ADD;
  if (c->width == G16 && learns)
    run_g16(c, host);
  else if (c->width == G8 && learns)
    run_g8(c, host);
  else
    run_f32(c, host);
}

/* ---- sums of times */

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e6 + (double)t.tv_nsec * 1e-3;
}

/* Microseconds of one call, the best of some: [portable, host]. They take turns, so that a clock that changes
 * its pace does so for both. */
static void measure(const call *c, int32_t repeats, double times[2]) {
  times[0] = times[1] = 1e9;
  for (int32_t i = 0; i < repeats; i++)
    for (int32_t host = 0; host < 2; host++) {
      const double start = now();
      run(c, host);
      const double took = now() - start;
      times[host] = took < times[host] ? took : times[host];
    }
}

typedef struct {
  width width;
  double times[KERNELS][2];
} summary;

static void add_call(summary *s, kernel kernel, tinysdk_conv2d_args args, int32_t masked, int32_t repeats) {
  const call c = {kernel, s->width, args, masked ? mask : NULL};
  double times[2];
  measure(&c, repeats, times);
  for (int32_t i = 0; i < 2; i++)
    s->times[kernel][i] += times[i];
}

static void print(const char *title, const summary *s) {
  double total[2] = {0};
  printf("%s\n%-34s %12s %12s %8s\n", title, "kernel", "portable us", "host us", "ratio");
  for (int32_t k = 0; k < KERNELS; k++) {
    if (s->times[k][0] > 0)
      printf("%-34s %12.1f %12.1f %8.1f\n", names[k], s->times[k][0], s->times[k][1],
             s->times[k][0] / s->times[k][1]);
    for (int32_t i = 0; i < 2; i++)
      total[i] += s->times[k][i];
  }
  printf("%-34s %12.1f %12.1f %8.1f  (%.0f and %.0f per second)\n\n", "all", total[0], total[1],
         total[0] / total[1], 1e6 / total[0], 1e6 / total[1]);
}

static void forward(summary *s, int32_t first, int32_t masked, int32_t repeats) {
  static const kernel kernels[] = {CONV, CONV_1X1, DEPTHWISE_CONV};
  for (int32_t i = first; i < LAYERS; i++) {
    const tinysdk_conv2d_args args = arguments(&layers[i]);
    add_call(s, kernels[layers[i].kind], args, masked, repeats);
    if (layers[i].adds)
      add_call(s, ADD, args, masked, repeats);
  }
}

static void backward(summary *s, int32_t repeats) {
  for (int32_t i = LAYERS - 1; i >= FIRST; i--) {
    tinysdk_conv2d_args args = arguments(&layers[i]);
    if (i == LAYERS - 1)
      add_call(s, POOL_GRADIENT, args, 0, repeats);
    /* The mask and the factors of the layer's outputs, twice more for an addition's two inputs, whose
     * gradients meet again before the block. */
    if (layers[i].adds)
      add_call(s, ACCUMULATE, args, 0, repeats);
    for (int32_t j = 0; j < (layers[i].adds ? 3 : 1); j++)
      add_call(s, SCALE, args, 1, repeats);
    add_call(s, BIAS_UPDATE, args, 0, repeats);
    if (i > FIRST)
      add_call(s, layers[i].kind == POINTWISE ? GRADIENT_1X1 : DEPTHWISE_GRADIENT, args, 0, repeats);
    args.trained_channels = learning(i);
    if (args.trained_channels > 0)
      add_call(s, WEIGHT_UPDATE, args, 0, repeats);
  }
}

int main(int count, char **words) {
  const int32_t repeats = count > 1 ? atoi(words[1]) : 20;
  static const char *const titles[] = {"float32", "g16", "g8"};
  summary network = {0};
  fill();
  forward(&network, 0, 0, repeats);
  print("Forward, one image", &network);
  for (width w = F32; w <= G8; w++) {
    summary step = {.width = w};
    char title[120];
    snprintf(title, sizeof(title), "Step of the 49 KB scheme after its prefix, gradients of %s", titles[w]);
    forward(&step, FIRST, 1, repeats);
    backward(&step, repeats);
    print(title, &step);
  }
  return 0;
}
