/* The input gradient of a convolution of any windows, for integer gradients; write_fours_g16.h or
 * write_fours_g8.h comes first. Two input channels at a time take products of two output channels. */
#ifndef TINYSDK_DSP_OVERLAPPING_INTEGER_GRADIENT_H
#define TINYSDK_DSP_OVERLAPPING_INTEGER_GRADIENT_H

#include "gradient_phases.h"
#include "instructions.h"
#include "narrow_run.h"

/* What a tap brings to two input channels: halves are output channels. */
typedef struct {
  int32_t offset; /* its gradients' place */
  uint32_t first;
  uint32_t second;
} tinysdk_double_tap;

typedef struct {
  tinysdk_gradient_phases places;
  tinysdk_double_tap *taps;
  uint32_t *plane; /* of gradients of two output channels, between margins */
  int32_t *sums;   /* of two input channels */
} tinysdk_overlap;

/* `count` neighbouring pixels of a phase, of two input channels, go on by the phase's taps. */
static inline __attribute__((always_inline)) void
tinysdk_add_double_taps(const uint32_t *plane, const tinysdk_double_tap *tap, const tinysdk_double_tap *end,
                        int32_t count, int32_t stride, int32_t *first, int32_t *second) {
  int32_t a[4], b[4];
#pragma GCC unroll 4
  for (int32_t i = 0; i < count; i++) {
    a[i] = first[i * stride];
    b[i] = second[i * stride];
  }
#pragma GCC unroll 1
  for (; tap < end; tap++) {
    const uint32_t *const from = plane + tap->offset;
    const uint32_t weights_a = tap->first, weights_b = tap->second;
#pragma GCC unroll 4
    for (int32_t i = 0; i < count; i++) {
      a[i] = tinysdk_smlad(from[i], weights_a, a[i]);
      b[i] = tinysdk_smlad(from[i], weights_b, b[i]);
    }
  }
#pragma GCC unroll 4
  for (int32_t i = 0; i < count; i++) {
    first[i * stride] = a[i];
    second[i * stride] = b[i];
  }
}

static __attribute__((noinline)) void
tinysdk_add_phase_row(const tinysdk_conv2d_args *args, const uint32_t *plane, const tinysdk_double_tap *taps,
                      const tinysdk_double_tap *end, int32_t count, int32_t *first) {
  const int32_t stride = args->stride_x;
  int32_t *second = first + tinysdk_in_plane(args);
  for (; count >= 4; count -= 4, plane += 4, first += 4 * stride, second += 4 * stride)
    tinysdk_add_double_taps(plane, taps, end, 4, stride, first, second);
  for (; count > 0; count--, plane++, first += stride, second += stride)
    tinysdk_add_double_taps(plane, taps, end, 1, stride, first, second);
}

static inline void tinysdk_add_phases(const tinysdk_overlap *overlap) {
  const tinysdk_conv2d_args *const args = overlap->places.args;
  const tinysdk_double_tap *taps = overlap->taps;
  const int32_t *count = overlap->places.counts;
  for (int32_t py = 0; py < args->stride_y; py++)
    for (int32_t px = 0; px < args->stride_x; px++, taps += *count++) {
      const int32_t columns = (args->in_width - px + args->stride_x - 1) / args->stride_x;
      const uint32_t *plane = overlap->plane;
      if (*count == 0)
        continue;
      for (int32_t y = py; y < args->in_height; y += args->stride_y, plane += overlap->places.words)
        tinysdk_add_phase_row(args, plane, taps, taps + *count, columns,
                              overlap->sums + y * args->in_width + px);
    }
}

/* The gradients of two output channels as halves; `passing` leaves out the second one's where it is none. */
static inline void tinysdk_join_planes(const tinysdk_overlap *overlap, const tinysdk_gradient *a,
                                       const tinysdk_gradient *b, uint32_t passing) {
  const tinysdk_gradient_phases *const places = &overlap->places;
  const int32_t width = places->args->out_width;
  const int32_t rows = tinysdk_min(places->args->out_height, places->rows - places->above);
  const int32_t count = tinysdk_min(width, places->words - places->before);
  uint32_t *to = overlap->plane + places->above * places->words + places->before;
  for (int32_t y = 0; y < rows; y++, a += width, b += width, to += places->words) {
    int32_t x = 0;
    for (; x + 4 <= count; x += 4) {
      uint32_t joined[4];
      tinysdk_join_four(a + x, b + x, joined);
#pragma GCC unroll 4
      for (int32_t i = 0; i < 4; i++)
        to[x + i] = joined[i] & passing;
    }
    for (; x < count; x++)
      to[x] = tinysdk_pack_low((uint32_t)a[x], (uint32_t)b[x]) & passing;
  }
}

/* The weights from output channel o and another one to two input channels. */
static inline void tinysdk_join_weights(const tinysdk_overlap *overlap, const tinysdk_place *first,
                                        const tinysdk_place *second, int32_t o, int32_t other) {
  const int32_t taps = tinysdk_taps(overlap->places.args);
  const int8_t *const a = first->base + (o * first->count + first->own) * taps;
  const int8_t *const b = second->base + (o * second->count + second->own) * taps;
  const int32_t to_a = other * first->count * taps, to_b = other * second->count * taps;
  for (int32_t t = 0; t < taps; t++) {
    const int32_t tap = overlap->places.taps[t];
    overlap->taps[t].first = tinysdk_pack_low((uint32_t)a[tap], (uint32_t)a[tap + to_a]);
    overlap->taps[t].second = tinysdk_pack_low((uint32_t)b[tap], (uint32_t)b[tap + to_b]);
  }
}

static inline void tinysdk_sum_two_channels(const tinysdk_overlap *overlap, const tinysdk_gradient *gradient,
                                            const tinysdk_place *first, const tinysdk_place *second) {
  const tinysdk_conv2d_args *const args = overlap->places.args;
  const int32_t plane = tinysdk_out_plane(args);
  memset(overlap->sums, 0, 2 * sizeof(int32_t) * (uint32_t)tinysdk_in_plane(args));
  for (int32_t o = 0; o < args->out_channels; o += 2, gradient += 2 * plane) {
    const int32_t other = o + 1 < args->out_channels;
    tinysdk_join_planes(overlap, gradient, gradient + other * plane, other ? 0xFFFFFFFFu : 0x0000FFFFu);
    tinysdk_join_weights(overlap, first, second, o, other);
    tinysdk_add_phases(overlap);
  }
}

static inline tinysdk_overlap tinysdk_overlap_start(const tinysdk_conv2d_args *args, void *scratch) {
  tinysdk_overlap overlap = {.places = tinysdk_phases_of(args)};
  const int32_t taps = tinysdk_taps(args), words = overlap.places.rows * overlap.places.words;
  overlap.taps = tinysdk_list_phases(&overlap.places, scratch);
  overlap.plane = (uint32_t *)(overlap.taps + taps);
  overlap.sums = (int32_t *)(overlap.plane + words);
  memset(overlap.plane, 0, sizeof(uint32_t) * (uint32_t)words);
  for (int32_t t = 0; t < taps; t++)
    overlap.taps[t].offset = overlap.places.offsets[t];
  return overlap;
}

static inline void tinysdk_overlapping_integer_gradient(
    const tinysdk_conv2d_args *args, const tinysdk_gradient *gradient, const int32_t *gradient_exponent,
    const int8_t *weights, const int8_t *trained, const uint16_t *order, tinysdk_gradient *input_gradient,
    int32_t *input_gradient_exponent, void *scratch) {
  const int32_t plane = tinysdk_in_plane(args), outs = args->out_channels * tinysdk_out_plane(args);
  const tinysdk_overlap overlap = tinysdk_overlap_start(args, scratch);
  tinysdk_narrowing narrowing = tinysdk_narrow_start(input_gradient, TINYSDK_MANTISSA_BITS);
  int32_t written = 0;
  for (int32_t b = 0; b < args->batch; b++, gradient += outs) {
    tinysdk_split split =
        tinysdk_split_start(weights, trained, order, args->trained_channels, args->in_channels);
    for (int32_t c = 0; c < args->in_channels; c += 2) {
      const int32_t channels = tinysdk_min(2, args->in_channels - c);
      const tinysdk_place first = tinysdk_split_next(&split, c);
      const tinysdk_place second = channels == 2 ? tinysdk_split_next(&split, c + 1) : first;
      tinysdk_sum_two_channels(&overlap, gradient, &first, &second);
      tinysdk_narrow_run(&narrowing, overlap.sums, channels * plane, written);
      written += channels * plane;
    }
  }
  input_gradient_exponent[0] = gradient_exponent[0] + narrowing.shift;
}

static inline int32_t tinysdk_overlapping_gradient_bytes(const tinysdk_conv2d_args *args) {
  const tinysdk_gradient_phases phases = tinysdk_phases_of(args);
  const int32_t words = phases.rows * phases.words + 2 * tinysdk_in_plane(args);
  return tinysdk_phases_bytes(&phases) + tinysdk_taps(args) * (int32_t)sizeof(tinysdk_double_tap) +
         words * (int32_t)sizeof(int32_t);
}

static inline int32_t tinysdk_overlapping_gradient_instructions(const tinysdk_conv2d_args *args) {
  if (args->weight_zero != 0 || args->groups != 1)
    return -1;
  const int64_t taps = tinysdk_taps(args), phases = args->stride_y * args->stride_x;
  const int64_t served = phases < taps ? phases : taps;
  const int64_t channels = (int64_t)args->batch * ((args->in_channels + 1) / 2);
  const int64_t pixels = tinysdk_in_plane(args), rows = (int64_t)args->in_height * args->stride_x;
  const int64_t single = args->in_width / args->stride_x % 4, tiles = pixels / 4 + rows * single;
  const int64_t each = tinysdk_out_plane(args) * 7 + taps * 30 + phases * 20 +
                       ((rows * 40 + tiles * 32) * served + tiles * taps * 22) / phases;
  return tinysdk_instruction_count(channels * ((args->out_channels + 1) / 2 * each + pixels * 24));
}

#endif
