/* Weight gradients: several weights of one output channel side by side, pixels in order. */
#ifndef TINYSDK_HOST_WEIGHT_TILES_H
#define TINYSDK_HOST_WEIGHT_TILES_H

#include "convolution.h"
#include "lanes.h"
#include "transpose.h"

/* Input channels and output channels of one register tile. */
#define HOST_TILE_VECTORS 3
#define HOST_TILE_INPUTS (HOST_TILE_VECTORS * HOST_LANES)
#define HOST_TILE_OUTPUTS 4

/* What is held on the stack at once: pixels of the saved planes, output channels of the sums. */
#define HOST_TILE_PIXELS 128
#define HOST_TILE_SUMS 128

/* Receives the gradients of `count` neighbouring weights of output channel `output`, from element `index` of
 * the weight tensor on. */
typedef void host_gradients_sink(void *context, int32_t output, int32_t index, int32_t count,
                                 const float *gradients);

/* A layer as these tiles see it: a row of weights for each output channel of a group. */
typedef struct {
  const tinysdk_conv2d_args *args;
  int32_t own;       /* learning planes of a group */
  int32_t row;       /* weights of an output channel */
  int32_t outputs;   /* output channels of a group */
  int32_t pointwise; /* windows of one pixel each, the output's own */
  int32_t padded;    /* some windows leave the image */
} host_weight_plan;

HOST_INLINE int32_t host_leaves(int32_t in, int32_t out, int32_t kernel, int32_t stride, int32_t pad,
                                int32_t dilation) {
  return pad > 0 || (out - 1) * stride - pad + (kernel - 1) * dilation >= in;
}

HOST_INLINE host_weight_plan host_plan_weights(const tinysdk_conv2d_args *args) {
  const int32_t all = args->in_channels / args->groups;
  host_weight_plan plan = {.args = args, .own = args->trained_channels > 0 ? args->trained_channels : all};
  plan.row = plan.own * tinysdk_taps(args);
  plan.outputs = args->out_channels / args->groups;
  plan.padded = host_leaves(args->in_height, args->out_height, args->kernel_height, args->stride_y,
                            args->pad_top, args->dilation_y) ||
                host_leaves(args->in_width, args->out_width, args->kernel_width, args->stride_x,
                            args->pad_left, args->dilation_x);
  plan.pointwise = tinysdk_taps(args) == 1 && args->groups == 1 && args->pad_top == 0 &&
                   args->pad_left == 0 && args->in_height == args->out_height &&
                   args->in_width == args->out_width;
  plan.padded = plan.padded && !plan.pointwise;
  return plan;
}

/* values[p][i] = saved plane i, pixel p; planes past the last read as that one. */
HOST_INLINE void host_turn_planes(const int8_t *saved, int32_t inputs, int32_t plane, int32_t pixels,
                                  int32_t zero, float *values) {
  for (int32_t v = 0; v < HOST_TILE_INPUTS; v += HOST_LANES) {
    int32_t p = 0;
    for (; p + HOST_LANES <= pixels; p += HOST_LANES) {
      host_f32 rows[HOST_LANES];
      for (int32_t i = 0; i < HOST_LANES; i++)
        rows[i] = __builtin_convertvector(
            host_widen_s8(saved + tinysdk_min(v + i, inputs - 1) * plane + p) - zero, host_f32);
      host_transpose(rows);
      for (int32_t i = 0; i < HOST_LANES; i++)
        host_store_f32(values + (p + i) * HOST_TILE_INPUTS + v, rows[i]);
    }
    for (; p < pixels; p++)
      for (int32_t i = v; i < v + HOST_LANES; i++)
        values[p * HOST_TILE_INPUTS + i] = (float)(saved[tinysdk_min(i, inputs - 1) * plane + p] - zero);
  }
}

/* values[p][i] = what weight i of the row reads at output pixel `first` + p; not a number outside the image.
 */
HOST_INLINE void host_gather_windows(const host_weight_plan *plan, const int8_t *saved, int32_t weight,
                                     int32_t inputs, int32_t first, int32_t pixels, float *restrict values) {
  const tinysdk_conv2d_args a = *plan->args;
  const int32_t taps = a.kernel_height * a.kernel_width;
  for (int32_t i = 0; i < inputs; i++) {
    const int32_t tap = (weight + i) % taps;
    const int8_t *restrict const plane = saved + (weight + i) / taps * a.in_height * a.in_width;
    const int32_t dy = tap / a.kernel_width * a.dilation_y - a.pad_top;
    const int32_t dx = tap % a.kernel_width * a.dilation_x - a.pad_left;
    int32_t oy = first / a.out_width, ox = first % a.out_width;
    for (int32_t p = 0; p < pixels; p++) {
      const int32_t y = oy * a.stride_y + dy, x = ox * a.stride_x + dx;
      const int32_t inside = y >= 0 && y < a.in_height && x >= 0 && x < a.in_width;
      values[p * HOST_TILE_INPUTS + i] =
          inside ? (float)(plane[y * a.in_width + x] - a.input_zero) : __builtin_nanf("");
      ox++;
      oy += ox == a.out_width;
      ox = ox == a.out_width ? 0 : ox;
    }
  }
}

/* The sums of some output channels go on over `pixels` pixels. `vectors` of their weights are wanted; where
 * `padded`, what is not a number is skipped. */
HOST_INLINE void host_add_pixels(const float *const gradient[HOST_TILE_OUTPUTS], const float *values,
                                 int32_t pixels, int32_t vectors, int32_t padded,
                                 float sums[HOST_TILE_OUTPUTS][HOST_TILE_INPUTS]) {
  host_f32 acc[HOST_TILE_OUTPUTS][HOST_TILE_VECTORS];
  memcpy(acc, sums, sizeof(acc));
  for (int32_t p = 0; p < pixels; p++)
    for (int32_t v = 0; v < vectors; v++) {
      const host_f32 value = host_load_f32(values + p * HOST_TILE_INPUTS + v * HOST_LANES);
      const host_s32 inside = value == value;
      for (int32_t j = 0; j < HOST_TILE_OUTPUTS; j++) {
        const host_f32 next = host_fma(host_splat_f32(gradient[j][p]), value, acc[j][v]);
        acc[j][v] = padded ? (host_f32)host_select_s32(inside, (host_s32)next, (host_s32)acc[j][v]) : next;
      }
    }
  memcpy(sums, acc, sizeof(acc));
}

/* As many vectors as `inputs` weights fill, each number of them with a loop of its own. */
HOST_OUTLINE void host_add_block(const float *const gradient[HOST_TILE_OUTPUTS], const float *values,
                                 int32_t pixels, int32_t inputs, int32_t padded,
                                 float sums[HOST_TILE_OUTPUTS][HOST_TILE_INPUTS]) {
  if (padded)
    host_add_pixels(gradient, values, pixels, HOST_TILE_VECTORS, 1, sums);
  else if (inputs <= HOST_LANES)
    host_add_pixels(gradient, values, pixels, 1, 0, sums);
  else if (inputs <= 2 * HOST_LANES)
    host_add_pixels(gradient, values, pixels, 2, 0, sums);
  else
    host_add_pixels(gradient, values, pixels, 3, 0, sums);
}

/* Output channels o ... o + outputs, weights i ... i + inputs of their rows. `saved`: the group's planes of
 * the first image. */
HOST_INLINE void host_weight_block(const host_weight_plan *plan, const float *gradient, const int8_t *saved,
                                   int32_t o, int32_t outputs, int32_t i, int32_t inputs,
                                   float sums[HOST_TILE_SUMS][HOST_TILE_INPUTS]) {
  const tinysdk_conv2d_args *const args = plan->args;
  const int32_t plane = tinysdk_out_plane(args), in_plane = tinysdk_in_plane(args);
  float values[HOST_TILE_PIXELS * HOST_TILE_INPUTS] = {0};
  memset(sums, 0, sizeof(float) * HOST_TILE_SUMS * HOST_TILE_INPUTS);
  for (int32_t b = 0; b < args->batch; b++) {
    const int8_t *const image = saved + b * args->groups * plan->own * in_plane;
    for (int32_t p = 0; p < plane; p += HOST_TILE_PIXELS) {
      const int32_t pixels = tinysdk_min(HOST_TILE_PIXELS, plane - p);
      if (plan->pointwise)
        host_turn_planes(image + i * plane + p, inputs, plane, pixels, args->input_zero, values);
      else
        host_gather_windows(plan, image, i, inputs, p, pixels, values);
      for (int32_t j = 0; j < outputs; j += HOST_TILE_OUTPUTS) {
        const float *from[HOST_TILE_OUTPUTS];
        for (int32_t k = 0; k < HOST_TILE_OUTPUTS; k++)
          from[k] = gradient + (b * args->out_channels + o + tinysdk_min(j + k, outputs - 1)) * plane + p;
        host_add_block(from, values, pixels, inputs, plan->padded, sums + j);
      }
    }
  }
}

/* Every weight, once. */
HOST_INLINE void host_each_weight(const tinysdk_conv2d_args *args, const float *gradient, const int8_t *saved,
                                  host_gradients_sink *sink, void *context) {
  const host_weight_plan plan = host_plan_weights(args);
  for (int32_t g = 0; g < args->groups; g++) {
    const int8_t *const planes = saved + g * plan.own * tinysdk_in_plane(args);
    for (int32_t i = 0; i < plan.row; i += HOST_TILE_INPUTS) {
      const int32_t inputs = tinysdk_min(HOST_TILE_INPUTS, plan.row - i), end = (g + 1) * plan.outputs;
      for (int32_t o = g * plan.outputs; o < end; o += HOST_TILE_SUMS) {
        const int32_t outputs = tinysdk_min(HOST_TILE_SUMS, end - o);
        float sums[HOST_TILE_SUMS][HOST_TILE_INPUTS];
        host_weight_block(&plan, gradient, planes, o, outputs, i, inputs, sums);
        for (int32_t j = 0; j < outputs; j++)
          sink(context, o + j, (o + j) * plan.row + i, inputs, sums[j]);
      }
    }
  }
}

/* A seventh of an instruction for a product; windows cost a few for each value that is copied out. Depthwise
 * layers share no values, so that nothing would be won. */
HOST_INLINE int32_t host_weight_instructions(const tinysdk_conv2d_args *args) {
  const host_weight_plan plan = host_plan_weights(args);
  const int64_t pixels = (int64_t)args->batch * tinysdk_out_plane(args), row = plan.row;
  if (args->groups == args->in_channels && args->groups > 1)
    return -1;
  return host_instructions(row * args->out_channels * (pixels / 7 + 4) +
                           (plan.pointwise ? 0 : row * args->groups * pixels * 4));
}

#endif
