#include "convolution.h"
#include "mve_outputs.h"
#include "padded_plane.h"

extern __typeof__(tinysdk_depthwise_conv2d_s8) tinysdk_depthwise_conv2d_s8_mve;
int32_t tinysdk_depthwise_conv2d_s8_mve_scratch(const tinysdk_conv2d_args *args);
int32_t tinysdk_depthwise_conv2d_s8_mve_instructions(const tinysdk_conv2d_args *args);

/* A register tile: so many rows of four columns of outputs. A block: a tile's rows by up to sixteen columns.
 */
#define ROWS 4
#define COLUMNS 16

/* Weights of one channel at most, as words. */
#define TAPS 64

/* The padded plane: each row holds first its even, then its odd columns where the stride is 2, so that a
 * tap's inputs always lie side by side. Rows are long enough for a vector that starts at the last output. */
typedef struct {
  int32_t stride;
  int32_t half;  /* where the odd columns start; without them, the whole row */
  int32_t pitch; /* bytes of a row */
  int32_t rows;
} plane_layout;

static plane_layout layout_of(const tinysdk_conv2d_args *args) {
  const int32_t half = ((args->out_width + 3) & ~3) + (args->kernel_width - 1) / args->stride_x;
  const int32_t rounded = (args->out_height + ROWS - 1) / ROWS * ROWS;
  const plane_layout layout = {args->stride_x, half, half * args->stride_x,
                               (rounded - 1) * args->stride_y + args->kernel_height};
  return layout;
}

/* Copies the `count` pixels of a row that lie `stride` apart, from `from` on. */
static inline void copy_row(const int8_t *from, int32_t count, int32_t stride, uint8x16_t steps, int8_t *to) {
  for (; count > 0; count -= 16) {
    const mve_pred16_t rest = vctp8q((uint32_t)count);
    if (stride == 1)
      vstrbq_p_s8(to, vldrbq_z_s8(from, rest), rest);
    else
      vstrbq_p_s8(to, vldrbq_gather_offset_z_s8(from, steps, rest), rest);
    from += 16 * stride;
    to += 16;
  }
}

/* What one channel's plane puts into the padded one; the padding around it stays from the start. */
static void load_plane(const tinysdk_conv2d_args *args, plane_layout layout, const int8_t *input,
                       int8_t *padded) {
  const int32_t rows = tinysdk_min(args->in_height, layout.rows - args->pad_top);
  const int32_t stride = layout.stride;
  uint8_t offsets[16];
  for (int32_t i = 0; i < 16; i++)
    offsets[i] = (uint8_t)(stride * i);
  const uint8x16_t steps = vldrbq_u8(offsets);
  for (int32_t phase = 0; phase < stride; phase++) {
    /* Columns of this phase: padded column phase + stride * i is image column that minus the padding. */
    const int32_t first = tinysdk_max(0, (args->pad_left - phase + stride - 1) / stride);
    const int32_t column = phase + stride * first - args->pad_left;
    const int32_t count = tinysdk_min((args->in_width - column + stride - 1) / stride, layout.half - first);
    int8_t *to = padded + args->pad_top * layout.pitch + phase * layout.half + first;
    const int8_t *from = input + column;
    if (stride == 1)
      for (int32_t y = 0; y < rows; y++, to += layout.pitch, from += args->in_width)
        copy_row(from, count, 1, steps, to);
    else
      for (int32_t y = 0; y < rows; y++, to += layout.pitch, from += args->in_width)
        copy_row(from, count, stride, steps, to);
  }
}

/* Four rows of four sums. The kernel's height and the vertical stride are constants where this is inlined, so
 * that a column of weights stays in registers and every row of inputs is read once for all its outputs. */
static inline __attribute__((always_inline)) void tile_sums(const plane_layout *layout, const int8_t *window,
                                                            const int32_t *weights, int32_t height,
                                                            int32_t width, int32_t stride_y,
                                                            int32x4_t sums[ROWS]) {
  for (int32_t i = 0; i < ROWS; i++)
    sums[i] = vdupq_n_s32(0);
  for (int32_t kx = 0; kx < width; kx++) {
    const int8_t *row = layout->stride == 1 ? window + kx : window + (kx & 1) * layout->half + (kx >> 1);
    for (int32_t y = 0; y < (ROWS - 1) * stride_y + height; y++, row += layout->pitch) {
      const int32x4_t pixels = vldrbq_s32(row);
      for (int32_t i = 0; i < ROWS; i++) {
        const int32_t ky = y - i * stride_y;
        if (ky >= 0 && ky < height)
          sums[i] = vmlaq_n_s32(sums[i], pixels, weights[kx * height + ky]);
      }
    }
  }
}

/* A block: `columns` columns by the tile's rows, packed into `sums`. */
static inline __attribute__((always_inline)) void block_sums(const plane_layout *layout, const int8_t *window,
                                                             const int32_t *weights, int32_t height,
                                                             int32_t width, int32_t stride_y, int32_t columns,
                                                             int32_t *sums) {
  for (int32_t x = 0; x < columns; x += 4) {
    int32x4_t tile[ROWS];
    tile_sums(layout, window + x, weights, height, width, stride_y, tile);
    const mve_pred16_t inside = vctp32q((uint32_t)(columns - x));
    for (int32_t i = 0; i < ROWS; i++)
      vstrwq_p_s32(sums + i * columns + x, tile[i], inside);
  }
}

typedef void block_kernel(const plane_layout *layout, const int8_t *window, const int32_t *weights,
                          const tinysdk_conv2d_args *args, int32_t columns, int32_t *sums);

#define BLOCK_KERNEL(name, height, width, stride_y)                                                          \
  static void name(const plane_layout *layout, const int8_t *window, const int32_t *weights,                 \
                   const tinysdk_conv2d_args *args, int32_t columns, int32_t *sums) {                        \
    (void)args;                                                                                              \
    block_sums(layout, window, weights, height, width, stride_y, columns, sums);                             \
  }

BLOCK_KERNEL(block_3_1, 3, 3, 1)
BLOCK_KERNEL(block_3_2, 3, 3, 2)
BLOCK_KERNEL(block_5_1, 5, 5, 1)
BLOCK_KERNEL(block_5_2, 5, 5, 2)
BLOCK_KERNEL(block_7_1, 7, 7, 1)
BLOCK_KERNEL(block_7_2, 7, 7, 2)
BLOCK_KERNEL(block_any, args->kernel_height, args->kernel_width, args->stride_y)

static block_kernel *kernel_for(const tinysdk_conv2d_args *args) {
  static block_kernel *const square[3][2] = {
      {block_3_1, block_3_2}, {block_5_1, block_5_2}, {block_7_1, block_7_2}};
  const int32_t size = args->kernel_height;
  if (size != args->kernel_width || args->stride_y > 2 || size < 3 || size > 7 || (size & 1) == 0)
    return block_any;
  return square[(size - 3) / 2][args->stride_y - 1];
}

/* One output channel from its padded plane, from element `first` on. */
static void convolve_plane(const tinysdk_conv2d_args *args, const plane_layout *layout, const int8_t *padded,
                           const int32_t *weights, tinysdk_mve_stage *stage, int32_t bias, int32_t fold,
                           tinysdk_requantization scale, int32_t first, int8_t *output, uint8_t *mask) {
  block_kernel *const kernel = kernel_for(args);
  const int32_t width = args->out_width;
  int32_t sums[ROWS * COLUMNS];
  for (int32_t y = 0; y < args->out_height; y += ROWS) {
    const int32_t rows = tinysdk_min(ROWS, args->out_height - y);
    for (int32_t x = 0; x < width; x += COLUMNS) {
      const int32_t columns = tinysdk_min(COLUMNS, width - x), element = first + y * width + x;
      kernel(layout, padded + y * args->stride_y * layout->pitch + x, weights, args, columns, sums);
      tinysdk_mve_set_scale(stage, tinysdk_mve_fold(bias, fold, sums, ROWS * columns), scale);
      if (columns == width)
        tinysdk_mve_write_sums(stage, sums, rows * columns, element, output, mask);
      else
        for (int32_t i = 0; i < rows; i++)
          tinysdk_mve_write_sums(stage, sums + i * columns, columns, element + i * width, output, mask);
    }
  }
}

/* One channel's weights as words, column by column; returns their sum. */
static int32_t load_weights(const tinysdk_conv2d_args *args, const int8_t *weights, int32_t *words) {
  int32_t total = 0;
  for (int32_t kx = 0; kx < args->kernel_width; kx++)
    for (int32_t ky = 0; ky < args->kernel_height; ky++) {
      const int32_t weight = weights[ky * args->kernel_width + kx] - args->weight_zero;
      *words++ = weight;
      total += weight;
    }
  return total;
}

void tinysdk_depthwise_conv2d_s8_mve(const tinysdk_conv2d_args *args, const int8_t *input,
                                     const int8_t *weights, const int8_t *trained, const uint16_t *order,
                                     const int32_t *bias, const tinysdk_requantization *requantization,
                                     int8_t *output, uint8_t *mask, void *scratch) {
  const int32_t channels = args->in_channels, multiplier = args->out_channels / channels;
  const int32_t out_plane = tinysdk_out_plane(args), taps = tinysdk_taps(args);
  const plane_layout layout = layout_of(args);
  tinysdk_mve_stage stage = tinysdk_mve_conv2d_stage(args);
  int32_t words[TAPS];
  memset(scratch, args->input_zero, (uint32_t)(layout.rows * layout.pitch));
  for (int32_t b = 0; b < args->batch; b++) {
    tinysdk_split split = tinysdk_split_start(weights, trained, order, args->trained_channels, channels);
    /* Ascending: in place, the outputs of a channel reach no later channel's input. */
    for (int32_t c = 0; c < channels; c++) {
      const tinysdk_place place = tinysdk_split_next(&split, c);
      load_plane(args, layout, input + (b * channels + c) * tinysdk_in_plane(args), scratch);
      for (int32_t j = 0; j < multiplier; j++) {
        const int32_t o = c * multiplier + j;
        const int32_t total = load_weights(args, place.base + (place.own * multiplier + j) * taps, words);
        convolve_plane(args, &layout, scratch, words, &stage, bias ? bias[o] : 0, -total * args->input_zero,
                       requantization[o], (b * args->out_channels + o) * out_plane, output, mask);
      }
    }
  }
}

int32_t tinysdk_depthwise_conv2d_s8_mve_scratch(const tinysdk_conv2d_args *args) {
  const plane_layout layout = layout_of(args);
  return layout.rows * layout.pitch;
}

int32_t tinysdk_depthwise_conv2d_s8_mve_instructions(const tinysdk_conv2d_args *args) {
  const int32_t taps = tinysdk_taps(args);
  if (taps > TAPS || args->stride_x > 2 || args->dilation_y != 1 || args->dilation_x != 1)
    return -1;
  const int32_t outputs = args->batch * args->out_channels;
  const int32_t tiles = ((args->out_height + 3) / 4) * ((args->out_width + 3) / 4);
  return outputs * (tiles * (taps * 8 + 70) + args->in_height * (args->in_width / 4 + 8) + taps * 5 + 150);
}
