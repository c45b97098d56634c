#include "mve_strip.h"
#include "pooling.h"

#include <stddef.h>

extern __typeof__(tinysdk_max_pool2d_s8) tinysdk_max_pool2d_s8_mve;
int32_t tinysdk_max_pool2d_s8_mve_instructions(const tinysdk_pool2d_args *args);

/* Taps of a window. */
#define TAPS 64

/* Positions are 16-bit lanes. */
#define LARGEST_PLANE 65535

/* Outputs at once: where every window lies inside the image and nobody asks who won, and elsewhere. */
#define BYTES 16
#define HALVES 8

/* What a block of outputs reads in every plane. */
typedef struct {
  const tinysdk_pool2d_args *args;
  const int8_t *input; /* the first plane */
  int8_t *output;
  uint16_t *argmax;
  uint8_t *mask;
  int32_t fits;    /* whether every window lies inside the image */
  int32_t element; /* the first output, in the first plane */
  int32_t count;
  int32_t taps;
  int32_t start[TAPS];       /* where the first output's tap lies */
  mve_pred16_t inside[TAPS]; /* the outputs whose tap lies in the image */
} pool_block;

static inline int32_t in_plane(const tinysdk_pool2d_args *args) {
  return args->in_height * args->in_width;
}

static inline int32_t out_plane(const tinysdk_pool2d_args *args) {
  return args->out_height * args->out_width;
}

/* `count` bits from bit `first` on; others stay. */
static void put_bits(uint8_t *mask, int32_t first, uint32_t bits, int32_t count) {
  const int32_t at = first & 7;
  const uint32_t written = ((1u << count) - 1) << at;
  uint8_t *byte = mask + (first >> 3);
  bits <<= at;
  for (int32_t i = 0; i < at + count; i += 8, byte++)
    *byte = (uint8_t)((*byte & ~(written >> i)) | (bits & written) >> i);
}

/* One bit of every two. */
static uint32_t every_second(uint32_t bits) {
  bits &= 0x5555u;
  bits = (bits | bits >> 1) & 0x3333u;
  bits = (bits | bits >> 2) & 0x0F0Fu;
  return (bits | bits >> 4) & 0xFFu;
}

/* All planes of a block of bytes; `whole` is a constant where this is inlined. */
static inline __attribute__((always_inline)) void pool_bytes(const pool_block *block, uint8x16_t places,
                                                             int32_t whole) {
  const tinysdk_pool2d_args *const args = block->args;
  const int8x16_t low = vdupq_n_s8((int8_t)args->clamp_min), high = vdupq_n_s8((int8_t)args->clamp_max);
  const mve_pred16_t some = vctp8q((uint32_t)block->count);
  const int8_t *from = block->input;
  int32_t element = block->element;
  for (int32_t c = args->batch * args->channels; c > 0; c--, from += in_plane(args)) {
    int8x16_t value = vdupq_n_s8(-128);
    for (int32_t t = 0; t < block->taps; t++) {
      const int8_t *const tap = from + block->start[t];
      value = vmaxq_s8(value, whole ? vldrbq_gather_offset_s8(tap, places)
                                    : vldrbq_gather_offset_z_s8(tap, places, some));
    }
    const int8x16_t clamped = vminq_s8(vmaxq_s8(value, low), high);
    vstrbq_p_s8(block->output + element, clamped, some);
    if (block->mask)
      put_bits(block->mask, element, vcmpeqq_s8(clamped, value), block->count);
    element += out_plane(args);
  }
}

static __attribute__((noinline)) void pool_whole_bytes(const pool_block *block, uint8x16_t places) {
  pool_bytes(block, places, 1);
}

static __attribute__((noinline)) void pool_some_bytes(const pool_block *block, uint8x16_t places) {
  pool_bytes(block, places, 0);
}

/* All planes of a block of halves. What is below every byte stands for a window wholly in the padding. */
static __attribute__((noinline)) void pool_halves(const pool_block *block, uint16x8_t steps) {
  const tinysdk_pool2d_args *const args = block->args;
  const int16x8_t none = vdupq_n_s16(-129), zero = vdupq_n_s16((int16_t)args->zero);
  const int16x8_t low = vdupq_n_s16((int16_t)args->clamp_min), high = vdupq_n_s16((int16_t)args->clamp_max);
  const mve_pred16_t some = vctp16q((uint32_t)block->count);
  const int8_t *from = block->input;
  int32_t element = block->element;
  for (int32_t c = args->batch * args->channels; c > 0; c--, from += in_plane(args)) {
    int16x8_t value = none;
    uint16x8_t winner = vdupq_n_u16(UINT16_MAX);
    for (int32_t t = 0; t < block->taps; t++) {
      const mve_pred16_t inside = block->inside[t];
      const uint16x8_t place = vaddq_n_u16(steps, (uint16_t)block->start[t]);
      const int16x8_t tap = vldrbq_gather_offset_z_s16(from, place, inside);
      const mve_pred16_t larger = vcmpgtq_m_s16(tap, value, inside);
      value = vpselq_s16(tap, value, larger);
      winner = vpselq_u16(place, winner, larger);
    }
    value = vpselq_s16(zero, value, vcmpeqq_s16(value, none));
    const int16x8_t clamped = vminq_s16(vmaxq_s16(value, low), high);
    vstrbq_p_s16(block->output + element, clamped, some);
    if (block->argmax)
      vstrhq_p_u16(block->argmax + element, winner, some);
    if (block->mask)
      put_bits(block->mask, element, every_second(vcmpeqq_s16(clamped, value)), block->count);
    element += out_plane(args);
  }
}

/* The taps of the outputs from (oy, ox) on, those left out that lie outside for all of one row's. */
static void set_taps(pool_block *block, int32_t oy, int32_t ox) {
  const tinysdk_pool2d_args *const args = block->args;
  const int32_t x = ox * args->stride_x - args->pad_left;
  const tinysdk_window_axis rows = tinysdk_window(oy * args->stride_y - args->pad_top, args->dilation_y,
                                                  args->kernel_height, args->in_height);
  block->element = oy * args->out_width + ox;
  block->taps = 0;
  for (int32_t ky = rows.first; ky < rows.end; ky++)
    for (int32_t kx = 0; kx < args->kernel_width; kx++) {
      const int32_t from = x + kx * args->dilation_x;
      const tinysdk_range range =
          tinysdk_positions_inside(0, block->count, args->stride_x, from, args->in_width);
      if (range.first >= range.end)
        continue;
      block->start[block->taps] = (rows.start + ky * rows.dilation) * args->in_width + from;
      /* Of windows that all lie inside, a block may hold several rows. */
      block->inside[block->taps++] = block->fits ? tinysdk_mve_lanes_between(0, block->count)
                                                 : tinysdk_mve_lanes_between(range.first, range.end);
    }
}

static int32_t is_inside(const tinysdk_pool2d_args *args) {
  const int32_t last_y =
      (args->out_height - 1) * args->stride_y + (args->kernel_height - 1) * args->dilation_y;
  const int32_t last_x = (args->out_width - 1) * args->stride_x + (args->kernel_width - 1) * args->dilation_x;
  return args->pad_top == 0 && args->pad_left == 0 && last_y < args->in_height && last_x < args->in_width;
}

/* Rows of outputs in a block of so many lanes, whose places go up to `largest`; 0 where not even one row's
 * do.
 */
static int32_t rows_of(const tinysdk_pool2d_args *args, int32_t lanes, int32_t largest) {
  const int32_t width = tinysdk_min(lanes, args->out_width), last = (width - 1) * args->stride_x;
  const int32_t rows = tinysdk_min(lanes / width, args->out_height), row = args->stride_y * args->in_width;
  return last > largest ? 0 : tinysdk_min(rows, 1 + (largest - last) / row);
}

static void pool_by_blocks(pool_block *block, int32_t lanes, int32_t rows) {
  const tinysdk_pool2d_args *const args = block->args;
  const int32_t width = tinysdk_min(lanes, args->out_width);
  uint16_t halves[BYTES] = {0};
  uint8_t bytes[BYTES];
  for (int32_t i = 0; i < rows * width; i++)
    halves[i] = (uint16_t)(i / width * args->stride_y * args->in_width + i % width * args->stride_x);
  for (int32_t i = 0; i < BYTES; i++)
    bytes[i] = (uint8_t)halves[i];
  for (int32_t oy = 0; oy < args->out_height; oy += rows)
    for (int32_t ox = 0; ox < args->out_width; ox += lanes) {
      block->count = tinysdk_min(lanes, args->out_width - ox) * tinysdk_min(rows, args->out_height - oy);
      set_taps(block, oy, ox);
      if (lanes == HALVES)
        pool_halves(block, vldrhq_u16(halves));
      else if (block->count == BYTES)
        pool_whole_bytes(block, vldrbq_u8(bytes));
      else
        pool_some_bytes(block, vldrbq_u8(bytes));
    }
}

void tinysdk_max_pool2d_s8_mve(const tinysdk_pool2d_args *args, const int8_t *input, int8_t *output,
                               uint16_t *argmax, uint8_t *mask) {
  pool_block block;
  block.args = args;
  block.input = input;
  block.output = output;
  block.argmax = argmax;
  block.mask = mask;
  block.fits = is_inside(args);
  const int32_t rows = block.fits && argmax == NULL ? rows_of(args, BYTES, UINT8_MAX) : 0;
  if (rows > 0)
    pool_by_blocks(&block, BYTES, rows);
  else
    pool_by_blocks(&block, HALVES, block.fits ? rows_of(args, HALVES, LARGEST_PLANE) : 1);
}

/* Without winners, which the arguments do not tell. */
int32_t tinysdk_max_pool2d_s8_mve_instructions(const tinysdk_pool2d_args *args) {
  const int32_t taps = args->kernel_height * args->kernel_width;
  if (taps > TAPS || in_plane(args) > LARGEST_PLANE)
    return -1;
  const int32_t planes = args->batch * args->channels,
                rows = is_inside(args) ? rows_of(args, BYTES, UINT8_MAX) : 0;
  if (rows == 0)
    return args->out_height * ((args->out_width + HALVES - 1) / HALVES) * (taps * (30 + planes * 9) + 60);
  const int32_t blocks = (args->out_height + rows - 1) / rows * ((args->out_width + BYTES - 1) / BYTES);
  return blocks * (taps * (30 + planes * 5) + planes * 16 + 60);
}
