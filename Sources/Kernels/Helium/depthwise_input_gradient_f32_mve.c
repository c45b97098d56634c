#include "convolution.h"
#include "mve_float.h"

#include <string.h>

extern __typeof__(tinysdk_depthwise_input_gradient_f32) tinysdk_depthwise_input_gradient_f32_mve;
int32_t tinysdk_depthwise_input_gradient_f32_mve_scratch(const tinysdk_conv2d_args *args);
int32_t tinysdk_depthwise_input_gradient_f32_mve_instructions(const tinysdk_conv2d_args *args);

/* A register tile: so many rows of four columns of the input's gradient. */
#define ROWS 4

#define LARGEST_SCRATCH 8192
#define LARGEST_KERNEL 64

/* The output's gradient is copied out with zeros around and, where the stride is 2, in between: every window
 * is a plain correlation then. A product with such a zero changes no sum, since none is ever -0 where vectors
 * may be used. The copy also lets the result overwrite the gradient. */
typedef struct {
  int32_t pitch; /* floats of a row */
  int32_t rows;
  int32_t top; /* where the gradient's first element goes */
  int32_t left;
} spread_plane;

static spread_plane spread_of(const tinysdk_conv2d_args *args) {
  const int32_t width = ((args->in_width + 3) & ~3) + args->kernel_width - 1;
  const int32_t rows = (args->in_height + ROWS - 1) / ROWS * ROWS + args->kernel_height - 1;
  /* Pitches that kernels know as constants reach their rows without additions. */
  const spread_plane spread = {width <= 16   ? 16
                               : width <= 32 ? 32
                                             : width,
                               rows, args->kernel_height - 1 - args->pad_top,
                               args->kernel_width - 1 - args->pad_left};
  return spread;
}

static void spread_gradient(const tinysdk_conv2d_args *args, spread_plane spread, const float *gradient,
                            float *plane) {
  const int32_t width = args->out_width;
  const tinysdk_range rows =
      tinysdk_positions_inside(0, args->out_height, args->stride_y, spread.top, spread.rows);
  const tinysdk_range columns = tinysdk_positions_inside(0, width, args->stride_x, spread.left, spread.pitch);
  const int32_t stride = args->stride_x;
  for (int32_t y = rows.first; y < rows.end; y++) {
    float *const to = plane + (y * args->stride_y + spread.top) * spread.pitch + spread.left;
    const float *const from = gradient + y * width;
    if (stride == 1)
      for (int32_t x = columns.first; x < columns.end; x++)
        to[x] = from[x];
    else
      for (int32_t x = columns.first; x < columns.end; x++)
        to[x * stride] = from[x];
  }
}

/* Four rows of four sums, taps in ascending order: `window` holds what the last tap reads. Sizes and pitch
 * are constants in most callers. */
TINYSDK_MVE_FLOAT static inline __attribute__((always_inline)) void
tile_sums(const float *window, const float *weights, int32_t height, int32_t width, int32_t pitch,
          tinysdk_f32x4 sums[ROWS]) {
  tinysdk_f32x4 a = tinysdk_f32x4_fill(0), b = a, c = a, d = a;
  const float *row = window + (height - 1) * pitch;
  for (int32_t ky = 0; ky < height; ky++) {
    for (int32_t kx = 0; kx < width; kx++) {
      const float weight = weights[kx];
      const float *const from = row + width - 1 - kx;
      a = tinysdk_f32x4_fma(tinysdk_f32x4_load(from), weight, a);
      b = tinysdk_f32x4_fma(tinysdk_f32x4_load(from + pitch), weight, b);
      c = tinysdk_f32x4_fma(tinysdk_f32x4_load(from + 2 * pitch), weight, c);
      d = tinysdk_f32x4_fma(tinysdk_f32x4_load(from + 3 * pitch), weight, d);
    }
    weights += width;
    row -= pitch;
  }
  sums[0] = a;
  sums[1] = b;
  sums[2] = c;
  sums[3] = d;
}

/* One plane of the input's gradient. */
TINYSDK_MVE_FLOAT static inline __attribute__((always_inline)) void
gradient_plane(const tinysdk_conv2d_args *args, const float *plane, const float *weights, int32_t height,
               int32_t width, int32_t pitch, float *input_gradient) {
  int32_t *const to = (int32_t *)(void *)input_gradient;
  for (int32_t y = 0; y < args->in_height; y += ROWS) {
    const int32_t rows = tinysdk_min(ROWS, args->in_height - y);
    for (int32_t x = 0; x < args->in_width; x += 4) {
      tinysdk_f32x4 sums[ROWS];
      tile_sums(plane + y * pitch + x, weights, height, width, pitch, sums);
      const mve_pred16_t inside = vctp32q((uint32_t)(args->in_width - x));
      for (int32_t i = 0; i < ROWS; i++)
        if (i < rows)
          vstrwq_p_s32(to + (y + i) * args->in_width + x, tinysdk_f32x4_bits(sums[i]), inside);
    }
  }
}

typedef void plane_kernel(const tinysdk_conv2d_args *args, spread_plane spread, const float *plane,
                          const float *weights, float *input_gradient);

#define PLANE_KERNEL(name, height, width, pitch)                                                             \
  TINYSDK_MVE_FLOAT static void name(const tinysdk_conv2d_args *args, spread_plane spread,                   \
                                     const float *plane, const float *weights, float *input_gradient) {      \
    (void)spread;                                                                                            \
    gradient_plane(args, plane, weights, height, width, pitch, input_gradient);                              \
  }

PLANE_KERNEL(plane_3_16, 3, 3, 16)
PLANE_KERNEL(plane_3_32, 3, 3, 32)
PLANE_KERNEL(plane_5_16, 5, 5, 16)
PLANE_KERNEL(plane_5_32, 5, 5, 32)
PLANE_KERNEL(plane_7_16, 7, 7, 16)
PLANE_KERNEL(plane_7_32, 7, 7, 32)
PLANE_KERNEL(plane_any, args->kernel_height, args->kernel_width, spread.pitch)

/* The same by scalars, where vectors might flush: only products that exist. */
static void plane_scalars(const tinysdk_conv2d_args *args, spread_plane spread, const float *plane,
                          const float *weights, float *input_gradient) {
  for (int32_t y = 0; y < args->in_height; y++)
    for (int32_t x = 0; x < args->in_width; x++) {
      float sum = 0;
      for (int32_t ky = 0; ky < args->kernel_height; ky++)
        for (int32_t kx = 0; kx < args->kernel_width; kx++) {
          const int32_t row = y + args->pad_top - ky, column = x + args->pad_left - kx;
          if (row >= 0 && row % args->stride_y == 0 && row / args->stride_y < args->out_height &&
              column >= 0 && column % args->stride_x == 0 && column / args->stride_x < args->out_width)
            sum = fmaf(weights[ky * args->kernel_width + kx],
                       plane[(row + spread.top) * spread.pitch + column + spread.left], sum);
        }
      *input_gradient++ = sum;
    }
}

static plane_kernel *kernel_for(const tinysdk_conv2d_args *args, spread_plane spread, int32_t safe) {
  static plane_kernel *const square[3][2] = {
      {plane_3_16, plane_3_32}, {plane_5_16, plane_5_32}, {plane_7_16, plane_7_32}};
  const int32_t size = args->kernel_height;
  if (!safe)
    return plane_scalars;
  if (size != args->kernel_width || size < 3 || size > 7 || (size & 1) == 0 || spread.pitch > 32)
    return plane_any;
  return square[(size - 3) / 2][spread.pitch == 32];
}

void tinysdk_depthwise_input_gradient_f32_mve(const tinysdk_conv2d_args *args, const float *gradient,
                                              const int8_t *weights, const int8_t *trained,
                                              const uint16_t *order, float *input_gradient, void *scratch) {
  const int32_t channels = args->in_channels, taps = tinysdk_taps(args), out_plane = tinysdk_out_plane(args);
  const spread_plane spread = spread_of(args);
  const int32_t safe = tinysdk_mve_safe(gradient, args->batch * channels * out_plane);
  plane_kernel *const kernel = kernel_for(args, spread, safe);
  float words[LARGEST_KERNEL];
  memset(scratch, 0, sizeof(float) * (uint32_t)(spread.rows * spread.pitch));
  for (int32_t b = 0; b < args->batch; b++) {
    tinysdk_split split = tinysdk_split_start(weights, trained, order, args->trained_channels, channels);
    for (int32_t c = 0; c < channels; c++) {
      const tinysdk_place place = tinysdk_split_next(&split, c);
      for (int32_t t = 0; t < taps; t++)
        words[t] = (float)(place.base[place.own * taps + t] - args->weight_zero);
      spread_gradient(args, spread, gradient + (b * channels + c) * out_plane, scratch);
      kernel(args, spread, scratch, words, input_gradient + (b * channels + c) * tinysdk_in_plane(args));
    }
  }
}

int32_t tinysdk_depthwise_input_gradient_f32_mve_scratch(const tinysdk_conv2d_args *args) {
  const spread_plane spread = spread_of(args);
  return spread.rows * spread.pitch * (int32_t)sizeof(float);
}

int32_t tinysdk_depthwise_input_gradient_f32_mve_instructions(const tinysdk_conv2d_args *args) {
  const int32_t taps = tinysdk_taps(args);
  if (args->out_channels != args->in_channels || args->stride_y > 2 || args->stride_x > 2 ||
      args->dilation_y != 1 || args->dilation_x != 1 || taps > LARGEST_KERNEL ||
      args->pad_top >= args->kernel_height || args->pad_left >= args->kernel_width ||
      tinysdk_depthwise_input_gradient_f32_mve_scratch(args) > LARGEST_SCRATCH)
    return -1;
  const int32_t tiles = ((args->in_height + 3) / 4) * ((args->in_width + 3) / 4);
  return args->batch * args->in_channels *
         (tiles * (taps * 10 + 90) + taps * 5 + tinysdk_out_plane(args) * 4 + 150);
}
