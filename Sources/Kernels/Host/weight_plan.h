/* What weight gradients know of a layer before they see its tensors. */
#ifndef TINYSDK_HOST_WEIGHT_PLAN_H
#define TINYSDK_HOST_WEIGHT_PLAN_H

#include "convolution.h"
#include "lanes.h"

/* Input channels and output channels of one register tile. */
#define HOST_TILE_VECTORS 3
#define HOST_TILE_INPUTS (HOST_TILE_VECTORS * HOST_LANES)
#define HOST_TILE_OUTPUTS 4

/* What is held on the stack at once: pixels of the saved planes, output channels of the sums. */
#define HOST_TILE_PIXELS 128
#define HOST_TILE_SUMS 128

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

#endif
