/* The input gradient of a 1x1 convolution, for integer gradients, in place. write_fours_g16.h and
 * level_pixels_g16.h or those of g8 come first, then quads_canonical.h or quads_pairs.h, which say how the
 * weights lie.
 *
 * A block of pixels is copied out first, so that the outputs may overwrite it, and the weights of four input
 * channels are widened once for all its pixels. */
#ifndef TINYSDK_DSP_CONV2D_1X1_INTEGER_GRADIENT_H
#define TINYSDK_DSP_CONV2D_1X1_INTEGER_GRADIENT_H

#include "../Portable/convolution.h"
#include "instructions.h"
#include "narrow_run.h"
#include "pixel_sums.h"

/* One of the two tensors of weights: its channels in ascending order. */
typedef struct {
  const int8_t *weights;
  const uint16_t *order; /* NULL: its channels are 0, 1, ... */
  int32_t count;
} tinysdk_weight_tensor;

/* How far the input gradient is written: image by image, all channels up to pixel `start`, and those of
 * `tensors` before `done` of number `tensor` up to pixel `end`; if `ahead`, also `done` and the next but one.
 */
typedef struct {
  const tinysdk_conv2d_args *args;
  tinysdk_weight_tensor tensors[2];
  int32_t pairs; /* of output channels, filled up */
  uint32_t *columns;
  uint32_t *weights; /* of four input channels */
  int32_t *sums;     /* four channels of a block */
  tinysdk_narrowing narrowing;
  tinysdk_levels levels;
  int32_t image;
  int32_t start;
  int32_t end;
  int32_t block; /* the element of the first channel at `start` */
  int32_t tensor;
  int32_t done;
  int32_t ahead;
} tinysdk_gradient_pixels;

/* Where the images grow, the last one goes first: in place, no output may reach an unread image. */
static inline int32_t tinysdk_images_grow(const tinysdk_conv2d_args *args) {
  return args->in_channels > args->out_channels;
}

static inline int32_t tinysdk_filled_pairs(const tinysdk_conv2d_args *args) {
  const int32_t pairs = (args->out_channels + 1) / 2;
  return (pairs + TINYSDK_PAIRS_AT_ONCE - 1) / TINYSDK_PAIRS_AT_ONCE * TINYSDK_PAIRS_AT_ONCE;
}

static inline int32_t tinysdk_block_pixels(const tinysdk_conv2d_args *args) {
  return tinysdk_min(TINYSDK_BLOCK_PIXELS, (tinysdk_in_plane(args) + 3) / 4 * 4);
}

/* Up to four output channels of up to four pixels; what lacks is zero. */
static __attribute__((noinline)) void tinysdk_join_some(const tinysdk_gradient *gradient, int32_t plane,
                                                        int32_t outputs, int32_t count, uint32_t *columns) {
  const int32_t apart = TINYSDK_SHARED_APART;
  for (int32_t i = 0; i < 8; i++, columns++) {
    const int32_t p = i & 3, a = i < 4 ? 0 : 3 - apart, b = a + apart;
    const uint32_t low = p < count && a < outputs ? (uint32_t)gradient[a * plane + p] : 0;
    const uint32_t high = p < count && b < outputs ? (uint32_t)gradient[b * plane + p] : 0;
    *columns = tinysdk_pack_low(low, high);
  }
}

/* The block's pixels in groups of four; in a group, two output channels per word. */
static inline void tinysdk_join_columns(const tinysdk_gradient_pixels *pixels,
                                        const tinysdk_gradient *gradient) {
  const int32_t plane = tinysdk_out_plane(pixels->args), outputs = pixels->args->out_channels;
  const int32_t apart = TINYSDK_SHARED_APART;
  for (int32_t p = pixels->start; p < pixels->end; p += 4, gradient += 4) {
    const tinysdk_gradient *from = gradient;
    uint32_t *to = pixels->columns + (p - pixels->start) * pixels->pairs;
    const int32_t count = tinysdk_min(4, pixels->end - p);
    int32_t o = 0;
    if (count == 4)
      for (; o + 3 < outputs; o += 4, from += 4 * plane, to += 8) {
        tinysdk_join_four(from, from + apart * plane, to);
        tinysdk_join_four(from + (3 - apart) * plane, from + 3 * plane, to + 4);
      }
    for (; o < outputs; o += 4, from += 4 * plane, to += 8)
      tinysdk_join_some(from, plane, outputs - o, count, to);
  }
}

/* Output channels that fill the last pairs up. */
static inline void tinysdk_clear_filling(const tinysdk_gradient_pixels *pixels) {
  const int32_t whole = pixels->args->out_channels / 4 * 2, rest = pixels->pairs - whole;
  uint32_t *to = pixels->weights + 4 * whole;
  if (rest > 0)
    for (int32_t p = -4; p < tinysdk_block_pixels(pixels->args); p += 4, to += 4 * pixels->pairs)
      memset(to, 0, sizeof(uint32_t) * (uint32_t)(4 * rest));
}

static inline int32_t tinysdk_tensor_element(const tinysdk_gradient_pixels *pixels, int32_t tensor,
                                             int32_t k) {
  const uint16_t *const order = pixels->tensors[tensor].order;
  return pixels->block + (order ? order[k] : k) * tinysdk_in_plane(pixels->args);
}

/* Shifts pixels start ... end - 1 of channel k of a tensor on. */
static inline void tinysdk_shift_channel(const tinysdk_gradient_pixels *pixels, int32_t tensor, int32_t k,
                                         int32_t more) {
  const int32_t e = tinysdk_tensor_element(pixels, tensor, k);
  tinysdk_shift_words(&pixels->narrowing, e, e + pixels->end - pixels->start, more);
}

/* Shifts the first `count` channels of a tensor, pixels start ... end - 1, on. */
static inline void tinysdk_shift_channels(const tinysdk_gradient_pixels *pixels, int32_t tensor,
                                          int32_t count, int32_t more) {
  const int32_t plane = tinysdk_in_plane(pixels->args), width = pixels->end - pixels->start;
  if (width == plane && !pixels->tensors[tensor].order) {
    tinysdk_shift_words(&pixels->narrowing, pixels->block, pixels->block + count * plane, more);
    return;
  }
  for (int32_t k = 0; k < count; k++)
    tinysdk_shift_channel(pixels, tensor, k, more);
}

/* Shifts all that is written on. */
static __attribute__((noinline)) void tinysdk_shift_all(tinysdk_gradient_pixels *pixels, int32_t shift) {
  const tinysdk_conv2d_args *const args = pixels->args;
  const int32_t plane = tinysdk_in_plane(args), size = args->in_channels * plane;
  const int32_t more = shift - pixels->narrowing.shift;
  if (tinysdk_images_grow(args))
    tinysdk_shift_words(&pixels->narrowing, (pixels->image + 1) * size, args->batch * size, more);
  else
    tinysdk_shift_words(&pixels->narrowing, 0, pixels->image * size, more);
  if (pixels->start > 0)
    for (int32_t c = 0, e = pixels->image * size; c < args->in_channels; c++, e += plane)
      tinysdk_shift_words(&pixels->narrowing, e, e + pixels->start, more);
  for (int32_t t = 0; t < pixels->tensor; t++)
    tinysdk_shift_channels(pixels, t, pixels->tensors[t].count, more);
  tinysdk_shift_channels(pixels, pixels->tensor, pixels->done, more);
  for (int32_t i = 0; i < 2 * pixels->ahead; i++)
    tinysdk_shift_channel(pixels, pixels->tensor, pixels->done + 2 * i, more);
  pixels->narrowing.shift = shift;
  pixels->levels = tinysdk_levels_of(&pixels->narrowing);
}

/* The next channel's sums, some of which may not fit. */
static __attribute__((noinline)) void tinysdk_narrow_channel_slowly(tinysdk_gradient_pixels *pixels,
                                                                    const int32_t *sums, int32_t first) {
  const int32_t count = pixels->end - pixels->start;
  tinysdk_shift_all(pixels, tinysdk_shift_for(&pixels->narrowing, sums, count, first));
  tinysdk_write_mantissas(&pixels->narrowing, sums, count, first);
}

static inline void tinysdk_narrow_channel(tinysdk_gradient_pixels *pixels, const uint16_t *order,
                                          int32_t plane, const int32_t *sums) {
  const int32_t channel = order ? order[pixels->done] : pixels->done;
  const int32_t first = pixels->block + channel * plane;
  if (!tinysdk_write_run(&pixels->narrowing, &pixels->levels, sums, pixels->end - pixels->start, first))
    tinysdk_narrow_channel_slowly(pixels, sums, first);
  pixels->done++;
}

/* Channels `done` + i and the next but one, whose weights are widened, some of which may not fit. */
static __attribute__((noinline)) void tinysdk_narrow_two_slowly(tinysdk_gradient_pixels *pixels, int32_t i) {
  const int32_t count = pixels->end - pixels->start, tensor = pixels->tensor;
  const int32_t *const sums[2] = {pixels->sums, pixels->sums + 2 * TINYSDK_BLOCK_PIXELS};
  int32_t first[2], shift = 0;
  tinysdk_sum_pixels(pixels->columns, pixels->weights + 2 * i, pixels->weights + 4 * pixels->pairs + 2 * i,
                     (count + 3) / 4, pixels->sums);
  for (int32_t c = 0; c < 2; c++) {
    first[c] = tinysdk_tensor_element(pixels, tensor, pixels->done + i + 2 * c);
    shift = tinysdk_max(shift, tinysdk_shift_for(&pixels->narrowing, sums[c], count, first[c]));
  }
  tinysdk_shift_all(pixels, shift);
  for (int32_t c = 0; c < 2; c++)
    tinysdk_write_mantissas(&pixels->narrowing, sums[c], count, first[c]);
}

/* The same, if they fit; else 0. */
static inline int32_t tinysdk_level_two(const tinysdk_gradient_pixels *pixels, int32_t i) {
  const uint32_t *const weights = pixels->weights + 2 * i;
  const int32_t e = tinysdk_tensor_element(pixels, pixels->tensor, pixels->done + i);
  const int32_t other = tinysdk_tensor_element(pixels, pixels->tensor, pixels->done + i + 2);
  const tinysdk_levels levels = pixels->levels;
  tinysdk_gradient *const to = pixels->narrowing.output + e;
  tinysdk_level_pixels_run run = {.starts = {levels.even, levels.odd, levels.even, levels.odd, levels.even,
                                             levels.odd, levels.even, levels.odd},
                                  .limits = levels.limits,
                                  .shift = levels.shift,
                                  .to = to,
                                  .distance = (other - e) * (int32_t)sizeof(*to),
                                  .last = to + (pixels->end - pixels->start)};
  return tinysdk_level_pixels(pixels->columns, weights, weights + 4 * pixels->pairs, &run) == 0;
}

/* Four channels from `done` on, of planes of whole fours. Without a shift hardly anything fits. */
static inline void tinysdk_narrow_quad(tinysdk_gradient_pixels *pixels) {
  for (int32_t i = 0; i < 2; i++) {
    pixels->ahead = i;
    if (pixels->narrowing.shift == 0 || !tinysdk_level_two(pixels, i))
      tinysdk_narrow_two_slowly(pixels, i);
  }
  pixels->ahead = 0;
  pixels->done += 4;
}

static inline void tinysdk_multiply_tensor(tinysdk_gradient_pixels *pixels) {
  const tinysdk_weight_tensor *const tensor = &pixels->tensors[pixels->tensor];
  const uint32_t *const end = pixels->weights + 4 * pixels->pairs;
  const int32_t groups = (pixels->end - pixels->start + 3) / 4, plane = tinysdk_in_plane(pixels->args);
  pixels->done = 0;
  while (pixels->done < tensor->count) {
    const int32_t k = tinysdk_quad_of(tensor->count, pixels->done);
    tinysdk_split_quad(tensor->weights, tensor->count, k, pixels->args->out_channels, pixels->weights);
    if (plane % 4 == 0 && k == pixels->done && k + 4 <= tensor->count) {
      tinysdk_narrow_quad(pixels);
      continue;
    }
    tinysdk_sum_pixels(pixels->columns, pixels->weights, end, groups, pixels->sums);
    tinysdk_sum_pixels(pixels->columns, pixels->weights + 2, end + 2, groups,
                       pixels->sums + TINYSDK_BLOCK_PIXELS);
    for (int32_t i = pixels->done - k; i < 4 && pixels->done < tensor->count; i++)
      tinysdk_narrow_channel(pixels, tensor->order, plane, pixels->sums + i * TINYSDK_BLOCK_PIXELS);
  }
}

static inline int32_t tinysdk_conv2d_1x1_integer_bytes(const tinysdk_conv2d_args *args) {
  return (4 * TINYSDK_BLOCK_PIXELS + tinysdk_filled_pairs(args) * (tinysdk_block_pixels(args) + 4)) *
         (int32_t)sizeof(uint32_t);
}

static inline void tinysdk_conv2d_1x1_integer_gradient(
    const tinysdk_conv2d_args *args, const tinysdk_gradient *gradient, const int32_t *gradient_exponent,
    const int8_t *weights, const int8_t *trained, const uint16_t *order, tinysdk_gradient *input_gradient,
    int32_t *input_gradient_exponent, void *scratch) {
  const int32_t plane = tinysdk_in_plane(args), learning = args->trained_channels;
  const int32_t pairs = tinysdk_filled_pairs(args);
  uint32_t *const words = scratch;
  tinysdk_gradient_pixels pixels = {
      .args = args,
      .tensors = {{trained, order, learning},
                  {weights, order ? order + learning : NULL, args->in_channels - learning}},
      .pairs = pairs,
      .sums = scratch,
      .weights = words + 4 * TINYSDK_BLOCK_PIXELS,
      .columns = words + 4 * TINYSDK_BLOCK_PIXELS + 4 * pairs,
      .narrowing = tinysdk_narrow_start(input_gradient, TINYSDK_MANTISSA_BITS)};
  pixels.levels = tinysdk_levels_of(&pixels.narrowing);
  tinysdk_clear_filling(&pixels);
  for (int32_t i = 0; i < args->batch; i++) {
    pixels.image = tinysdk_images_grow(args) ? args->batch - 1 - i : i;
    for (pixels.start = 0; pixels.start < plane; pixels.start += TINYSDK_BLOCK_PIXELS) {
      pixels.end = tinysdk_min(pixels.start + TINYSDK_BLOCK_PIXELS, plane);
      pixels.block = pixels.image * args->in_channels * plane + pixels.start;
      tinysdk_join_columns(&pixels, gradient + pixels.image * args->out_channels * plane + pixels.start);
      for (pixels.tensor = 0; pixels.tensor < 2; pixels.tensor++)
        tinysdk_multiply_tensor(&pixels);
    }
  }
  input_gradient_exponent[0] = gradient_exponent[0] + pixels.narrowing.shift;
}

static inline int32_t tinysdk_conv2d_1x1_integer_instructions(const tinysdk_conv2d_args *args) {
  if (args->weight_zero != 0)
    return -1;
  const int32_t plane = tinysdk_in_plane(args);
  const int64_t blocks = (int64_t)args->batch * ((plane + TINYSDK_BLOCK_PIXELS - 1) / TINYSDK_BLOCK_PIXELS);
  const int64_t groups = (int64_t)args->batch * ((plane + 3) / 4), pairs = tinysdk_filled_pairs(args);
  const int64_t quads = (args->in_channels + 3) / 4;
  return tinysdk_instruction_count(
      pairs * 20 + groups * pairs * 20 +
      quads * (blocks * (pairs * 12 + 250) + groups * (2 * (pairs * 91 / 8 + 22) + 4 * 24)));
}

#endif
