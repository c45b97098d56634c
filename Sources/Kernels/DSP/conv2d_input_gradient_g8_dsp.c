#include "four_g8.h"

#include "write_fours_g8.h"

#include "disjoint_integer_gradient.h"
#include "overlapping_integer_gradient.h"

extern __typeof__(tinysdk_conv2d_input_gradient_g8) tinysdk_conv2d_input_gradient_g8_dsp;
extern __typeof__(tinysdk_conv2d_input_gradient_g8_scratch) tinysdk_conv2d_input_gradient_g8_dsp_scratch;
extern __typeof__(tinysdk_conv2d_input_gradient_g8_scratch) tinysdk_conv2d_input_gradient_g8_dsp_instructions;

void tinysdk_conv2d_input_gradient_g8_dsp(const tinysdk_conv2d_args *args, const int8_t *gradient,
                                          const int32_t *gradient_exponent, const int8_t *weights,
                                          const int8_t *trained, const uint16_t *order,
                                          int8_t *input_gradient, int32_t *input_gradient_exponent,
                                          void *scratch) {
  if (tinysdk_windows_are_disjoint(args))
    tinysdk_disjoint_integer_gradient(args, gradient, gradient_exponent, weights, trained, order,
                                      input_gradient, input_gradient_exponent, scratch);
  else
    tinysdk_overlapping_integer_gradient(args, gradient, gradient_exponent, weights, trained, order,
                                         input_gradient, input_gradient_exponent, scratch);
}

int32_t tinysdk_conv2d_input_gradient_g8_dsp_scratch(const tinysdk_conv2d_args *args) {
  return tinysdk_windows_are_disjoint(args) ? tinysdk_band_elements(args) * (int32_t)sizeof(int32_t)
                                            : tinysdk_overlapping_gradient_bytes(args);
}

int32_t tinysdk_conv2d_input_gradient_g8_dsp_instructions(const tinysdk_conv2d_args *args) {
  return tinysdk_windows_are_disjoint(args) ? tinysdk_disjoint_gradient_instructions(args)
                                            : tinysdk_overlapping_gradient_instructions(args);
}
