/* The one contract between generated code and every kernel backend.
 *
 * A kernel takes a constant argument struct (flash) and pointers into the arena, the trainable state or
 * flash. It allocates nothing; `scratch` holds at least `<kernel>_scratch(args)` bytes, aligned to 8. Structs
 * hold 32-bit fields only, so that a 64-bit host and the device agree on every byte.
 *
 * Layout: activations are NCHW (channel by channel). Convolution weights are [out][in / groups][kernel
 * y][kernel x]. A bit mask holds one bit per element, element e in byte e / 8, bit e % 8; 1 passes the
 * gradient.
 *
 * Split weights: a layer of which only some input channels learn has two weight tensors, `weights` (frozen,
 * flash) and `trained` (state). `order` lists positions on the weight's input-channel axis (for a depthwise
 * layer: positions on the channel axis), first the `trained_channels` learning ones in ascending order, then
 * the frozen ones in ascending order. Each tensor is densely packed over its own positions: [out][own
 * positions][kernel y][kernel x], depthwise [own channels][multiplier][kernel y][kernel x]. Without a split,
 * `trained` and `order` are NULL, `trained_channels` is 0 and `weights` holds everything. A layer with groups
 * == in_channels is depthwise; its split runs only on the depthwise kernels (and in the weight gradients).
 */
#ifndef TINYSDK_KERNELS_H
#define TINYSDK_KERNELS_H

#include <stdint.h>

/* Bumped whenever a struct, a prototype or a defined order of operations below changes. */
#define TINYSDK_KERNEL_CONTRACT 1

#ifdef __cplusplus
extern "C" {
#endif

/* How a 32-bit sum becomes an 8-bit value. */
#define TINYSDK_ROUNDING_TFLITE 0 /* doubling high multiply with rounding, then rounding right shift */
#define TINYSDK_ROUNDING_SINGLE 1 /* one 64-bit product, one rounding */

/* multiplier * 2^(shift - 31); a positive shift is to the left. The multiplier is 0 or lies in [2^30, 2^31);
 * the shift lies in [-31, 30]. */
typedef struct {
  int32_t multiplier;
  int32_t shift;
} tinysdk_requantization;

/* ---- int8 convolution
 * -------------------------------------------------------------------------------------------------------- */

typedef struct {
  int32_t batch;
  int32_t in_channels;
  int32_t in_height;
  int32_t in_width;
  int32_t out_channels;
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
  int32_t groups;
  int32_t input_zero;
  int32_t weight_zero;
  int32_t output_zero;
  int32_t clamp_min;
  int32_t clamp_max;
  int32_t rounding;
  int32_t trained_channels;
} tinysdk_conv2d_args;

/* output = clamp(requantize(saturate32(sum (input - input_zero) * (weight - weight_zero) + bias)) +
 * output_zero). Padding contributes nothing. The sum of products is taken in 32 bits where the compiler
 * proves that it fits, the bias is added in 64 and saturated. `bias` may be NULL. `requantization`: one entry
 * per output channel. `mask` may be NULL; else it receives clamp_min <= unclamped <= clamp_max. In place:
 * tinysdk_conv2d_1x1_s8 and tinysdk_depthwise_conv2d_s8 may be given output == input. */
void tinysdk_conv2d_s8(const tinysdk_conv2d_args *args, const int8_t *input, const int8_t *weights,
                       const int8_t *trained, const uint16_t *order, const int32_t *bias,
                       const tinysdk_requantization *requantization, int8_t *output, uint8_t *mask,
                       void *scratch);
int32_t tinysdk_conv2d_s8_scratch(const tinysdk_conv2d_args *args);

/* The same for a 1x1 kernel, stride 1, no padding, one group: works in place (output planes start where the
 * input planes start). */
void tinysdk_conv2d_1x1_s8(const tinysdk_conv2d_args *args, const int8_t *input, const int8_t *weights,
                           const int8_t *trained, const uint16_t *order, const int32_t *bias,
                           const tinysdk_requantization *requantization, int8_t *output, uint8_t *mask,
                           void *scratch);
int32_t tinysdk_conv2d_1x1_s8_scratch(const tinysdk_conv2d_args *args);

/* The same for groups == in_channels, any channel multiplier; works in place while multiplier * output plane
 * <= input plane. */
void tinysdk_depthwise_conv2d_s8(const tinysdk_conv2d_args *args, const int8_t *input, const int8_t *weights,
                                 const int8_t *trained, const uint16_t *order, const int32_t *bias,
                                 const tinysdk_requantization *requantization, int8_t *output, uint8_t *mask,
                                 void *scratch);
int32_t tinysdk_depthwise_conv2d_s8_scratch(const tinysdk_conv2d_args *args);

/* input_gradient[c][y][x] = sum over out channels o of c's group ascending, then kernel y, kernel x
 * ascending, of fmaf(weight - weight_zero, gradient[o][oy][ox], sum), starting from 0; positions outside the
 * output are skipped. */
void tinysdk_conv2d_input_gradient_f32(const tinysdk_conv2d_args *args, const float *gradient,
                                       const int8_t *weights, const int8_t *trained, const uint16_t *order,
                                       float *input_gradient, void *scratch);
int32_t tinysdk_conv2d_input_gradient_f32_scratch(const tinysdk_conv2d_args *args);

/* The same for a 1x1 kernel, stride 1, no padding, one group: works in place. */
void tinysdk_conv2d_1x1_input_gradient_f32(const tinysdk_conv2d_args *args, const float *gradient,
                                           const int8_t *weights, const int8_t *trained,
                                           const uint16_t *order, float *input_gradient, void *scratch);
int32_t tinysdk_conv2d_1x1_input_gradient_f32_scratch(const tinysdk_conv2d_args *args);

/* The same for groups == in_channels; works in place while the multiplier is 1, the stride 1 and both planes
 * have one size. */
void tinysdk_depthwise_input_gradient_f32(const tinysdk_conv2d_args *args, const float *gradient,
                                          const int8_t *weights, const int8_t *trained, const uint16_t *order,
                                          float *input_gradient, void *scratch);
int32_t tinysdk_depthwise_input_gradient_f32_scratch(const tinysdk_conv2d_args *args);

/* Weight gradients. `saved` holds only the learning input channels, densely packed in ascending order:
 * [group][own position][y][x] (depthwise: [own channel][y][x]). args->trained_channels counts the learning
 * positions on the weight's input-channel axis (depthwise: channels); 0 means all of them. For depthwise,
 * `order` (NULL: identity) names the learning channels, for the gradient's planes. sum = 0; over batch, out
 * y, out x ascending: sum = fmaf(gradient[o][oy][ox], (float)(saved - input_zero), sum); padding is skipped.
 */
void tinysdk_conv2d_weight_gradient_f32(const tinysdk_conv2d_args *args, const float *gradient,
                                        const int8_t *saved, const uint16_t *order, float *weight_gradient);

/* sum over batch, out y, out x ascending of gradient[o], by plain addition from 0. */
void tinysdk_conv2d_bias_gradient_f32(const tinysdk_conv2d_args *args, const float *gradient,
                                      float *bias_gradient);

/* Weight gradient and update in one, never held whole. For every weight, with g its gradient as above:
 * step = rate[0] * scale[o] (scale = 1 / weight scale^2, quantization-aware scaling), then the rule of
 * tinysdk_update_s8. `residual` may be NULL (nearest rounding). */
void tinysdk_conv2d_weight_update_s8(const tinysdk_conv2d_args *args, const float *gradient,
                                     const int8_t *saved, const uint16_t *order, const float *scale,
                                     const float *rate, int8_t *weights, int8_t *residual);

/* bias = saturate32(bias - round_half_even((rate[0] * scale[o]) * g)), g as in
 * tinysdk_conv2d_bias_gradient_f32. */
void tinysdk_conv2d_bias_update_s32(const tinysdk_conv2d_args *args, const float *gradient,
                                    const float *scale, const float *rate, int32_t *bias);

/* ---- int8 dense
 * -------------------------------------------------------------------------------------------------------------
 */

/* weights [out][in]; split weights as above with positions on the `in` axis. Backward: the convolution
 * kernels with a 1x1 image. */
typedef struct {
  int32_t batch;
  int32_t in_count;
  int32_t out_count;
  int32_t input_zero;
  int32_t weight_zero;
  int32_t output_zero;
  int32_t clamp_min;
  int32_t clamp_max;
  int32_t rounding;
  int32_t trained_channels;
} tinysdk_dense_args;

void tinysdk_dense_s8(const tinysdk_dense_args *args, const int8_t *input, const int8_t *weights,
                      const int8_t *trained, const uint16_t *order, const int32_t *bias,
                      const tinysdk_requantization *requantization, int8_t *output, uint8_t *mask);

/* ---- int8 residual add
 * ---------------------------------------------------------------------------------------------------------
 */

/* TFLite's int8 ADD: both inputs shifted left by left_shift and requantized, summed, requantized. In place on
 * either input. */
typedef struct {
  int32_t count;
  int32_t left_shift;
  int32_t input1_zero;
  int32_t input1_multiplier;
  int32_t input1_shift;
  int32_t input2_zero;
  int32_t input2_multiplier;
  int32_t input2_shift;
  int32_t output_zero;
  int32_t output_multiplier;
  int32_t output_shift;
  int32_t clamp_min;
  int32_t clamp_max;
  int32_t rounding;
} tinysdk_add_args;

void tinysdk_add_s8(const tinysdk_add_args *args, const int8_t *input1, const int8_t *input2, int8_t *output,
                    uint8_t *mask);

/* ---- pooling, int8
 * ----------------------------------------------------------------------------------------------------------------
 */

/* Input and output share scale and zero point. Average: count of the pixels inside the image (count_padding
 * 0) or of the whole window (count_padding 1, padding reads as `zero`); half away from zero. A window wholly
 * in the padding gives `zero`. */
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
  int32_t zero;
  int32_t count_padding;
  int32_t clamp_min;
  int32_t clamp_max;
} tinysdk_pool2d_args;

void tinysdk_average_pool2d_s8(const tinysdk_pool2d_args *args, const int8_t *input, int8_t *output,
                               uint8_t *mask);

/* `argmax` may be NULL; else the winning input position inside the plane is y * in_width + x, the first in
 * scan order on a tie; 65535 where the window lies wholly in the padding. in_height * in_width <= 65535. */
void tinysdk_max_pool2d_s8(const tinysdk_pool2d_args *args, const int8_t *input, int8_t *output,
                           uint16_t *argmax, uint8_t *mask);

/* Spreads gradient / divisor over each window's pixels inside the image, windows in scan order, by
 * fmaf(gradient, 1 / divisor, input_gradient) from 0. */
void tinysdk_average_pool2d_gradient_f32(const tinysdk_pool2d_args *args, const float *gradient,
                                         float *input_gradient);

/* input_gradient[argmax] += gradient, outputs in scan order, from 0; 65535 passes none. */
void tinysdk_max_pool2d_gradient_f32(const tinysdk_pool2d_args *args, const float *gradient,
                                     const uint16_t *argmax, float *input_gradient);

/* ---- elementwise
 * ------------------------------------------------------------------------------------------------------------------
 */

typedef struct {
  int32_t batch;
  int32_t channels;
  int32_t plane;
} tinysdk_planes_args;

/* output = mask ? input * scale[channel] : 0. `mask` may be NULL (all pass). In place. */
void tinysdk_scale_f32(const tinysdk_planes_args *args, const float *input, const uint8_t *mask,
                       const float *scale, float *output);

/* Copies the planes of `order` (args->channels entries, each an input channel) one after the other. For batch
 * > 1, in_channels planes lie between images. */
typedef struct {
  int32_t batch;
  int32_t in_channels;
  int32_t channels;
  int32_t plane;
} tinysdk_gather_args;

void tinysdk_gather_planes_s8(const tinysdk_gather_args *args, const int8_t *input, const uint16_t *order,
                              int8_t *output);

typedef struct {
  int32_t count;
} tinysdk_count_args;

/* output = input1 + input2. In place on either. */
void tinysdk_accumulate_f32(const tinysdk_count_args *args, const float *input1, const float *input2,
                            float *output);

typedef struct {
  int32_t count;
  int32_t zero;
  float scale;
} tinysdk_dequantize_args;

/* output = (float)(input - zero) * scale */
void tinysdk_dequantize_f32(const tinysdk_dequantize_args *args, const int8_t *input, float *output);

typedef struct {
  int32_t count;
  int32_t input_zero;
  int32_t output_zero;
  int32_t multiplier;
  int32_t shift;
  int32_t clamp_min;
  int32_t clamp_max;
  int32_t rounding;
} tinysdk_requantize_args;

/* output = clamp(requantize(input - input_zero) + output_zero): int8 to int8 of another scale. In place. */
void tinysdk_requantize_s8(const tinysdk_requantize_args *args, const int8_t *input, int8_t *output,
                           uint8_t *mask);

/* ---- float32 layers and losses
 * ------------------------------------------------------------------------------------------------------ */

typedef struct {
  int32_t batch;
  int32_t in_count;
  int32_t out_count;
} tinysdk_dense_f32_args;

/* output[o] = sum from bias[o], inputs ascending, of fmaf(weight[o][i], input[i], sum). `bias` may be NULL
 * (0). */
void tinysdk_dense_f32(const tinysdk_dense_f32_args *args, const float *input, const float *weights,
                       const float *bias, float *output);

/* input_gradient[i] = sum over o ascending of fmaf(weight[o][i], gradient[o], sum). */
void tinysdk_dense_input_gradient_f32(const tinysdk_dense_f32_args *args, const float *gradient,
                                      const float *weights, float *input_gradient);

/* weight_gradient[o][i] = sum from 0 over the batch of fmaf(gradient[o], input[i], sum); the bias's by plain
 * addition from 0. */
void tinysdk_dense_weight_gradient_f32(const tinysdk_dense_f32_args *args, const float *gradient,
                                       const float *input, float *weight_gradient);
void tinysdk_dense_bias_gradient_f32(const tinysdk_dense_f32_args *args, const float *gradient,
                                     float *bias_gradient);

/* weights = fmaf(-rate[0], gradient of the weight, weights): gradient and update in one. */
void tinysdk_dense_weight_update_f32(const tinysdk_dense_f32_args *args, const float *gradient,
                                     const float *input, const float *rate, float *weights);
void tinysdk_dense_bias_update_f32(const tinysdk_dense_f32_args *args, const float *gradient,
                                   const float *rate, float *bias);

/* output = input < 0 ? +0 : input, so that a value that is not a number stays one. In place. */
void tinysdk_relu_f32(const tinysdk_count_args *args, const float *input, float *output);

/* input_gradient = output > 0 ? gradient : +0, with what tinysdk_relu_f32 left. In place on either. */
void tinysdk_relu_gradient_f32(const tinysdk_count_args *args, const float *gradient, const float *output,
                               float *input_gradient);

/* For one sample, the step of a layer that reads tinysdk_relu_f32's output, in one pass over the weights:
 * input_gradient[i] = input[i] > 0 ? s : +0, where s is as in tinysdk_dense_input_gradient_f32 with the
 * weights as they were, and the weights move as in tinysdk_dense_weight_update_f32. In place over input. */
void tinysdk_dense_relu_update_f32(const tinysdk_dense_f32_args *args, const float *gradient,
                                   const float *input, const float *rate, float *weights,
                                   float *input_gradient);

/* Softmax cross-entropy, mean over the batch. label[b] is the class. loss[0] = (sum over the batch ascending
 * of log(sum) - (x[label] - max)) / batch, where sum = the plain sum of exp(x - max), classes ascending.
 * gradient = (exp(x - max) / sum - onehot) / batch; it may overwrite the logits. `exp` and `log` are our own
 * (tinysdk_math.h), so that no libm decides a bit. */
typedef struct {
  int32_t batch;
  int32_t classes;
} tinysdk_loss_args;

void tinysdk_softmax_cross_entropy_f32(const tinysdk_loss_args *args, const float *logits,
                                       const int32_t *label, float *loss, float *gradient);

/* With d = output - target and n = batch * classes: loss[0] = (sum by fmaf(d, d, sum), elements ascending) /
 * n; gradient = d * (2 / n). It may overwrite either input. */
void tinysdk_mean_squared_error_f32(const tinysdk_loss_args *args, const float *output, const float *target,
                                    float *loss, float *gradient);

/* index[b] = position of the largest value, the first on a tie. */
void tinysdk_argmax_f32(const tinysdk_loss_args *args, const float *input, int32_t *index);

/* ---- updates
 * --------------------------------------------------------------------------------------------------------------------
 */

/* One tensor's update from a gradient held whole. weights[o][i], `inner` elements per output channel.
 * With residual: w256 = 256 w + residual - round_half_even(((rate[0] * scale[o]) * gradient) * 256),
 * saturated to +-127 * 256; w = floor((w256 + 128) / 256), residual = w256 - 256 w. Without (NULL): w =
 * saturate127(w - round_half_even((rate[0] * scale[o]) * gradient)). A gradient that is not a number changes
 * nothing. */
typedef struct {
  int32_t out_count;
  int32_t inner;
} tinysdk_update_args;

void tinysdk_update_s8(const tinysdk_update_args *args, const float *gradient, const float *scale,
                       const float *rate, int8_t *weights, int8_t *residual);

/* bias = saturate32(bias - round_half_even((rate[0] * scale[o]) * gradient)), inner = 1. */
void tinysdk_update_s32(const tinysdk_update_args *args, const float *gradient, const float *scale,
                        const float *rate, int32_t *values);

/* values = fmaf(-rate[0], gradient, values), out_count * inner elements. */
void tinysdk_update_f32(const tinysdk_update_args *args, const float *gradient, const float *rate,
                        float *values);

/* The rule of tinysdk_update_s8 with four residual bits: element e's residual, -8 to 7, lies in byte e / 2,
 * for even e in the low half; (elements + 1) / 2 bytes. w16 = 16 w + residual - round_half_even(((rate[0] *
 * scale[o]) * gradient) * 16), saturated to +-127 * 16; w = floor((w16 + 8) / 16), residual = w16 - 16 w. */
void tinysdk_update_s8_r4(const tinysdk_update_args *args, const float *gradient, const float *scale,
                          const float *rate, int8_t *weights, uint8_t *residual);

/* The stochastic rule: w = saturate127(floor(w - t + U)), where t = (rate[0] * scale[o]) * gradient rounded
 * half to even to a multiple of 2^-24 (0 for NaN), the rest exact, and U = (R >> 8) * 2^-24. R for element e
 * of the weight tensor, in uint32 arithmetic:
 *
 *   R = M(M(M(M(counter[1] + 0x9E3779B9) ^ counter[0]) + stream[0]) + e * 0x9E3779B9),
 *
 *   M(x) = z ^ z >> 16, where y = (x ^ x >> 16) * 0x6A09E667 and z = (y ^ y >> 15) * 0xBB67AE85.
 *
 * counter[0] counts the steps, counter[1] is the seed, which no kernel changes; stream[0] names the tensor.
 */
void tinysdk_update_s8_stochastic(const tinysdk_update_args *args, const float *gradient, const float *scale,
                                  const float *rate, int8_t *weights, const uint16_t *stream,
                                  const uint32_t *counter);

/* counter[0] += args->count (1 for one step), modulo 2^32. */
void tinysdk_advance_counter(const tinysdk_count_args *args, uint32_t *counter);

/* As tinysdk_conv2d_weight_update_s8, by the rules above; e counts the elements of `weights`. */
void tinysdk_conv2d_weight_update_s8_r4(const tinysdk_conv2d_args *args, const float *gradient,
                                        const int8_t *saved, const uint16_t *order, const float *scale,
                                        const float *rate, int8_t *weights, uint8_t *residual);
void tinysdk_conv2d_weight_update_s8_stochastic(const tinysdk_conv2d_args *args, const float *gradient,
                                                const int8_t *saved, const uint16_t *order,
                                                const float *scale, const float *rate, int8_t *weights,
                                                const uint16_t *stream, const uint32_t *counter);

/* ---- exact rounding (host only: Kernels/Exact)
 * ----------------------------------------------------------------------------------- */

/* As their namesakes, with float64 scales: output = clamp(rint((sum + bias) * scales[o]) + output_zero), half
 * to even; the sum of products as above, the bias added in 64 bits and never saturated. The average pool
 * divides in float64 and rounds half to even. */
void tinysdk_conv2d_s8_exact(const tinysdk_conv2d_args *args, const int8_t *input, const int8_t *weights,
                             const int8_t *trained, const uint16_t *order, const int32_t *bias,
                             const double *scales, int8_t *output, uint8_t *mask);
void tinysdk_dense_s8_exact(const tinysdk_dense_args *args, const int8_t *input, const int8_t *weights,
                            const int8_t *trained, const uint16_t *order, const int32_t *bias,
                            const double *scales, int8_t *output, uint8_t *mask);
/* scales: input1, input2, output. output = clamp(rint(((x1 - z1) * s1 + (x2 - z2) * s2) / so) + zo). */
void tinysdk_add_s8_exact(const tinysdk_add_args *args, const int8_t *input1, const int8_t *input2,
                          const double *scales, int8_t *output, uint8_t *mask);
void tinysdk_average_pool2d_s8_exact(const tinysdk_pool2d_args *args, const int8_t *input, int8_t *output,
                                     uint8_t *mask);
void tinysdk_requantize_s8_exact(const tinysdk_requantize_args *args, const int8_t *input,
                                 const double *scale, int8_t *output, uint8_t *mask);

#ifdef __cplusplus
}
#endif

#include "tinysdk_integer_gradients.h"
#include "tinysdk_optimizers.h"

#endif
