#include "four_g8.h"

#include "write_fours_g8.h"

#include "level_pixels_g8.h"

#include "quads_pairs.h"

#include "conv2d_1x1_integer_gradient.h"

extern __typeof__(tinysdk_conv2d_1x1_input_gradient_g8) tinysdk_conv2d_1x1_input_gradient_g8_pairs;
extern __typeof__(tinysdk_conv2d_1x1_input_gradient_g8_scratch)
    tinysdk_conv2d_1x1_input_gradient_g8_pairs_scratch;
extern __typeof__(tinysdk_conv2d_1x1_input_gradient_g8_scratch)
    tinysdk_conv2d_1x1_input_gradient_g8_pairs_instructions;

void tinysdk_conv2d_1x1_input_gradient_g8_pairs(const tinysdk_conv2d_args *args, const int8_t *gradient,
                                                const int32_t *gradient_exponent, const int8_t *weights,
                                                const int8_t *trained, const uint16_t *order,
                                                int8_t *input_gradient, int32_t *input_gradient_exponent,
                                                void *scratch) {
  tinysdk_conv2d_1x1_integer_gradient(args, gradient, gradient_exponent, weights, trained, order,
                                      input_gradient, input_gradient_exponent, scratch);
}

int32_t tinysdk_conv2d_1x1_input_gradient_g8_pairs_scratch(const tinysdk_conv2d_args *args) {
  return tinysdk_conv2d_1x1_integer_bytes(args);
}

int32_t tinysdk_conv2d_1x1_input_gradient_g8_pairs_instructions(const tinysdk_conv2d_args *args) {
  return !tinysdk_is_pairable(args) ? -1 : tinysdk_conv2d_1x1_integer_instructions(args);
}
