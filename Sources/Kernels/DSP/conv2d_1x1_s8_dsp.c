#include "conv2d_1x1_canonical.h"
#include "serve_pairs.h"

extern __typeof__(tinysdk_conv2d_1x1_s8) tinysdk_conv2d_1x1_s8_dsp;
extern __typeof__(tinysdk_conv2d_1x1_s8_scratch) tinysdk_conv2d_1x1_s8_dsp_scratch;
extern __typeof__(tinysdk_conv2d_1x1_s8_scratch) tinysdk_conv2d_1x1_s8_dsp_instructions;
extern __typeof__(tinysdk_conv2d_1x1_s8_scratch) tinysdk_conv2d_1x1_s8_dsp_cycles;

void tinysdk_conv2d_1x1_s8_dsp(const tinysdk_conv2d_args *args, const int8_t *input, const int8_t *weights,
                               const int8_t *trained, const uint16_t *order, const int32_t *bias,
                               const tinysdk_requantization *requantization, int8_t *output, uint8_t *mask,
                               void *scratch) {
  const int32_t learning = args->trained_channels;
  tinysdk_pointwise_layer layer = {.rows = {.args = args,
                                            .trained = trained,
                                            .frozen = weights,
                                            .learning = learning,
                                            .rest = args->in_channels - learning,
                                            .bias = bias,
                                            .requantization = requantization,
                                            .outputs = args->out_channels,
                                            .output = output,
                                            .mask = mask},
                                   .pairs = {.args = args,
                                             .serve = tinysdk_serve_pairs,
                                             .multiply = tinysdk_multiply_pairs,
                                             .bias = bias,
                                             .requantization = requantization,
                                             .output = output,
                                             .mask = mask}};
  tinysdk_convolve_1x1_canonical(&layer, input, order, scratch);
}

int32_t tinysdk_conv2d_1x1_s8_dsp_scratch(const tinysdk_conv2d_args *args) {
  return tinysdk_1x1_canonical_scratch(args);
}

int32_t tinysdk_conv2d_1x1_s8_dsp_instructions(const tinysdk_conv2d_args *args) {
  return tinysdk_1x1_canonical_cost(args, &tinysdk_pairs_instructions);
}

int32_t tinysdk_conv2d_1x1_s8_dsp_cycles(const tinysdk_conv2d_args *args) {
  return tinysdk_1x1_canonical_cost(args, &tinysdk_pairs_cycles);
}
