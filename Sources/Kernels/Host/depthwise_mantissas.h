/* The input gradient of a depthwise convolution, for integer gradients; lanes_g16.h or lanes_g8.h comes
 * first. Eight channels lie side by side, so that no plane is too narrow for a vector. Two neighbouring
 * gradients of a row lie in one word, so that one instruction does two products per lane. */
#ifndef TINYSDK_HOST_DEPTHWISE_MANTISSAS_H
#define TINYSDK_HOST_DEPTHWISE_MANTISSAS_H

#include "convolution.h"
#include "narrowing.h"
#include "transpose.h"

/* Input pixels of a row whose sums go on together. */
#define HOST_RUN 4

/* Along a row, the input columns x with (x + pad_left) % stride_x == phase are reached by the kernel columns
 * phase, phase + stride_x ... Taken two by two, they read the word that ends at some output column and words
 * two columns before. Rows of words are padded so that no window leaves them. */
typedef struct {
  const tinysdk_conv2d_args *args;
  int32_t pairs; /* of kernel columns, the most of a phase */
  int32_t left;  /* words before output column 0 */
  int32_t width; /* words of a row */
} host_depthwise_plan;

HOST_INLINE host_depthwise_plan host_plan_depthwise(const tinysdk_conv2d_args *args) {
  host_depthwise_plan plan = {.args = args};
  const int32_t most = (args->kernel_width + args->stride_x - 1) / args->stride_x;
  const int32_t last = (args->in_width - 1 + args->pad_left) / args->stride_x;
  plan.pairs = (most + 1) / 2;
  plan.left = 2 * (plan.pairs - 1);
  plan.width = plan.left + tinysdk_max(last + HOST_RUN, args->out_width + 1);
  return plan;
}

/* Eight channels, some of them the last one again: where their weights and gradients lie. */
typedef struct {
  const int8_t *weights[HOST_LANES];
  const tinysdk_gradient *gradient[HOST_LANES];
} host_eight;

/* to[k] = value k of the eight channels. */
HOST_INLINE void host_turn_gradients(const host_eight *eight, int32_t count, host_s32 *to) {
  for (int32_t k = 0; k < count; k += HOST_LANES) {
    const int32_t part = tinysdk_min(HOST_LANES, count - k);
    host_f32 rows[HOST_LANES];
    for (int32_t i = 0; i < HOST_LANES; i++) {
      tinysdk_gradient rest[HOST_LANES] = {0};
      const tinysdk_gradient *from = eight->gradient[i] + k;
      if (part < HOST_LANES)
        from = memcpy(rest, from, sizeof(tinysdk_gradient) * (uint32_t)part);
      rows[i] = (host_f32)host_load_mantissas(from);
    }
    host_transpose(rows);
    memcpy(to + k, rows, sizeof(rows));
  }
}

HOST_INLINE void host_turn_weights(const host_eight *eight, int32_t count, int32_t zero, host_s32 *to) {
  for (int32_t k = 0; k < count; k += HOST_LANES) {
    const int32_t part = tinysdk_min(HOST_LANES, count - k);
    host_f32 rows[HOST_LANES];
    for (int32_t i = 0; i < HOST_LANES; i++) {
      int8_t rest[HOST_LANES] = {0};
      const int8_t *from = eight->weights[i] + k;
      if (part < HOST_LANES)
        from = memcpy(rest, from, (uint32_t)part);
      rows[i] = (host_f32)(host_widen_s8(from) - zero);
    }
    host_transpose(rows);
    memcpy(to + k, rows, sizeof(rows));
  }
}

/* words[ky][phase][pair] from turned weights. */
HOST_INLINE void host_pair_weights(const host_depthwise_plan *plan, const host_s32 *turned, host_s32 *words) {
  const tinysdk_conv2d_args *const args = plan->args;
  const int32_t width = args->kernel_width, stride = args->stride_x;
  for (int32_t ky = 0; ky < args->kernel_height; ky++, turned += width)
    for (int32_t phase = 0; phase < stride; phase++)
      for (int32_t pair = 0; pair < plan->pairs; pair++) {
        const int32_t kx = phase + 2 * pair * stride;
        const host_s32 none = {0}, low = kx < width ? turned[kx] : none;
        *words++ = host_join_pairs(low, kx + stride < width ? turned[kx + stride] : none);
      }
}

/* words[oy][left + ox] = the gradients of columns ox and ox - 1. */
HOST_INLINE void host_pair_gradients(const host_depthwise_plan *plan, const host_s32 *turned,
                                     host_s32 *words) {
  const tinysdk_conv2d_args *const args = plan->args;
  for (int32_t oy = 0; oy < args->out_height; oy++, words += plan->width) {
    host_s32 before = {0};
    memset(words, 0, sizeof(host_s32) * (uint32_t)plan->left);
    for (int32_t ox = 0; ox < args->out_width; ox++) {
      const host_s32 next = *turned++;
      words[plan->left + ox] = host_join_pairs(next, before);
      before = next;
    }
    for (int32_t x = plan->left + args->out_width; x < plan->width; x++) {
      words[x] = host_join_pairs((host_s32){0}, before);
      before = (host_s32){0};
    }
  }
}

/* The sums of HOST_RUN input columns of one phase in row y, the first of which ends at word `end` of a row.
 */
HOST_INLINE void host_sum_run(const host_depthwise_plan *plan, const host_s32 *weights,
                              const host_s32 *gradient, int32_t y, int32_t phase, int32_t end, int32_t pairs,
                              host_s32 sums[HOST_RUN]) {
  const tinysdk_conv2d_args *const args = plan->args;
  const int32_t row = args->stride_x * plan->pairs, position = y + args->pad_top;
  host_s32 acc[HOST_RUN] = {{0}};
  int32_t oy = position / args->stride_y, ky = position % args->stride_y;
  /* The windows below the last output row come first. */
  for (; oy >= args->out_height; oy--)
    ky += args->stride_y;
  for (; oy >= 0 && ky < args->kernel_height; oy--, ky += args->stride_y) {
    const host_s32 *const from = gradient + oy * plan->width + end;
    const host_s32 *const with = weights + ky * row + phase * plan->pairs;
    for (int32_t pair = 0; pair < pairs; pair++)
      for (int32_t i = 0; i < HOST_RUN; i++)
        acc[i] += host_dot_pairs((host_s16)from[i - 2 * pair], (host_s16)with[pair]);
  }
  memcpy(sums, acc, sizeof(acc));
}

/* All sums of eight channels: sums[y][x]. `pairs` is a constant where this is inlined. */
HOST_INLINE void host_sum_eight(const host_depthwise_plan *plan, const host_s32 *weights,
                                const host_s32 *gradient, int32_t pairs, host_s32 *sums) {
  const tinysdk_conv2d_args *const args = plan->args;
  const int32_t stride = args->stride_x;
  for (int32_t y = 0; y < args->in_height; y++, sums += args->in_width)
    for (int32_t first = 0; first < tinysdk_min(stride, args->in_width); first++) {
      const int32_t phase = (first + args->pad_left) % stride;
      for (int32_t x = first; x < args->in_width; x += HOST_RUN * stride) {
        host_s32 run[HOST_RUN];
        host_sum_run(plan, weights, gradient, y, phase, plan->left + (x + args->pad_left) / stride, pairs,
                     run);
        for (int32_t i = 0; i < HOST_RUN && x + i * stride < args->in_width; i++)
          sums[x + i * stride] = run[i];
      }
    }
}

HOST_OUTLINE void host_sum_channels(const host_depthwise_plan *plan, const host_s32 *weights,
                                    const host_s32 *gradient, host_s32 *sums) {
  if (plan->pairs == 1)
    host_sum_eight(plan, weights, gradient, 1, sums);
  else if (plan->pairs == 2)
    host_sum_eight(plan, weights, gradient, 2, sums);
  else if (plan->pairs == 3)
    host_sum_eight(plan, weights, gradient, 3, sums);
  else if (plan->pairs == 4)
    host_sum_eight(plan, weights, gradient, 4, sums);
  else
    host_sum_eight(plan, weights, gradient, plan->pairs, sums);
}

/* Turned sums of `channels` channels become planes. */
HOST_INLINE void host_leave_planes(const host_s32 *sums, int32_t plane, int32_t channels, int32_t *to) {
  for (int32_t p = 0; p < plane; p += HOST_LANES) {
    const int32_t count = tinysdk_min(HOST_LANES, plane - p);
    host_f32 rows[HOST_LANES];
    memcpy(rows, sums + p, sizeof(rows));
    host_transpose(rows);
    for (int32_t c = 0; c < channels; c++)
      if (count == HOST_LANES)
        memcpy(to + c * plane + p, &rows[c], sizeof(rows[c]));
      else
        memcpy(to + c * plane + p, &rows[c], sizeof(int32_t) * (uint32_t)count);
  }
}

/* Vectors of each part of the scratch. */
typedef struct {
  int32_t turned; /* gradients or weights as they are turned, later the sums */
  int32_t weights;
  int32_t gradient;
} host_depthwise_room;

HOST_INLINE host_depthwise_room host_room_of(const host_depthwise_plan *plan) {
  const tinysdk_conv2d_args *const args = plan->args;
  const int32_t most =
      tinysdk_max(tinysdk_taps(args), tinysdk_max(tinysdk_in_plane(args), tinysdk_out_plane(args)));
  return (host_depthwise_room){host_round_up(most, HOST_LANES),
                               args->kernel_height * args->stride_x * plan->pairs,
                               args->out_height * plan->width};
}

/* The next eight channels, all their sums. */
HOST_INLINE void host_sum_planes(const host_depthwise_plan *plan, const host_eight *eight, int32_t channels,
                                 host_s32 *vectors, int32_t *sums) {
  const tinysdk_conv2d_args *const args = plan->args;
  const host_depthwise_room room = host_room_of(plan);
  host_s32 *const turned = vectors, *const weights = turned + room.turned;
  host_s32 *const gradient = weights + room.weights;
  host_turn_weights(eight, tinysdk_taps(args), args->weight_zero, turned);
  host_pair_weights(plan, turned, weights);
  host_turn_gradients(eight, tinysdk_out_plane(args), turned);
  host_pair_gradients(plan, turned, gradient);
  host_sum_channels(plan, weights, gradient, turned);
  host_leave_planes(turned, tinysdk_in_plane(args), channels, sums);
}

/* Scratch: room to align it by, the vectors, the sums of the whole tensor. */
HOST_INLINE void host_depthwise_mantissas(const tinysdk_conv2d_args *args, const tinysdk_gradient *gradient,
                                          const int32_t *gradient_exponent, const int8_t *weights,
                                          const int8_t *trained, const uint16_t *order,
                                          tinysdk_gradient *input_gradient, int32_t *input_gradient_exponent,
                                          void *scratch) {
  const host_depthwise_plan plan = host_plan_depthwise(args);
  const host_depthwise_room room = host_room_of(&plan);
  const int32_t channels = args->in_channels, plane = tinysdk_in_plane(args);
  const uintptr_t past = (uintptr_t)scratch % sizeof(host_s32);
  host_s32 *const vectors = (host_s32 *)((char *)scratch + (past ? sizeof(host_s32) - past : 0));
  int32_t *const sums = (int32_t *)(vectors + room.turned + room.weights + room.gradient);
  for (int32_t b = 0; b < args->batch; b++) {
    tinysdk_split split = tinysdk_split_start(weights, trained, order, args->trained_channels, channels);
    for (int32_t c = 0; c < channels; c += HOST_LANES) {
      const int32_t count = tinysdk_min(HOST_LANES, channels - c);
      host_eight eight;
      for (int32_t i = 0; i < HOST_LANES; i++) {
        if (i < count) {
          const tinysdk_place place = tinysdk_split_next(&split, c + i);
          eight.weights[i] = place.base + place.own * tinysdk_taps(args);
        } else {
          eight.weights[i] = eight.weights[i - 1];
        }
        eight.gradient[i] =
            gradient + (b * channels + c + tinysdk_min(i, count - 1)) * tinysdk_out_plane(args);
      }
      host_sum_planes(&plan, &eight, count, vectors, sums + (b * channels + c) * plane);
    }
  }
  input_gradient_exponent[0] =
      gradient_exponent[0] + host_narrow_tensor(sums, args->batch * channels * plane, input_gradient);
}

HOST_INLINE int32_t host_depthwise_mantissas_bytes(const tinysdk_conv2d_args *args) {
  const host_depthwise_plan plan = host_plan_depthwise(args);
  const host_depthwise_room room = host_room_of(&plan);
  const int32_t count = args->batch * args->in_channels * tinysdk_in_plane(args);
  return (1 + room.turned + room.weights + room.gradient) * (int32_t)sizeof(host_s32) +
         host_round_up(count, HOST_LANES) * (int32_t)sizeof(int32_t);
}

/* A fifth of an instruction for a product, a few for a gradient and for a sum. Multipliers and dilations are
 * not its business. */
HOST_INLINE int32_t host_depthwise_mantissas_instructions(const tinysdk_conv2d_args *args) {
  const int64_t planes = (int64_t)args->batch * args->in_channels;
  if (args->out_channels != args->in_channels || args->dilation_y != 1 || args->dilation_x != 1)
    return -1;
  return host_instructions(planes * ((int64_t)tinysdk_out_plane(args) * (tinysdk_taps(args) / 5 + 2) +
                                     (int64_t)tinysdk_in_plane(args) * 3 + tinysdk_taps(args)));
}

#endif
