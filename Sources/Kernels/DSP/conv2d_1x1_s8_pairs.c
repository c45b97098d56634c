#include "conv2d_1x1_pairs.h"
#include "serve_pairs.h"

extern __typeof__(tinysdk_conv2d_1x1_s8) tinysdk_conv2d_1x1_s8_pairs;
extern __typeof__(tinysdk_conv2d_1x1_s8_scratch) tinysdk_conv2d_1x1_s8_pairs_scratch;
extern __typeof__(tinysdk_conv2d_1x1_s8_scratch) tinysdk_conv2d_1x1_s8_pairs_instructions;
extern __typeof__(tinysdk_conv2d_1x1_s8_scratch) tinysdk_conv2d_1x1_s8_pairs_cycles;

void tinysdk_conv2d_1x1_s8_pairs(const tinysdk_conv2d_args *args, const int8_t *input, const int8_t *weights,
                                 const int8_t *trained, const uint16_t *order, const int32_t *bias,
                                 const tinysdk_requantization *requantization, int8_t *output, uint8_t *mask,
                                 void *scratch) {
  (void)trained, (void)order;
  tinysdk_paired_layer layer = {.args = args,
                                .serve = tinysdk_serve_pairs,
                                .multiply = tinysdk_multiply_pairs,
                                .weights = weights,
                                .bias = bias,
                                .requantization = requantization,
                                .pairs = scratch,
                                .taps = args->in_channels,
                                .output = output,
                                .mask = mask};
  tinysdk_convolve_1x1_pairs(&layer, input);
}

int32_t tinysdk_conv2d_1x1_s8_pairs_scratch(const tinysdk_conv2d_args *args) {
  return tinysdk_1x1_pairs_scratch(args);
}

int32_t tinysdk_conv2d_1x1_s8_pairs_instructions(const tinysdk_conv2d_args *args) {
  return tinysdk_1x1_pairs_cost(args, &tinysdk_pairs_instructions);
}

int32_t tinysdk_conv2d_1x1_s8_pairs_cycles(const tinysdk_conv2d_args *args) {
  return tinysdk_1x1_pairs_cost(args, &tinysdk_pairs_cycles);
}
