#include "convolution.h"
#include "mve_outputs.h"

#include <string.h>

extern __typeof__(tinysdk_depthwise_conv2d_s8) tinysdk_depthwise_conv2d_s8_mve;
int32_t tinysdk_depthwise_conv2d_s8_mve_scratch(const tinysdk_conv2d_args *args);
int32_t tinysdk_depthwise_conv2d_s8_mve_instructions(const tinysdk_conv2d_args *args);

/* A register tile: so many rows of four columns of outputs. */
#define ROWS 4

/* Outputs whose sums are held before they are written: one or more tiles' rows by so many columns at most. */
#define COLUMNS 64
#define BLOCK (ROWS * COLUMNS)

/* Where the pixels of one plane go in the padded one. */
typedef struct {
  int32_t from;
  int32_t to;
  int32_t count;
} row_copy;

/* The padded plane: each row holds first its even, then its odd columns where the stride is 2, so that a
 * tap's inputs always lie side by side. Rows are long enough for a vector that starts at the last output. */
typedef struct {
  int32_t stride;
  int32_t half;  /* where the odd columns start; without them, the whole row */
  int32_t pitch; /* bytes of a row */
  int32_t rows;
  int32_t copied; /* rows of the image that windows reach */
  row_copy copies[2];
  uint8x16_t steps;
} plane_layout;

/* Pitches that kernels know as constants reach their rows without additions. */
static int32_t pitch_for(int32_t width) {
  return width <= 16 ? 16 : width <= 32 ? 32 : width;
}

static plane_layout layout_of(const tinysdk_conv2d_args *args) {
  const int32_t stride = args->stride_x,
                half = ((args->out_width + 3) & ~3) + (args->kernel_width - 1) / stride;
  const int32_t rounded = (args->out_height + ROWS - 1) / ROWS * ROWS;
  plane_layout layout = {.stride = stride,
                         .half = half,
                         .pitch = pitch_for(half * stride),
                         .rows = (rounded - 1) * args->stride_y + args->kernel_height};
  layout.copied = tinysdk_min(args->in_height, layout.rows - args->pad_top);
  for (int32_t phase = 0; phase < stride; phase++) {
    /* Padded column phase + stride * i is the image's column that minus the padding. */
    const int32_t first = tinysdk_max(0, (args->pad_left - phase + stride - 1) / stride);
    const int32_t column = phase + stride * first - args->pad_left;
    layout.copies[phase].from = column;
    layout.copies[phase].to = args->pad_top * layout.pitch + phase * half + first;
    layout.copies[phase].count = tinysdk_min((args->in_width - column + stride - 1) / stride, half - first);
  }
  uint8_t offsets[16];
  for (int32_t i = 0; i < 16; i++)
    offsets[i] = (uint8_t)(stride * i);
  layout.steps = vldrbq_u8(offsets);
  return layout;
}

/* Copies `rows` rows of `count` pixels, which lie `stride` (a constant where this is inlined) apart. */
static inline __attribute__((always_inline)) void copy_rows(const int8_t *from, int32_t width, int32_t rows,
                                                            int32_t count, int32_t stride, uint8x16_t steps,
                                                            int8_t *to, int32_t pitch) {
  for (int32_t x = 0; x < count; x += 16) {
    const mve_pred16_t rest = vctp8q((uint32_t)(count - x));
    const int8_t *source = from + x * stride;
    int8_t *target = to + x;
    for (int32_t y = 0; y < rows; y++) {
      if (stride == 1)
        vstrbq_p_s8(target, vldrbq_z_s8(source, rest), rest);
      else
        vstrbq_p_s8(target, vldrbq_gather_offset_z_s8(source, steps, rest), rest);
      source += width;
      target += pitch;
    }
  }
}

/* What one channel's plane puts into the padded one; the padding around it stays from the start. */
static void load_plane(const plane_layout *layout, int32_t width, const int8_t *input, int8_t *padded) {
  const row_copy *const copies = layout->copies;
  if (layout->stride == 1)
    copy_rows(input + copies[0].from, width, layout->copied, copies[0].count, 1, layout->steps,
              padded + copies[0].to, layout->pitch);
  else
    for (int32_t phase = 0; phase < 2; phase++)
      copy_rows(input + copies[phase].from, width, layout->copied, copies[phase].count, 2, layout->steps,
                padded + copies[phase].to, layout->pitch);
}

/* A kernel's size and strides and the padded plane's: constants in most of the kernels below, so that loops
 * unroll and weights stay in registers. */
typedef struct {
  int32_t height;
  int32_t width;
  int32_t stride_y;
  int32_t stride_x;
  int32_t pitch;
  int32_t half;
} tile_shape;

/* Where column kx of the kernel starts in a window's row. */
static inline __attribute__((always_inline)) int32_t column_at(tile_shape shape, int32_t kx) {
  return shape.stride_x == 1 ? kx : (kx & 1) * shape.half + (kx >> 1);
}

/* What one input row, if the tile has it, adds to the sums of the outputs that see it, for one column of the
 * kernel, whose weights start at `weights`. */
static inline __attribute__((always_inline)) void add_row(tile_shape shape, const int8_t *column, int32_t y,
                                                          const int8_t *weights, int32x4_t sums[ROWS]) {
  if (y >= (ROWS - 1) * shape.stride_y + shape.height)
    return;
  const int32x4_t pixels = vldrbq_s32(column + y * shape.pitch);
  for (int32_t i = 0; i < ROWS; i++) {
    const int32_t ky = y - i * shape.stride_y;
    if (ky >= 0 && ky < shape.height)
      sums[i] = vmlaq_n_s32(sums[i], pixels, weights[ky * shape.width]);
  }
}

/* The rows one by one, since compilers leave so long a loop rolled up. */
static inline __attribute__((always_inline)) void add_column(tile_shape shape, const int8_t *column,
                                                             const int8_t *weights, int32x4_t sums[ROWS]) {
  add_row(shape, column, 0, weights, sums);
  add_row(shape, column, 1, weights, sums);
  add_row(shape, column, 2, weights, sums);
  add_row(shape, column, 3, weights, sums);
  add_row(shape, column, 4, weights, sums);
  add_row(shape, column, 5, weights, sums);
  add_row(shape, column, 6, weights, sums);
  add_row(shape, column, 7, weights, sums);
  add_row(shape, column, 8, weights, sums);
  add_row(shape, column, 9, weights, sums);
  add_row(shape, column, 10, weights, sums);
  add_row(shape, column, 11, weights, sums);
  add_row(shape, column, 12, weights, sums);
}

/* Row y for all three columns of a kernel. */
static inline __attribute__((always_inline)) void add_row_of_three(tile_shape shape, const int8_t *window,
                                                                   int32_t y, const int8_t *weights,
                                                                   int32x4_t sums[ROWS]) {
  for (int32_t kx = 0; kx < 3; kx++)
    add_row(shape, window + column_at(shape, kx), y, weights + kx, sums);
}

static inline __attribute__((always_inline)) void add_three(tile_shape shape, const int8_t *window,
                                                            const int8_t *weights, int32x4_t sums[ROWS]) {
  add_row_of_three(shape, window, 0, weights, sums);
  add_row_of_three(shape, window, 1, weights, sums);
  add_row_of_three(shape, window, 2, weights, sums);
  add_row_of_three(shape, window, 3, weights, sums);
  add_row_of_three(shape, window, 4, weights, sums);
  add_row_of_three(shape, window, 5, weights, sums);
  add_row_of_three(shape, window, 6, weights, sums);
  add_row_of_three(shape, window, 7, weights, sums);
  add_row_of_three(shape, window, 8, weights, sums);
}

/* Four rows of four sums: every row of inputs is read once for all its outputs. All of a 3x3 kernel's weights
 * fit the registers, of a larger one a column's. `known` is whether the shape is constant. */
static inline __attribute__((always_inline)) void tile_sums(tile_shape shape, int32_t known,
                                                            const int8_t *window, const int8_t *weights,
                                                            int32x4_t sums[ROWS]) {
  for (int32_t i = 0; i < ROWS; i++)
    sums[i] = vdupq_n_s32(0);
  if (known && shape.width == 3)
    add_three(shape, window, weights, sums);
  else
    for (int32_t kx = 0; kx < shape.width; kx++) {
      const int8_t *const column = window + column_at(shape, kx);
      if (known)
        add_column(shape, column, weights + kx, sums);
      else
        for (int32_t y = 0; y < (ROWS - 1) * shape.stride_y + shape.height; y++)
          add_row(shape, column, y, weights + kx, sums);
    }
}

/* A block of `columns` columns by whole tiles' rows, packed into `sums`. */
static inline __attribute__((always_inline)) void block_sums(tile_shape shape, int32_t known,
                                                             const int8_t *window, const int8_t *weights,
                                                             int32_t rows, int32_t columns, int32_t *sums) {
  for (int32_t y = 0; y < rows; y += ROWS) {
    for (int32_t x = 0; x < columns; x += 4) {
      int32x4_t tile[ROWS];
      tile_sums(shape, known, window + x, weights, tile);
      int32_t *to = sums + x;
      const mve_pred16_t inside = vctp32q((uint32_t)(columns - x));
      for (int32_t i = 0; i < ROWS; i++, to += columns)
        vstrwq_p_s32(to, tile[i], inside);
    }
    window += ROWS * shape.stride_y * shape.pitch;
    sums += ROWS * columns;
  }
}

typedef void block_kernel(const tile_shape *shape, const int8_t *window, const int8_t *weights, int32_t rows,
                          int32_t columns, int32_t *sums);

static void block_any(const tile_shape *shape, const int8_t *window, const int8_t *weights, int32_t rows,
                      int32_t columns, int32_t *sums) {
  block_sums(*shape, 0, window, weights, rows, columns, sums);
}

/* A square kernel of known size and stride, for one pitch. */
#define BLOCK_KERNEL(size, stride, known, bytes)                                                             \
  static void block_##size##_##stride##_##known(const tile_shape *shape, const int8_t *window,               \
                                                const int8_t *weights, int32_t rows, int32_t columns,        \
                                                int32_t *sums) {                                             \
    const tile_shape constant = {size, size, stride, stride, bytes, shape->half};                            \
    block_sums(constant, 1, window, weights, rows, columns, sums);                                           \
  }
#define BLOCK_KERNELS(size, stride)                                                                          \
  BLOCK_KERNEL(size, stride, 16, 16)                                                                         \
  BLOCK_KERNEL(size, stride, 32, 32)                                                                         \
  BLOCK_KERNEL(size, stride, any, shape->pitch)
#define BLOCK_KERNEL_NAMES(size, stride)                                                                     \
  { block_##size##_##stride##_16, block_##size##_##stride##_32, block_##size##_##stride##_any }

BLOCK_KERNELS(3, 1)
BLOCK_KERNELS(3, 2)
BLOCK_KERNELS(5, 1)
BLOCK_KERNELS(5, 2)
BLOCK_KERNELS(7, 1)
BLOCK_KERNELS(7, 2)

static block_kernel *kernel_for(const tile_shape *shape) {
  static block_kernel *const square[3][2][3] = {{BLOCK_KERNEL_NAMES(3, 1), BLOCK_KERNEL_NAMES(3, 2)},
                                                {BLOCK_KERNEL_NAMES(5, 1), BLOCK_KERNEL_NAMES(5, 2)},
                                                {BLOCK_KERNEL_NAMES(7, 1), BLOCK_KERNEL_NAMES(7, 2)}};
  const int32_t size = shape->height, stride = shape->stride_x;
  if (size != shape->width || stride != shape->stride_y || size < 3 || size > 7 || (size & 1) == 0)
    return block_any;
  return square[(size - 3) / 2][stride - 1][shape->pitch == 16 ? 0 : shape->pitch == 32 ? 1 : 2];
}

/* How the planes of one call are worked on. */
typedef struct {
  tile_shape shape;
  block_kernel *kernel;
  int32_t out_height;
  int32_t out_width;
  int32_t block_rows;
} plane_job;

static plane_job job_of(const tinysdk_conv2d_args *args, const plane_layout *layout) {
  plane_job job = {.shape = {args->kernel_height, args->kernel_width, args->stride_y, args->stride_x,
                             layout->pitch, layout->half},
                   .out_height = args->out_height,
                   .out_width = args->out_width};
  job.kernel = kernel_for(&job.shape);
  /* A block that is as wide as the plane may have more rows: its outputs follow each other. */
  job.block_rows = args->out_width > COLUMNS ? ROWS : BLOCK / args->out_width / ROWS * ROWS;
  return job;
}

/* One output channel from its padded plane, from element `first` on. `apart` is what did not fit the bias. */
static void convolve_plane(const plane_job *job, const tinysdk_mve_stage *stage, const int8_t *padded,
                           const int8_t *weights, int32_t apart, int32_t first, int8_t *output,
                           uint8_t *mask) {
  const int32_t width = job->out_width, step = job->shape.stride_y * job->shape.pitch;
  int32_t sums[BLOCK];
  for (int32_t y = 0; y < job->out_height; y += job->block_rows) {
    const int32_t rows = tinysdk_min(job->block_rows, job->out_height - y);
    for (int32_t x = 0; x < width; x += COLUMNS) {
      const int32_t columns = tinysdk_min(COLUMNS, width - x), element = first + y * width + x;
      job->kernel(&job->shape, padded + y * step + x, weights, rows, columns, sums);
      if (apart)
        for (int32_t i = 0; i < rows * columns; i++)
          sums[i] += apart;
      if (columns == width)
        tinysdk_mve_write_sums(stage, sums, rows * columns, element, output, mask);
      else
        for (int32_t i = 0; i < rows; i++)
          tinysdk_mve_write_sums(stage, sums + i * columns, columns, element + i * width, output, mask);
    }
  }
}

void tinysdk_depthwise_conv2d_s8_mve(const tinysdk_conv2d_args *args, const int8_t *input,
                                     const int8_t *weights, const int8_t *trained, const uint16_t *order,
                                     const int32_t *bias, const tinysdk_requantization *requantization,
                                     int8_t *output, uint8_t *mask, void *scratch) {
  const int32_t channels = args->in_channels, multiplier = args->out_channels / channels;
  const int32_t out_plane = tinysdk_out_plane(args), taps = tinysdk_taps(args);
  const plane_layout layout = layout_of(args);
  const plane_job job = job_of(args, &layout);
  tinysdk_mve_stage stage = tinysdk_mve_conv2d_stage(args);
  memset(scratch, args->input_zero, (uint32_t)(layout.rows * layout.pitch));
  for (int32_t b = 0; b < args->batch; b++) {
    tinysdk_split split = tinysdk_split_start(weights, trained, order, args->trained_channels, channels);
    /* Ascending: in place, the outputs of a channel reach no later channel's input. */
    for (int32_t c = 0; c < channels; c++) {
      const tinysdk_place place = tinysdk_split_next(&split, c);
      load_plane(&layout, args->in_width, input + (b * channels + c) * tinysdk_in_plane(args), scratch);
      for (int32_t j = 0; j < multiplier; j++) {
        const int32_t o = c * multiplier + j;
        const int8_t *const own = place.base + (place.own * multiplier + j) * taps;
        const int32_t fold = -tinysdk_mve_sum(own, taps) * args->input_zero;
        int32_t both = bias ? bias[o] : 0, apart = 0;
        if (__builtin_add_overflow(both, fold, &both)) {
          both = bias[o];
          apart = fold;
        }
        tinysdk_mve_set_scale(&stage, both, requantization[o]);
        convolve_plane(&job, &stage, scratch, own, apart, (b * args->out_channels + o) * out_plane, output,
                       mask);
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
  if (args->weight_zero != 0 || args->stride_x > 2 || args->dilation_y != 1 || args->dilation_x != 1)
    return -1;
  const int32_t outputs = args->batch * args->out_channels;
  const int32_t tiles = ((args->out_height + 3) / 4) * ((args->out_width + 3) / 4);
  return outputs * (tiles * (taps * 8 + 70) + args->in_height * (args->in_width / 4 + 8) + 250);
}
