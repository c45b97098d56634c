/* Prints how many instructions each variant executes per call on the shapes of the reference table. */
#include "harness.h"

#define ROOM 700000

typedef __typeof__(tinysdk_conv2d_s8) convolution;
extern convolution tinysdk_conv2d_1x1_s8_dsp, tinysdk_depthwise_conv2d_s8_dsp, tinysdk_conv2d_s8_dsp;

extern convolution tinysdk_conv2d_1x1_s8_pairs, tinysdk_conv2d_s8_pairs;
extern convolution tinysdk_conv2d_1x1_s8_pairs_dual, tinysdk_conv2d_s8_pairs_dual;

static int8_t input[ROOM] __attribute__((aligned(4))), output[ROOM] __attribute__((aligned(4))),
    weights[200000] __attribute__((aligned(4)));
static uint8_t mask[ROOM / 8];
static int32_t bias[1024];
static tinysdk_requantization scale[1024];
static uint64_t scratch[16384];

extern __typeof__(tinysdk_conv2d_1x1_input_gradient_f32) tinysdk_conv2d_1x1_input_gradient_f32_dsp;
static float from[65536], to[65536], factors[1024];
static uint32_t own_ticks; /* of a run that also prepares something */

extern __typeof__(tinysdk_add_s8) tinysdk_add_s8_dsp;

/* An addition of the layer's input to itself. */
static void run_add(const tinysdk_conv2d_args *a, const int8_t *x, const int8_t *w, const int8_t *trained,
                    const uint16_t *order, const int32_t *b, const tinysdk_requantization *s, int8_t *y,
                    uint8_t *m, void *room) {
  (void)w, (void)trained, (void)order, (void)b, (void)s, (void)room;
  const tinysdk_add_args add = {.count = a->in_channels * a->in_height * a->in_width,
                                .left_shift = 20,
                                .input1_multiplier = 1 << 30,
                                .input2_multiplier = 1500000000,
                                .input2_shift = -1,
                                .output_multiplier = 1500000000,
                                .output_shift = -18,
                                .clamp_min = -128,
                                .clamp_max = 127,
                                .rounding = a->rounding};
  tinysdk_add_s8_dsp(&add, x, x + 64, y, m);
}

/* The gradient takes the shape's place; the layer's own outputs are what it reads. */
static void run_gradient(const tinysdk_conv2d_args *a, const int8_t *x, const int8_t *w,
                         const int8_t *trained, const uint16_t *order, const int32_t *b,
                         const tinysdk_requantization *s, int8_t *y, uint8_t *m, void *room) {
  (void)x, (void)b, (void)s, (void)y, (void)m;
  tinysdk_conv2d_1x1_input_gradient_f32_dsp(a, from, w, trained, order, to, room);
}

extern __typeof__(tinysdk_conv2d_1x1_input_gradient_f32) tinysdk_conv2d_1x1_input_gradient_f32_pairs;

extern __typeof__(tinysdk_conv2d_input_gradient_f32) tinysdk_conv2d_input_gradient_f32_dsp;

static void run_general_gradient(const tinysdk_conv2d_args *a, const int8_t *x, const int8_t *w,
                                 const int8_t *trained, const uint16_t *order, const int32_t *b,
                                 const tinysdk_requantization *s, int8_t *y, uint8_t *m, void *room) {
  (void)x, (void)b, (void)s, (void)y, (void)m;
  tinysdk_conv2d_input_gradient_f32_dsp(a, from, w, trained, order, to, room);
}

/* The same from packed weights. */
static void run_paired_gradient(const tinysdk_conv2d_args *a, const int8_t *x, const int8_t *w,
                                const int8_t *trained, const uint16_t *order, const int32_t *b,
                                const tinysdk_requantization *s, int8_t *y, uint8_t *m, void *room) {
  (void)x, (void)b, (void)s, (void)y, (void)m;
  tinysdk_conv2d_1x1_input_gradient_f32_pairs(a, from, w, trained, order, to, room);
}

extern __typeof__(tinysdk_depthwise_input_gradient_f32) tinysdk_depthwise_input_gradient_f32_dsp;

static void run_depthwise_gradient(const tinysdk_conv2d_args *a, const int8_t *x, const int8_t *w,
                                   const int8_t *trained, const uint16_t *order, const int32_t *b,
                                   const tinysdk_requantization *s, int8_t *y, uint8_t *m, void *room) {
  (void)x, (void)b, (void)s, (void)y, (void)m;
  tinysdk_depthwise_input_gradient_f32_dsp(a, from, w, trained, order, to, room);
}

#define IGNORED (void)x, (void)w, (void)trained, (void)order, (void)b, (void)s, (void)y, (void)m, (void)room

extern __typeof__(tinysdk_conv2d_weight_update_s8) tinysdk_conv2d_weight_update_s8_dsp;
extern __typeof__(tinysdk_conv2d_bias_update_s32) tinysdk_conv2d_bias_update_s32_dsp;
extern __typeof__(tinysdk_scale_f32) tinysdk_scale_f32_dsp;
extern __typeof__(tinysdk_accumulate_f32) tinysdk_accumulate_f32_dsp;

static void run_weight_update(const tinysdk_conv2d_args *a, const int8_t *x, const int8_t *w,
                              const int8_t *trained, const uint16_t *order, const int32_t *b,
                              const tinysdk_requantization *s, int8_t *y, uint8_t *m, void *room) {
  IGNORED;
  const float rate = 1e-3f;
  tinysdk_conv2d_weight_update_s8_dsp(a, from, x, NULL, factors, &rate, y, y + 100000);
}

static void run_bias_update(const tinysdk_conv2d_args *a, const int8_t *x, const int8_t *w,
                            const int8_t *trained, const uint16_t *order, const int32_t *b,
                            const tinysdk_requantization *s, int8_t *y, uint8_t *m, void *room) {
  IGNORED;
  const float rate = 0;
  tinysdk_conv2d_bias_update_s32_dsp(a, from, factors, &rate, bias);
}

/* With a mask of every pattern. */
static void run_scale(const tinysdk_conv2d_args *a, const int8_t *x, const int8_t *w, const int8_t *trained,
                      const uint16_t *order, const int32_t *b, const tinysdk_requantization *s, int8_t *y,
                      uint8_t *m, void *room) {
  IGNORED;
  const tinysdk_planes_args planes = {1, a->in_channels, a->in_height * a->in_width};
  if (m)
    for (int32_t i = 0; i < planes.channels * planes.plane / 8; i++)
      m[i] = (uint8_t)(i * 37);
  const uint32_t start = harness_ticks();
  tinysdk_scale_f32_dsp(&planes, from, m, factors, to);
  own_ticks = harness_ticks() - start;
}

static void run_accumulate(const tinysdk_conv2d_args *a, const int8_t *x, const int8_t *w,
                           const int8_t *trained, const uint16_t *order, const int32_t *b,
                           const tinysdk_requantization *s, int8_t *y, uint8_t *m, void *room) {
  IGNORED;
  const tinysdk_count_args count = {a->in_channels * a->in_height * a->in_width};
  tinysdk_accumulate_f32_dsp(&count, from, to, to);
}

/* Integer gradients. */
static int32_t exponents[2];

#define INTEGER_GRADIENT(run, kernel, mantissa)                                                              \
  extern __typeof__(kernel) kernel##_dsp;                                                                    \
  static void run(const tinysdk_conv2d_args *a, const int8_t *x, const int8_t *w, const int8_t *trained,     \
                  const uint16_t *order, const int32_t *b, const tinysdk_requantization *s, int8_t *y,       \
                  uint8_t *m, void *room) {                                                                  \
    IGNORED;                                                                                                 \
    kernel##_dsp(a, (const mantissa *)x, exponents, w, trained, order, (mantissa *)y, exponents + 1, room);  \
  }
INTEGER_GRADIENT(run_gradient_g16, tinysdk_conv2d_1x1_input_gradient_g16, int16_t)
INTEGER_GRADIENT(run_gradient_g8, tinysdk_conv2d_1x1_input_gradient_g8, int8_t)
INTEGER_GRADIENT(run_general_g16, tinysdk_conv2d_input_gradient_g16, int16_t)
INTEGER_GRADIENT(run_general_g8, tinysdk_conv2d_input_gradient_g8, int8_t)
INTEGER_GRADIENT(run_depthwise_g16, tinysdk_depthwise_input_gradient_g16, int16_t)
INTEGER_GRADIENT(run_depthwise_g8, tinysdk_depthwise_input_gradient_g8, int8_t)

#define PAIRED_GRADIENT(run, kernel, mantissa)                                                               \
  extern __typeof__(kernel) kernel##_pairs;                                                                  \
  static void run(const tinysdk_conv2d_args *a, const int8_t *x, const int8_t *w, const int8_t *trained,     \
                  const uint16_t *order, const int32_t *b, const tinysdk_requantization *s, int8_t *y,       \
                  uint8_t *m, void *room) {                                                                  \
    IGNORED;                                                                                                 \
    kernel##_pairs(a, (const mantissa *)x, exponents, w, trained, order, (mantissa *)y, exponents + 1,       \
                   room);                                                                                    \
  }
PAIRED_GRADIENT(run_paired_g16, tinysdk_conv2d_1x1_input_gradient_g16, int16_t)
PAIRED_GRADIENT(run_paired_g8, tinysdk_conv2d_1x1_input_gradient_g8, int8_t)

#define INTEGER_BIAS(run, kernel, mantissa)                                                                  \
  extern __typeof__(kernel) kernel##_dsp;                                                                    \
  static void run(const tinysdk_conv2d_args *a, const int8_t *x, const int8_t *w, const int8_t *trained,     \
                  const uint16_t *order, const int32_t *b, const tinysdk_requantization *s, int8_t *y,       \
                  uint8_t *m, void *room) {                                                                  \
    IGNORED;                                                                                                 \
    const float rate = 1e-3f;                                                                                \
    kernel##_dsp(a, (const mantissa *)x, exponents, factors, &rate, bias);                                   \
  }
INTEGER_BIAS(run_bias_g16, tinysdk_conv2d_bias_update_s32_g16, int16_t)
INTEGER_BIAS(run_bias_g8, tinysdk_conv2d_bias_update_s32_g8, int8_t)

#define INTEGER_SUM(run, kernel, mantissa)                                                                   \
  extern __typeof__(kernel) kernel##_dsp;                                                                    \
  static void run(const tinysdk_conv2d_args *a, const int8_t *x, const int8_t *w, const int8_t *trained,     \
                  const uint16_t *order, const int32_t *b, const tinysdk_requantization *s, int8_t *y,       \
                  uint8_t *m, void *room) {                                                                  \
    IGNORED;                                                                                                 \
    const tinysdk_count_args count = {a->in_channels * a->in_height * a->in_width};                          \
    const int32_t larger = 5;                                                                                \
    kernel##_dsp(&count, (const mantissa *)x, exponents, (const mantissa *)x + 64, &larger, (mantissa *)y,   \
                 exponents + 1);                                                                             \
  }
INTEGER_SUM(run_sum_g16, tinysdk_accumulate_g16, int16_t)
INTEGER_SUM(run_sum_g8, tinysdk_accumulate_g8, int8_t)

#define INTEGER_UPDATE(run, kernel, mantissa)                                                                \
  extern __typeof__(kernel) kernel##_dsp;                                                                    \
  static void run(const tinysdk_conv2d_args *a, const int8_t *x, const int8_t *w, const int8_t *trained,     \
                  const uint16_t *order, const int32_t *b, const tinysdk_requantization *s, int8_t *y,       \
                  uint8_t *m, void *room) {                                                                  \
    IGNORED;                                                                                                 \
    const float rate = 1e-3f;                                                                                \
    kernel##_dsp(a, (const mantissa *)x, exponents, x, NULL, factors, &rate, y, y + 100000);                 \
  }
INTEGER_UPDATE(run_update_g16, tinysdk_conv2d_weight_update_s8_g16, int16_t)
INTEGER_UPDATE(run_update_g8, tinysdk_conv2d_weight_update_s8_g8, int8_t)

#define INTEGER_SCALE(run, kernel, mantissa)                                                                 \
  extern __typeof__(kernel) kernel##_dsp;                                                                    \
  static void run(const tinysdk_conv2d_args *a, const int8_t *x, const int8_t *w, const int8_t *trained,     \
                  const uint16_t *order, const int32_t *b, const tinysdk_requantization *s, int8_t *y,       \
                  uint8_t *m, void *room) {                                                                  \
    IGNORED;                                                                                                 \
    static int16_t factor[1024] = {20000};                                                                   \
    const tinysdk_scale_gradient_args planes = {1, a->in_channels, a->in_height * a->in_width,               \
                                                8 * (int32_t)sizeof(mantissa) - 1, 0};                       \
    for (int32_t c = 1; c < planes.channels; c++)                                                            \
      factor[c] = (int16_t)(10000 + 10 * c);                                                                 \
    if (m)                                                                                                   \
      for (int32_t i = 0; i < planes.channels * planes.plane / 8; i++)                                       \
        m[i] = (uint8_t)(i * 37);                                                                            \
    const uint32_t start = harness_ticks();                                                                  \
    kernel##_dsp(&planes, (const mantissa *)x, exponents, m, factor, (mantissa *)y, exponents + 1);          \
    own_ticks = harness_ticks() - start;                                                                     \
  }
INTEGER_SCALE(run_scale_g16, tinysdk_scale_g16, int16_t)
INTEGER_SCALE(run_scale_g8, tinysdk_scale_g8, int8_t)

extern __typeof__(tinysdk_dense_s8) tinysdk_dense_s8_dsp, tinysdk_dense_s8_pairs;
extern __typeof__(tinysdk_average_pool2d_s8) tinysdk_average_pool2d_s8_dsp;

/* A dense layer of the shape's channels. */
static tinysdk_dense_args dense_of(const tinysdk_conv2d_args *a) {
  const tinysdk_dense_args dense = {.batch = 1,
                                    .in_count = a->in_channels,
                                    .out_count = a->out_channels,
                                    .input_zero = a->input_zero,
                                    .output_zero = a->output_zero,
                                    .clamp_min = -128,
                                    .clamp_max = 127,
                                    .rounding = a->rounding};
  return dense;
}

static void run_dense(const tinysdk_conv2d_args *a, const int8_t *x, const int8_t *w, const int8_t *trained,
                      const uint16_t *order, const int32_t *b, const tinysdk_requantization *s, int8_t *y,
                      uint8_t *m, void *room) {
  (void)room;
  const tinysdk_dense_args dense = dense_of(a);
  tinysdk_dense_s8_dsp(&dense, x, w, trained, order, b, s, y, m);
}

static void run_paired_dense(const tinysdk_conv2d_args *a, const int8_t *x, const int8_t *w,
                             const int8_t *trained, const uint16_t *order, const int32_t *b,
                             const tinysdk_requantization *s, int8_t *y, uint8_t *m, void *room) {
  (void)room;
  const tinysdk_dense_args dense = dense_of(a);
  tinysdk_dense_s8_pairs(&dense, x, w, trained, order, b, s, y, m);
}

/* The average of each plane. */
static void run_average(const tinysdk_conv2d_args *a, const int8_t *x, const int8_t *w, const int8_t *trained,
                        const uint16_t *order, const int32_t *b, const tinysdk_requantization *s, int8_t *y,
                        uint8_t *m, void *room) {
  IGNORED;
  const tinysdk_pool2d_args pool = {.batch = 1,
                                    .channels = a->in_channels,
                                    .in_height = a->in_height,
                                    .in_width = a->in_width,
                                    .out_height = 1,
                                    .out_width = 1,
                                    .kernel_height = a->in_height,
                                    .kernel_width = a->in_width,
                                    .stride_y = 1,
                                    .stride_x = 1,
                                    .dilation_y = 1,
                                    .dilation_x = 1,
                                    .clamp_min = -128,
                                    .clamp_max = 127};
  tinysdk_average_pool2d_s8_dsp(&pool, x, y, m);
}

typedef struct {
  const char *name;
  convolution *run;
  int32_t size, in, out, kernel, stride, groups;
} shape;

static const shape shapes[] = {
    {"first 3x3 s2 128x128x3 16", tinysdk_conv2d_s8_dsp, 128, 3, 16, 3, 2, 1},
    {"1x1 64x64x16 8", tinysdk_conv2d_1x1_s8_dsp, 64, 16, 8, 1, 1, 1},
    {"1x1 64x64x8 32", tinysdk_conv2d_1x1_s8_dsp, 64, 8, 32, 1, 1, 1},
    {"1x1 16x16x48 24", tinysdk_conv2d_1x1_s8_dsp, 16, 48, 24, 1, 1, 1},
    {"1x1 8x8x96 48", tinysdk_conv2d_1x1_s8_dsp, 8, 96, 48, 1, 1, 1},
    {"1x1 4x4x240 96", tinysdk_conv2d_1x1_s8_dsp, 4, 240, 96, 1, 1, 1},
    {"pairs 3x3 s2 128x128x3 16", tinysdk_conv2d_s8_pairs, 128, 3, 16, 3, 2, 1},
    {"pairs 64x64x16 8", tinysdk_conv2d_1x1_s8_pairs, 64, 16, 8, 1, 1, 1},
    {"pairs 64x64x8 32", tinysdk_conv2d_1x1_s8_pairs, 64, 8, 32, 1, 1, 1},
    {"pairs 16x16x48 24", tinysdk_conv2d_1x1_s8_pairs, 16, 48, 24, 1, 1, 1},
    {"pairs 8x8x96 48", tinysdk_conv2d_1x1_s8_pairs, 8, 96, 48, 1, 1, 1},
    {"pairs 4x4x240 96", tinysdk_conv2d_1x1_s8_pairs, 4, 240, 96, 1, 1, 1},
    {"dual 3x3 s2 128x128x3 16", tinysdk_conv2d_s8_pairs_dual, 128, 3, 16, 3, 2, 1},
    {"dual 64x64x16 8", tinysdk_conv2d_1x1_s8_pairs_dual, 64, 16, 8, 1, 1, 1},
    {"dual 8x8x96 48", tinysdk_conv2d_1x1_s8_pairs_dual, 8, 96, 48, 1, 1, 1},
    {"dual 4x4x240 96", tinysdk_conv2d_1x1_s8_pairs_dual, 4, 240, 96, 1, 1, 1},
    {"gradient 1x1 16x16x24 120", run_gradient, 16, 24, 120, 1, 1, 1},
    {"gradient 1x1 8x8x192 48", run_gradient, 8, 192, 48, 1, 1, 1},
    {"gradient 1x1 4x4x96 384", run_gradient, 4, 96, 384, 1, 1, 1},
    {"gradient 1x1 4x4x576 160", run_gradient, 4, 576, 160, 1, 1, 1},
    {"g16 gradient 16x16x24 120", run_gradient_g16, 16, 24, 120, 1, 1, 1},
    {"g16 gradient 8x8x192 48", run_gradient_g16, 8, 192, 48, 1, 1, 1},
    {"g16 gradient 4x4x96 384", run_gradient_g16, 4, 96, 384, 1, 1, 1},
    {"g16 gradient 4x4x576 160", run_gradient_g16, 4, 576, 160, 1, 1, 1},
    {"g8 gradient 8x8x192 48", run_gradient_g8, 8, 192, 48, 1, 1, 1},
    {"g8 gradient 4x4x96 384", run_gradient_g8, 4, 96, 384, 1, 1, 1},
    {"g16 pairs 8x8x192 48", run_paired_g16, 8, 192, 48, 1, 1, 1},
    {"g16 pairs 4x4x576 160", run_paired_g16, 4, 576, 160, 1, 1, 1},
    {"g8 pairs 8x8x192 48", run_paired_g8, 8, 192, 48, 1, 1, 1},
    {"g8 pairs 4x4x576 160", run_paired_g8, 4, 576, 160, 1, 1, 1},
    {"g16 gradient 3x3 8x8x16 16", run_general_g16, 8, 16, 16, 3, 1, 1},
    {"g8 gradient 3x3 8x8x16 16", run_general_g8, 8, 16, 16, 3, 1, 1},
    {"g16 gradient 3x3 s2 16x16x16 32", run_general_g16, 16, 16, 32, 3, 2, 1},
    {"g8 gradient 3x3 s2 16x16x16 32", run_general_g8, 16, 16, 32, 3, 2, 1},
    {"g16 gradient 1x1 s2 16x16x16 32", run_general_g16, 16, 16, 32, 1, 2, 1},
    {"g16 gradient dw 3x3 4x4x576", run_depthwise_g16, 4, 576, 576, 3, 1, 576},
    {"g16 gradient dw 5x5 8x8x192", run_depthwise_g16, 8, 192, 192, 5, 1, 192},
    {"g8 gradient dw 3x3 4x4x576", run_depthwise_g8, 4, 576, 576, 3, 1, 576},
    {"g8 gradient dw 3x3 16x16x96", run_depthwise_g8, 16, 96, 96, 3, 1, 96},
    {"g8 gradient dw 5x5 4x4x384", run_depthwise_g8, 4, 384, 384, 5, 1, 384},
    {"g8 gradient dw 7x7 8x8x192", run_depthwise_g8, 8, 192, 192, 7, 1, 192},
    {"g8 gradient dw 7x7 s2 8x8x192", run_depthwise_g8, 8, 192, 192, 7, 2, 192},
    {"g8 bias, per el. 8x8x96", run_bias_g8, 8, 96, 96, 1, 1, 96},
    {"g16 bias, per el. 4x4x240", run_bias_g16, 4, 240, 240, 1, 1, 240},
    {"g8 bias, per el. 4x4x240", run_bias_g8, 4, 240, 240, 1, 1, 240},
    {"g16 accumulate, per el. 8x8x96", run_sum_g16, 8, 96, 96, 1, 1, 96},
    {"g8 accumulate, per el. 8x8x96", run_sum_g8, 8, 96, 96, 1, 1, 96},
    {"g8 scale, per el. 4x4x576", run_scale_g8, 4, 576, 576, 1, 1, 576},
    {"g16 update 1x1 4x4x240 96", run_update_g16, 4, 240, 96, 1, 1, 1},
    {"g16 update 1x1 8x8x96 48", run_update_g16, 8, 96, 48, 1, 1, 1},
    {"g8 update 1x1 4x4x240 96", run_update_g8, 4, 240, 96, 1, 1, 1},
    {"g8 update 1x1 8x8x96 48", run_update_g8, 8, 96, 48, 1, 1, 1},
    {"g16 scale, per el. 8x8x96", run_scale_g16, 8, 96, 96, 1, 1, 96},
    {"g8 scale, per el. 8x8x96", run_scale_g8, 8, 96, 96, 1, 1, 96},
    {"pairs gradient 16x16x24 120", run_paired_gradient, 16, 24, 120, 1, 1, 1},
    {"pairs gradient 8x8x192 48", run_paired_gradient, 8, 192, 48, 1, 1, 1},
    {"pairs gradient 4x4x96 384", run_paired_gradient, 4, 96, 384, 1, 1, 1},
    {"pairs gradient 4x4x576 160", run_paired_gradient, 4, 576, 160, 1, 1, 1},
    {"gradient 3x3 8x8x32 32", run_general_gradient, 8, 32, 32, 3, 1, 1},
    {"gradient 3x3 s2 16x16x16 32", run_general_gradient, 16, 16, 32, 3, 2, 1},
    {"gradient 4x4 s4 4x4x32 128", run_general_gradient, 4, 32, 128, 4, 4, 1},
    {"gradient dw 3x3 4x4x576", run_depthwise_gradient, 4, 576, 576, 3, 1, 576},
    {"gradient dw 7x7 4x4x480", run_depthwise_gradient, 4, 480, 480, 7, 1, 480},
    {"gradient dw 3x3 16x16x96", run_depthwise_gradient, 16, 96, 96, 3, 1, 96},
    {"gradient dw 5x5 8x8x192", run_depthwise_gradient, 8, 192, 192, 5, 1, 192},
    {"gradient dw 7x7 8x8x192", run_depthwise_gradient, 8, 192, 192, 7, 1, 192},
    {"gradient dw 7x7 s2 8x8x192", run_depthwise_gradient, 8, 192, 192, 7, 2, 192},
    {"gradient dw 3x3 s2 16x16x96", run_depthwise_gradient, 16, 96, 96, 3, 2, 96},
    {"weight update 1x1 4x4x240 96", run_weight_update, 4, 240, 96, 1, 1, 1},
    {"weight update 3x3 8x8x32 32", run_weight_update, 8, 32, 32, 3, 1, 1},
    {"weight update 4x4 s4 4x4x32 128", run_weight_update, 4, 32, 128, 4, 4, 1},
    {"g8 update 3x3 8x8x32 32", run_update_g8, 8, 32, 32, 3, 1, 1},
    {"weight update 1x1 8x8x96 48", run_weight_update, 8, 96, 48, 1, 1, 1},
    {"bias update, per el. 8x8x96", run_bias_update, 8, 96, 96, 1, 1, 96},
    {"bias update, per el. 4x4x240", run_bias_update, 4, 240, 240, 1, 1, 240},
    {"scale, per element 8x8x96", run_scale, 8, 96, 96, 1, 1, 96},
    {"scale, per element 4x4x240", run_scale, 4, 240, 240, 1, 1, 240},
    {"accumulate, per el. 8x8x96", run_accumulate, 8, 96, 96, 1, 1, 96},
    {"dense 160 10", run_dense, 1, 160, 10, 1, 1, 1},
    {"dense 1000 100", run_dense, 1, 1000, 100, 1, 1, 1},
    {"dense pairs 160 10", run_paired_dense, 1, 160, 10, 1, 1, 1},
    {"dense pairs 500 100", run_paired_dense, 1, 500, 100, 1, 1, 1},
    {"average, per element 4x4x160", run_average, 4, 160, 160, 1, 1, 160},
    {"add, per element 16x16x24", run_add, 16, 24, 24, 1, 1, 24},
    {"dw 3x3 32x32x48", tinysdk_depthwise_conv2d_s8_dsp, 32, 48, 48, 3, 1, 48},
    {"dw 3x3 4x4x576", tinysdk_depthwise_conv2d_s8_dsp, 4, 576, 576, 3, 1, 576},
    {"dw 5x5 4x4x384", tinysdk_depthwise_conv2d_s8_dsp, 4, 384, 384, 5, 1, 384},
    {"dw 5x5 16x16x96", tinysdk_depthwise_conv2d_s8_dsp, 16, 96, 96, 5, 1, 96},
    {"dw 7x7 8x8x192", tinysdk_depthwise_conv2d_s8_dsp, 8, 192, 192, 7, 1, 192},
    {"dw 7x7 s2 32x32x48", tinysdk_depthwise_conv2d_s8_dsp, 32, 48, 48, 7, 2, 48},
    {"dw 3x3 s2 64x64x32", tinysdk_depthwise_conv2d_s8_dsp, 64, 32, 32, 3, 2, 32},
};

static tinysdk_conv2d_args arguments(const shape *s, int32_t rounding) {
  tinysdk_conv2d_args a = {.batch = 1,
                           .in_channels = s->in,
                           .in_height = s->size,
                           .in_width = s->size,
                           .out_channels = s->out,
                           .kernel_height = s->kernel,
                           .kernel_width = s->kernel,
                           .stride_y = s->stride,
                           .stride_x = s->stride,
                           .pad_top = s->stride < s->kernel ? s->kernel / 2 : 0,
                           .pad_left = s->stride < s->kernel ? s->kernel / 2 : 0,
                           .dilation_y = 1,
                           .dilation_x = 1,
                           .groups = s->groups,
                           .input_zero = -128,
                           .output_zero = -128,
                           .clamp_min = -128,
                           .clamp_max = 127,
                           .rounding = rounding};
  harness_set_output(&a);
  return a;
}

static uint32_t ticks_of(const shape *s, const tinysdk_conv2d_args *a, uint8_t *with_mask) {
  const uint32_t start = harness_ticks();
  own_ticks = 0;
  s->run(a, input, weights, NULL, NULL, bias, scale, output, with_mask, scratch);
  return own_ticks ? own_ticks : harness_ticks() - start;
}

/* `icount shift=6` gives an instruction 64 ns; the timer's tick is 40 ns. */
static uint32_t instructions(uint32_t ticks) {
  return (uint32_t)((uint64_t)ticks * 40 / 64);
}

int harness_main(void) {
  harness_fill_bytes(input, ROOM, -128, 127);
  harness_fill_bytes(weights, sizeof(weights), -60, 60);
  for (int32_t o = 0; o < 1024; o++) {
    bias[o] = harness_between(-2000, 2000);
    factors[o] = 1e-3f;
    scale[o] = (tinysdk_requantization){harness_between(1 << 30, INT32_MAX), -8};
  }
  for (uint32_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
    const shape *const s = &shapes[i];
    char line[160];
    int32_t used = snprintf(line, sizeof(line), "%-28s", s->name);
    for (int32_t rounding = 1; rounding >= 0; rounding--) {
      const tinysdk_conv2d_args a = arguments(s, rounding);
      const uint32_t macs = (uint32_t)(a.out_channels * a.out_height * a.out_width * a.in_channels /
                                       a.groups * a.kernel_height * a.kernel_width);
      const uint32_t plain = instructions(ticks_of(s, &a, NULL)),
                     masked = instructions(ticks_of(s, &a, mask));
      const uint32_t per = (uint32_t)((uint64_t)plain * 1000 / macs);
      used += snprintf(line + used, sizeof(line) - (size_t)used, " %s %8lu (%lu.%03lu) masked %8lu",
                       rounding ? "single" : "tflite", (unsigned long)plain, (unsigned long)(per / 1000),
                       (unsigned long)(per % 1000), (unsigned long)masked);
    }
    harness_print(line);
    harness_print("\n");
  }
  return 0;
}
