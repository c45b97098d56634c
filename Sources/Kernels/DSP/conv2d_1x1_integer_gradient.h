/* The input gradient of a 1x1 convolution, for integer gradients, in place; four_g16.h or four_g8.h comes
 * first. A block of four pixels is copied out first, so that the outputs may overwrite it. */
#ifndef TINYSDK_DSP_CONV2D_1X1_INTEGER_GRADIENT_H
#define TINYSDK_DSP_CONV2D_1X1_INTEGER_GRADIENT_H

#include "../Portable/convolution.h"
#include "instructions.h"
#include "integer_tile.h"
#include "narrow_four.h"

#define TINYSDK_BLOCK_PIXELS 4

/* One of the two tensors of weights: its channels in ascending order. */
typedef struct {
  const int8_t *weights;
  const uint16_t *order; /* NULL: its channels are 0, 1, ... */
  int32_t count;
} tinysdk_weight_tensor;

/* How far the input gradient is written: image by image, all channels up to pixel `start`, and those of
 * `tensors` before `done` of number `tensor` up to pixel `end`. */
typedef struct {
  const tinysdk_conv2d_args *args;
  tinysdk_weight_tensor tensors[2];
  const uint32_t *columns;
  tinysdk_narrowing narrowing;
  tinysdk_dithers dithers; /* from an even element on */
  int32_t image;
  int32_t start;
  int32_t end;
  int32_t tensor;
  int32_t done;
} tinysdk_gradient_pixels;

/* Where the images grow, the last one goes first: in place, no output may reach an unread image. */
static inline int32_t tinysdk_images_grow(const tinysdk_conv2d_args *args) {
  return args->in_channels > args->out_channels;
}

static inline uint32_t tinysdk_join(int32_t low, int32_t high) {
  return tinysdk_pack_low((uint32_t)low, (uint32_t)high);
}

/* Two output channels per word; an odd last one is paired with zeros. */
static inline void tinysdk_join_columns(const tinysdk_conv2d_args *args, const tinysdk_gradient *gradient,
                                        int32_t count, uint32_t *columns) {
  const int32_t plane = tinysdk_out_plane(args), outputs = args->out_channels;
  for (int32_t o = 0; o < outputs; o += 2, gradient += 2 * plane, columns += TINYSDK_BLOCK_PIXELS) {
    if (count == TINYSDK_BLOCK_PIXELS && o + 1 < outputs)
      tinysdk_join_four(gradient, gradient + plane, columns);
    else
      for (int32_t p = 0; p < TINYSDK_BLOCK_PIXELS; p++)
        columns[p] = p < count ? tinysdk_join(gradient[p], o + 1 < outputs ? gradient[plane + p] : 0) : 0;
  }
}

static inline int32_t tinysdk_tensor_element(const tinysdk_gradient_pixels *pixels, int32_t tensor,
                                             int32_t k) {
  const uint16_t *const order = pixels->tensors[tensor].order;
  return (pixels->image * pixels->args->in_channels + (order ? order[k] : k)) *
             tinysdk_in_plane(pixels->args) +
         pixels->start;
}

/* Shifts all that is written on. */
static __attribute__((noinline)) void tinysdk_shift_all(tinysdk_gradient_pixels *pixels, int32_t shift) {
  const tinysdk_conv2d_args *const args = pixels->args;
  const int32_t plane = tinysdk_in_plane(args), size = args->in_channels * plane;
  const int32_t more = shift - pixels->narrowing.shift, width = pixels->end - pixels->start;
  if (tinysdk_images_grow(args))
    tinysdk_shift_written(&pixels->narrowing, (pixels->image + 1) * size, args->batch * size, more);
  else
    tinysdk_shift_written(&pixels->narrowing, 0, pixels->image * size, more);
  for (int32_t c = 0, e = pixels->image * size; c < args->in_channels; c++, e += plane)
    tinysdk_shift_written(&pixels->narrowing, e, e + pixels->start, more);
  for (int32_t t = 0; t <= pixels->tensor; t++)
    for (int32_t k = 0; k < (t < pixels->tensor ? pixels->tensors[t].count : pixels->done); k++) {
      const int32_t e = tinysdk_tensor_element(pixels, t, k);
      tinysdk_shift_written(&pixels->narrowing, e, e + width, more);
    }
  pixels->narrowing.shift = shift;
}

/* The next channel's sums, some of which may not fit. */
static __attribute__((noinline)) void tinysdk_narrow_slowly(tinysdk_gradient_pixels *pixels,
                                                            const int32_t *sums, int32_t first) {
  tinysdk_narrowing *const narrowing = &pixels->narrowing;
  const int32_t count = pixels->end - pixels->start;
  if (tinysdk_write_mantissas(narrowing, sums, count, first))
    return;
  tinysdk_shift_all(pixels, tinysdk_shift_for(narrowing, sums, count, first));
  tinysdk_write_mantissas(narrowing, sums, count, first);
  pixels->dithers = tinysdk_dithers_at(narrowing->shift, 0);
}

static inline void tinysdk_narrow_block(tinysdk_gradient_pixels *pixels, const int32_t *sums) {
  const int32_t first = tinysdk_tensor_element(pixels, pixels->tensor, pixels->done);
  const tinysdk_dithers even = pixels->dithers, odd = {even.odd, even.even, even.shift};
  if (pixels->end - pixels->start != TINYSDK_BLOCK_PIXELS ||
      tinysdk_write_four(first & 1 ? odd : even, sums, pixels->narrowing.output + first) >
          (uint32_t)pixels->narrowing.limit)
    tinysdk_narrow_slowly(pixels, sums, first);
  pixels->done++;
}

/* Adds the products of output channels from o on, one by one; `lanes` channels. */
static inline void tinysdk_add_outputs(const tinysdk_gradient_pixels *pixels, const int8_t *weights,
                                       int32_t stride, int32_t o, int32_t lanes, int32_t *sums) {
  for (; o < pixels->args->out_channels; o++)
    for (int32_t i = 0; i < TINYSDK_BLOCK_PIXELS * lanes; i++) {
      const uint32_t pair = pixels->columns[o / 2 * TINYSDK_BLOCK_PIXELS + i % TINYSDK_BLOCK_PIXELS];
      const int32_t gradient = (int16_t)(uint16_t)(o & 1 ? pair >> 16 : pair);
      sums[i] += weights[o * stride + i / TINYSDK_BLOCK_PIXELS] * gradient;
    }
}

static inline void tinysdk_multiply_tensor(tinysdk_gradient_pixels *pixels) {
  const tinysdk_weight_tensor *const tensor = &pixels->tensors[pixels->tensor];
  const int32_t pairs = pixels->args->out_channels >> 1, odd = pixels->args->out_channels & 1;
  while (pixels->done < tensor->count) {
    int32_t sums[2 * TINYSDK_BLOCK_PIXELS] = {0};
    if (tensor->count == 1) {
      tinysdk_add_outputs(pixels, tensor->weights, 1, 0, 1, sums);
      tinysdk_narrow_block(pixels, sums);
      return;
    }
    /* An odd last channel is computed with the one before it. */
    const int32_t k = tinysdk_min(pixels->done, tensor->count - 2);
    if (pairs > 0)
      tinysdk_integer_tile(pixels->columns, tensor->weights + k, tensor->count, pairs, sums);
    if (odd)
      tinysdk_add_outputs(pixels, tensor->weights + k, tensor->count, 2 * pairs, 2, sums);
    if (k == pixels->done)
      tinysdk_narrow_block(pixels, sums);
    tinysdk_narrow_block(pixels, sums + TINYSDK_BLOCK_PIXELS);
  }
}

static inline void tinysdk_conv2d_1x1_integer_gradient(
    const tinysdk_conv2d_args *args, const tinysdk_gradient *gradient, const int32_t *gradient_exponent,
    const int8_t *weights, const int8_t *trained, const uint16_t *order, tinysdk_gradient *input_gradient,
    int32_t *input_gradient_exponent, void *scratch) {
  const int32_t plane = tinysdk_in_plane(args), learning = args->trained_channels;
  tinysdk_gradient_pixels pixels = {
      .args = args,
      .tensors = {{trained, order, learning},
                  {weights, order ? order + learning : NULL, args->in_channels - learning}},
      .columns = scratch,
      .narrowing = tinysdk_narrow_start(input_gradient, TINYSDK_MANTISSA_BITS)};
  for (int32_t i = 0; i < args->batch; i++) {
    pixels.image = tinysdk_images_grow(args) ? args->batch - 1 - i : i;
    for (pixels.start = 0; pixels.start < plane; pixels.start += TINYSDK_BLOCK_PIXELS) {
      pixels.end = tinysdk_min(pixels.start + TINYSDK_BLOCK_PIXELS, plane);
      tinysdk_join_columns(args, gradient + pixels.image * args->out_channels * plane + pixels.start,
                           pixels.end - pixels.start, scratch);
      for (pixels.tensor = 0; pixels.tensor < 2; pixels.tensor++) {
        pixels.done = 0;
        tinysdk_multiply_tensor(&pixels);
      }
    }
  }
  input_gradient_exponent[0] = gradient_exponent[0] + pixels.narrowing.shift;
}

static inline int32_t tinysdk_conv2d_1x1_integer_bytes(const tinysdk_conv2d_args *args) {
  return (args->out_channels + 1) / 2 * TINYSDK_BLOCK_PIXELS * (int32_t)sizeof(uint32_t);
}

static inline int32_t tinysdk_conv2d_1x1_integer_instructions(const tinysdk_conv2d_args *args) {
  if (args->weight_zero != 0)
    return -1;
  const int64_t blocks = (int64_t)args->batch * ((tinysdk_in_plane(args) + 3) / 4);
  const int64_t pairs = (args->out_channels + 1) / 2;
  return tinysdk_instruction_count(blocks * (pairs * 20 + (args->in_channels + 1) / 2 * (pairs * 18 + 210)));
}

#endif
