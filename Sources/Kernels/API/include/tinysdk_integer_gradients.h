/* The part of the kernels' contract that carries gradients as integers. Included by tinysdk_kernels.h. */
#ifndef TINYSDK_INTEGER_GRADIENTS_H
#define TINYSDK_INTEGER_GRADIENTS_H

#include "tinysdk_kernels.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A gradient of g16 (g8) is a tensor of int16 (int8) mantissas and one exponent beside it, of the whole
 * tensor over the batch: value = mantissa * 2^exponent. Its mantissas lie in [-(2^B - 1), 2^B - 1], B = 15
 * (7) or what args->bits says.
 *
 * Narrowing. The kernels below first form exact sums a, |a| < 2^30, worth a * 2^E. Then, with i the element's
 * index in the whole tensor, D = 0x55555555 for even i and 0xAAAAAAAA for odd i, and one s for the tensor,
 *   mantissa = floor((a + (D mod 2^s)) / 2^s), exponent = E + s,
 * where s >= 0 is the smallest shift for which every mantissa lies in range. A tensor of zeros has s = 0. The
 * result does not depend on the order in which elements are made: a kernel may find s first, or start at 0
 * and, whenever an element does not fit, shift what is written on by j, adding the next j bits of D
 * (Portable's narrow.h has the proof).
 *
 * The compiler proves |a| < 2^30: it picks args->bits of the kernel that feeds a convolution so that 2^B *
 * sum of |weight - weight_zero| over an input element's products < 2^30, and 2^B * 255 * batch * out plane <
 * 2^31 for the weight gradient. In place, the two exponents may be one. A sum's float value is (float)sum *
 * 2^exponent, where 2^exponent is 0 below exponent -126 and 2^127 above 127. Exponents lie within +-2^29. */

/* Round half to even of input * 2^-exponent, with the smallest exponent >= -126 for which every finite
 * element lies in range (so zeros have -126). An infinity becomes the limit of its sign, NaN 0. 4 <= bits <=
 * 15 (7). In place: the mantissas may start where the floats start. */
typedef struct {
  int32_t count;
  int32_t bits;
} tinysdk_quantize_gradient_args;

void tinysdk_quantize_gradient_g16(const tinysdk_quantize_gradient_args *args, const float *input,
                                   int16_t *output, int32_t *output_exponent);
void tinysdk_quantize_gradient_g8(const tinysdk_quantize_gradient_args *args, const float *input,
                                  int8_t *output, int32_t *output_exponent);

/* a = mask ? input * factor[channel] : 0, E = input exponent + factor_exponent; narrowed to `bits` (at least
 * 1). 0 <= factor <= 32767; the layer's largest one should be at least 2^14. `mask` may be NULL (all pass).
 * In place. */
typedef struct {
  int32_t batch;
  int32_t channels;
  int32_t plane;
  int32_t bits;
  int32_t factor_exponent;
} tinysdk_scale_gradient_args;

void tinysdk_scale_g16(const tinysdk_scale_gradient_args *args, const int16_t *input,
                       const int32_t *input_exponent, const uint8_t *mask, const int16_t *factor,
                       int16_t *output, int32_t *output_exponent);
void tinysdk_scale_g8(const tinysdk_scale_gradient_args *args, const int8_t *input,
                      const int32_t *input_exponent, const uint8_t *mask, const int16_t *factor,
                      int8_t *output, int32_t *output_exponent);

/* With k = |exponent 1 - exponent 2|: the operand of the larger exponent is multiplied by 2^min(k, 14). If k
 * > 14, the other becomes floor((mantissa + (D mod 2^j)) / 2^j), j = min(k - 14, 30). a = their sum, E = the
 * larger exponent - min(k, 14). In place on either. */
void tinysdk_accumulate_g16(const tinysdk_count_args *args, const int16_t *input1,
                            const int32_t *input1_exponent, const int16_t *input2,
                            const int32_t *input2_exponent, int16_t *output, int32_t *output_exponent);
void tinysdk_accumulate_g8(const tinysdk_count_args *args, const int8_t *input1,
                           const int32_t *input1_exponent, const int8_t *input2,
                           const int32_t *input2_exponent, int8_t *output, int32_t *output_exponent);

/* tinysdk_pool2d_args without what the gradient has no use for. A window's share is floor((2^share_bits +
 * divisor / 2) / divisor), a = sum over the windows that hold the pixel of gradient * share, E = gradient
 * exponent - share_bits. 0 <= share_bits <= 30: the compiler picks the largest that keeps |a| < 2^30. */
typedef struct {
  int32_t batch;
  int32_t channels;
  int32_t in_height;
  int32_t in_width;
  int32_t out_height;
  int32_t out_width;
  int32_t kernel_height;
  int32_t kernel_width;
  int32_t stride_y;
  int32_t stride_x;
  int32_t pad_top;
  int32_t pad_left;
  int32_t dilation_y;
  int32_t dilation_x;
  int32_t count_padding;
  int32_t share_bits;
} tinysdk_average_pool2d_gradient_args;

void tinysdk_average_pool2d_gradient_g16(const tinysdk_average_pool2d_gradient_args *args,
                                         const int16_t *gradient, const int32_t *gradient_exponent,
                                         int16_t *input_gradient, int32_t *input_gradient_exponent);
void tinysdk_average_pool2d_gradient_g8(const tinysdk_average_pool2d_gradient_args *args,
                                        const int8_t *gradient, const int32_t *gradient_exponent,
                                        int8_t *input_gradient, int32_t *input_gradient_exponent);

/* a = sum of the gradients of the windows that the pixel won, E = gradient exponent. `argmax` as
 * tinysdk_max_pool2d_s8 writes it: a winner lies in its own window. */
void tinysdk_max_pool2d_gradient_g16(const tinysdk_pool2d_args *args, const int16_t *gradient,
                                     const int32_t *gradient_exponent, const uint16_t *argmax,
                                     int16_t *input_gradient, int32_t *input_gradient_exponent);
void tinysdk_max_pool2d_gradient_g8(const tinysdk_pool2d_args *args, const int8_t *gradient,
                                    const int32_t *gradient_exponent, const uint16_t *argmax,
                                    int8_t *input_gradient, int32_t *input_gradient_exponent);

/* a = sum of gradient * (weight - weight_zero) over the products of tinysdk_conv2d_input_gradient_f32, E =
 * gradient exponent. The 1x1 kernel and the depthwise one take the layers of their float namesakes and work
 * in place where those do. */
void tinysdk_conv2d_input_gradient_g16(const tinysdk_conv2d_args *args, const int16_t *gradient,
                                       const int32_t *gradient_exponent, const int8_t *weights,
                                       const int8_t *trained, const uint16_t *order, int16_t *input_gradient,
                                       int32_t *input_gradient_exponent, void *scratch);
int32_t tinysdk_conv2d_input_gradient_g16_scratch(const tinysdk_conv2d_args *args);
void tinysdk_conv2d_input_gradient_g8(const tinysdk_conv2d_args *args, const int8_t *gradient,
                                      const int32_t *gradient_exponent, const int8_t *weights,
                                      const int8_t *trained, const uint16_t *order, int8_t *input_gradient,
                                      int32_t *input_gradient_exponent, void *scratch);
int32_t tinysdk_conv2d_input_gradient_g8_scratch(const tinysdk_conv2d_args *args);

void tinysdk_conv2d_1x1_input_gradient_g16(const tinysdk_conv2d_args *args, const int16_t *gradient,
                                           const int32_t *gradient_exponent, const int8_t *weights,
                                           const int8_t *trained, const uint16_t *order,
                                           int16_t *input_gradient, int32_t *input_gradient_exponent,
                                           void *scratch);
int32_t tinysdk_conv2d_1x1_input_gradient_g16_scratch(const tinysdk_conv2d_args *args);
void tinysdk_conv2d_1x1_input_gradient_g8(const tinysdk_conv2d_args *args, const int8_t *gradient,
                                          const int32_t *gradient_exponent, const int8_t *weights,
                                          const int8_t *trained, const uint16_t *order,
                                          int8_t *input_gradient, int32_t *input_gradient_exponent,
                                          void *scratch);
int32_t tinysdk_conv2d_1x1_input_gradient_g8_scratch(const tinysdk_conv2d_args *args);

void tinysdk_depthwise_input_gradient_g16(const tinysdk_conv2d_args *args, const int16_t *gradient,
                                          const int32_t *gradient_exponent, const int8_t *weights,
                                          const int8_t *trained, const uint16_t *order,
                                          int16_t *input_gradient, int32_t *input_gradient_exponent,
                                          void *scratch);
int32_t tinysdk_depthwise_input_gradient_g16_scratch(const tinysdk_conv2d_args *args);
void tinysdk_depthwise_input_gradient_g8(const tinysdk_conv2d_args *args, const int8_t *gradient,
                                         const int32_t *gradient_exponent, const int8_t *weights,
                                         const int8_t *trained, const uint16_t *order, int8_t *input_gradient,
                                         int32_t *input_gradient_exponent, void *scratch);
int32_t tinysdk_depthwise_input_gradient_g8_scratch(const tinysdk_conv2d_args *args);

/* g = the float value of the sum of gradient * (saved - input_zero) over the products of
 * tinysdk_conv2d_weight_gradient_f32, whose operands these are; of the sum of gradient for the bias. */
void tinysdk_conv2d_weight_gradient_g16(const tinysdk_conv2d_args *args, const int16_t *gradient,
                                        const int32_t *gradient_exponent, const int8_t *saved,
                                        const uint16_t *order, float *weight_gradient);
void tinysdk_conv2d_weight_gradient_g8(const tinysdk_conv2d_args *args, const int8_t *gradient,
                                       const int32_t *gradient_exponent, const int8_t *saved,
                                       const uint16_t *order, float *weight_gradient);

void tinysdk_conv2d_bias_gradient_g16(const tinysdk_conv2d_args *args, const int16_t *gradient,
                                      const int32_t *gradient_exponent, float *bias_gradient);
void tinysdk_conv2d_bias_gradient_g8(const tinysdk_conv2d_args *args, const int8_t *gradient,
                                     const int32_t *gradient_exponent, float *bias_gradient);

/* The updates of the float gradients' namesakes with this g. */
void tinysdk_conv2d_weight_update_s8_g16(const tinysdk_conv2d_args *args, const int16_t *gradient,
                                         const int32_t *gradient_exponent, const int8_t *saved,
                                         const uint16_t *order, const float *scale, const float *rate,
                                         int8_t *weights, int8_t *residual);
void tinysdk_conv2d_weight_update_s8_g8(const tinysdk_conv2d_args *args, const int8_t *gradient,
                                        const int32_t *gradient_exponent, const int8_t *saved,
                                        const uint16_t *order, const float *scale, const float *rate,
                                        int8_t *weights, int8_t *residual);

void tinysdk_conv2d_weight_update_s8_g16_r4(const tinysdk_conv2d_args *args, const int16_t *gradient,
                                            const int32_t *gradient_exponent, const int8_t *saved,
                                            const uint16_t *order, const float *scale, const float *rate,
                                            int8_t *weights, uint8_t *residual);
void tinysdk_conv2d_weight_update_s8_g8_r4(const tinysdk_conv2d_args *args, const int8_t *gradient,
                                           const int32_t *gradient_exponent, const int8_t *saved,
                                           const uint16_t *order, const float *scale, const float *rate,
                                           int8_t *weights, uint8_t *residual);

void tinysdk_conv2d_weight_update_s8_g16_stochastic(const tinysdk_conv2d_args *args, const int16_t *gradient,
                                                    const int32_t *gradient_exponent, const int8_t *saved,
                                                    const uint16_t *order, const float *scale,
                                                    const float *rate, int8_t *weights,
                                                    const uint16_t *stream, const uint32_t *counter);
void tinysdk_conv2d_weight_update_s8_g8_stochastic(const tinysdk_conv2d_args *args, const int8_t *gradient,
                                                   const int32_t *gradient_exponent, const int8_t *saved,
                                                   const uint16_t *order, const float *scale,
                                                   const float *rate, int8_t *weights, const uint16_t *stream,
                                                   const uint32_t *counter);

void tinysdk_conv2d_bias_update_s32_g16(const tinysdk_conv2d_args *args, const int16_t *gradient,
                                        const int32_t *gradient_exponent, const float *scale,
                                        const float *rate, int32_t *bias);
void tinysdk_conv2d_bias_update_s32_g8(const tinysdk_conv2d_args *args, const int8_t *gradient,
                                       const int32_t *gradient_exponent, const float *scale,
                                       const float *rate, int32_t *bias);

#ifdef __cplusplus
}
#endif

#endif
