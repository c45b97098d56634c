/* What the assembly of dense_blocks_arm.h computes. */
#ifndef TINYSDK_DSP_DENSE_BLOCKS_HOST_H
#define TINYSDK_DSP_DENSE_BLOCKS_HOST_H

#include <math.h>

static inline void tinysdk_dense_some_rows(const float *input, const float *weights, int32_t stride,
                                           int32_t blocks, int32_t rows, float *sums) {
  for (int32_t i = 0; i < 8 * blocks; i++)
    for (int32_t row = 0; row < rows; row++)
      sums[row] = fmaf(weights[row * stride + i], input[i], sums[row]);
}

/* The sums of eight outputs go on by 8 * blocks inputs each; `stride` floats from one row to the next. */
static inline void tinysdk_dense_eight_rows(const float *input, const float *weights, int32_t stride,
                                            int32_t blocks, float sums[8]) {
  tinysdk_dense_some_rows(input, weights, stride, blocks, 8, sums);
}

/* The same of two outputs. */
static inline void tinysdk_dense_two_rows(const float *input, const float *weights, int32_t stride,
                                          int32_t blocks, float sums[2]) {
  tinysdk_dense_some_rows(input, weights, stride, blocks, 2, sums);
}

/* The sums of eight inputs' gradients over all outputs, from 0. */
static inline void tinysdk_dense_eight_columns(const float *gradient, const float *weights, int32_t stride,
                                               int32_t outputs, float sums[8]) {
  for (int32_t i = 0; i < 8; i++)
    sums[i] = 0;
  for (int32_t o = 0; o < outputs; o++)
    for (int32_t i = 0; i < 8; i++)
      sums[i] = fmaf(weights[o * stride + i], gradient[o], sums[i]);
}

/* One output's weights take a step along gradient * input. */
static inline void tinysdk_dense_move_row(const float *input, int32_t blocks, float gradient, float step,
                                          float *weights) {
  for (int32_t i = 0; i < 8 * blocks; i++)
    weights[i] = fmaf(step, fmaf(gradient, input[i], 0.0f), weights[i]);
}

/* The weights from eight inputs take such a step, and leave the gradients of what lies before the Relu that
 * the inputs are the outputs of. */
static inline void tinysdk_dense_move_columns(const float *gradient, const float *input, int32_t stride,
                                              int32_t outputs, float step, float *weights,
                                              float *input_gradient) {
  float sums[8] = {0};
  for (int32_t o = 0; o < outputs; o++, weights += stride)
    for (int32_t i = 0; i < 8; i++) {
      sums[i] = fmaf(weights[i], gradient[o], sums[i]);
      weights[i] = fmaf(step, fmaf(gradient[o], input[i], 0.0f), weights[i]);
    }
  for (int32_t i = 0; i < 8; i++)
    input_gradient[i] = input[i] > 0 ? sums[i] : 0.0f;
}

#endif
