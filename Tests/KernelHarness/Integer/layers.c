#include "check.h"

static void choose_shape(tinysdk_conv2d_args *a, enum layer_kind kind) {
  a->batch = random_in(1, 3);
  a->kernel_height = kind == POINTWISE ? 1 : random_in(1, 4);
  a->kernel_width = kind == POINTWISE ? 1 : random_in(1, 5);
  a->stride_y = kind == POINTWISE ? 1 : random_in(1, 3);
  a->stride_x = kind == POINTWISE ? 1 : random_in(1, 3);
  a->dilation_y = kind == POINTWISE ? 1 : random_in(1, 2);
  a->dilation_x = kind == POINTWISE ? 1 : random_in(1, 2);
  a->in_height = random_in(1, 9);
  a->in_width = random_in(1, 11);
  a->pad_top = kind == POINTWISE ? 0 : random_in(0, (a->kernel_height - 1) * a->dilation_y);
  a->pad_left = kind == POINTWISE ? 0 : random_in(0, (a->kernel_width - 1) * a->dilation_x);
  if (kind == DEPTHWISE && random_in(0, 1))
    a->stride_y = a->stride_x = 1;
  const int32_t high =
      a->in_height + a->pad_top + random_in(0, a->pad_top) - (a->kernel_height - 1) * a->dilation_y;
  const int32_t wide =
      a->in_width + a->pad_left + random_in(0, a->pad_left) - (a->kernel_width - 1) * a->dilation_x;
  a->out_height = kind == POINTWISE ? a->in_height : high > 0 ? (high - 1) / a->stride_y + 1 : 1;
  a->out_width = kind == POINTWISE ? a->in_width : wide > 0 ? (wide - 1) / a->stride_x + 1 : 1;
  /* Half of the depthwise layers may run in place. */
  if (kind == DEPTHWISE && a->stride_x == 1 && a->stride_y == 1) {
    a->out_height = a->in_height;
    a->out_width = a->in_width;
  }
}

static void choose_channels(tinysdk_conv2d_args *a, enum layer_kind kind) {
  const int32_t multiplier = random_in(0, 2) ? 1 : random_in(2, 3);
  a->groups = kind == GENERAL ? random_in(1, 3) : 1;
  a->in_channels = a->groups * random_in(1, 6);
  a->out_channels = a->groups * random_in(1, 6);
  if (kind == GENERAL && a->groups == a->in_channels)
    a->groups = 1, a->in_channels = 3;
  if (kind == POINTWISE) {
    a->in_channels = random_in(2, 11);
    a->out_channels = random_in(1, 11);
  }
  if (kind == DEPTHWISE) {
    a->groups = a->in_channels;
    a->out_channels = a->in_channels * multiplier;
  }
}

int64_t input_count(const layer *l) {
  return (int64_t)l->args.batch * l->args.in_channels * l->args.in_height * l->args.in_width;
}

int64_t output_count(const layer *l) {
  return (int64_t)l->args.batch * l->args.out_channels * l->args.out_height * l->args.out_width;
}

int64_t weight_at(const layer *l, int32_t o, int32_t c, int32_t ky, int32_t kx) {
  const tinysdk_conv2d_args *const a = &l->args;
  const int32_t inputs = a->in_channels / a->groups, outputs = a->out_channels / a->groups;
  if (o / outputs != c / inputs)
    return -1;
  return (((int64_t)o * inputs + c % inputs) * a->kernel_height + ky) * a->kernel_width + kx;
}

/* Copies the positions of `order` [first, end) into a tensor of their own. */
static int8_t *packed_weights(const layer *l, int32_t first, int32_t end) {
  const tinysdk_conv2d_args *const a = &l->args;
  const int32_t taps = a->kernel_height * a->kernel_width, own = end - first;
  const int depthwise = a->groups == a->in_channels;
  const int32_t outer = depthwise ? 1 : a->out_channels;
  const int32_t block = depthwise ? a->out_channels / a->in_channels * taps : taps;
  int8_t *const packed = cells((int64_t)outer * own * block, 1);
  for (int32_t o = 0; o < outer; o++)
    for (int32_t k = 0; k < own; k++)
      memcpy(packed + (o * own + k) * block, l->whole + (o * l->axis + l->order[first + k]) * block,
             (size_t)block);
  return packed;
}

/* Chooses learning positions: ascending, before the frozen ones, which ascend too. */
static void choose_split(layer *l) {
  int32_t next = 0;
  for (int32_t learns = 1; learns >= 0; learns--)
    for (int32_t k = 0; k < l->axis; k++)
      if ((k * 7 + l->axis) % 3 == 0 ? learns : !learns)
        l->order[next++] = (uint16_t)k;
  for (int32_t k = 0; k < l->axis; k++)
    l->args.trained_channels += (k * 7 + l->axis) % 3 == 0;
}

layer random_layer(enum layer_kind kind, int32_t split) {
  layer l = {0};
  choose_shape(&l.args, kind);
  choose_channels(&l.args, kind);
  const tinysdk_conv2d_args *const a = &l.args;
  const int32_t taps = a->kernel_height * a->kernel_width;
  l.args.weight_zero = random_in(0, 2) ? 0 : random_in(-128, 127);
  l.args.input_zero = random_in(-128, 127);
  l.axis = a->groups == a->in_channels ? a->in_channels : a->in_channels / a->groups;
  l.products = a->out_channels / a->groups * taps;
  const int64_t count = (int64_t)a->out_channels * (a->in_channels / a->groups) * taps;
  l.whole = cells(count, 1);
  for (int64_t i = 0; i < count; i++)
    l.whole[i] = (int8_t)random_in(-128, 127);
  l.order = cells(l.axis, sizeof(uint16_t));
  if (split)
    choose_split(&l);
  if (a->trained_channels == 0) {
    for (int32_t k = 0; k < l.axis; k++)
      l.order[k] = (uint16_t)k;
    l.frozen = packed_weights(&l, 0, l.axis);
    return l;
  }
  l.trained = packed_weights(&l, 0, a->trained_channels);
  l.frozen = packed_weights(&l, a->trained_channels, l.axis);
  return l;
}

void free_layer(layer *l) {
  free(l->whole);
  free(l->frozen);
  free(l->trained);
  free(l->order);
}

int32_t bits_for(int32_t width, double products, double factor, int32_t limit) {
  int32_t bits = width - 1;
  while (ldexp(products * factor, bits) >= ldexp(1, limit))
    bits--;
  return bits;
}
