/* The input gradient of a 1x1 convolution, for integer gradients, in place; mve_mantissas_g16.h or
 * mve_mantissas_g8.h comes first. A block of pixels is copied into columns first, so that the outputs may
 * overwrite it; the weights of some input channels at a time are transposed to lie beside them. */
#ifndef TINYSDK_MVE_1X1_INTEGER_GRADIENT_H
#define TINYSDK_MVE_1X1_INTEGER_GRADIENT_H

#include "convolution.h"
#include "mve_columns.h"
#include "mve_narrow.h"

/* Input channels whose weights are transposed at a time. */
#define TINYSDK_MVE_ROWS 16

/* One of the two tensors of weights: its channels in ascending order. */
typedef struct {
  const int8_t *weights;
  const uint16_t *order; /* NULL: its channels are 0, 1, ... */
  int32_t count;
} tinysdk_mve_tensor;

/* How far the input gradient is written: image by image, all channels up to pixel `start`, and those of
 * `tensors` before `done` of number `tensor` up to pixel `end`. */
typedef struct {
  const tinysdk_conv2d_args *args;
  tinysdk_mve_tensor tensors[2];
  tinysdk_mve_narrowing narrowing;
  const int8_t *columns;
  int8_t *rows;
  int32_t image;
  int32_t start;
  int32_t end;
  int32_t tensor;
  int32_t done;
} tinysdk_mve_gradient_job;

/* Where the images grow, the last one goes first: in place, no output may reach an unread image. */
static inline int32_t tinysdk_mve_images_grow(const tinysdk_conv2d_args *args) {
  return args->in_channels > args->out_channels;
}

/* The weights of `channels` neighbouring input channels, [out][pitch], as rows of all outputs. */
static __attribute__((noinline)) void tinysdk_mve_transpose(const int8_t *weights, int32_t pitch,
                                                            int32_t outputs, int32_t channels, int8_t *rows) {
  uint16_t offsets[TINYSDK_MVE_ROWS];
  for (int32_t i = 0; i < TINYSDK_MVE_ROWS; i++)
    offsets[i] = (uint16_t)(i * outputs);
  const uint16x8_t low = vldrhq_u16(offsets), high = vldrhq_u16(offsets + 8);
  const mve_pred16_t first = vctp16q((uint32_t)channels);
  const mve_pred16_t second = vctp16q((uint32_t)tinysdk_max(channels - 8, 0));
  if (channels >= TINYSDK_MVE_ROWS)
    for (int32_t o = 0; o < outputs; o++, weights += pitch, rows++) {
      vstrbq_scatter_offset_s16(rows, low, vldrbq_s16(weights));
      vstrbq_scatter_offset_s16(rows, high, vldrbq_s16(weights + 8));
    }
  else
    for (int32_t o = 0; o < outputs; o++, weights += pitch, rows++) {
      vstrbq_scatter_offset_s16(rows, low, vldrbq_z_s16(weights, first));
      vstrbq_scatter_offset_s16(rows, high, vldrbq_z_s16(weights + 8, second));
    }
}

static inline int32_t tinysdk_mve_tensor_element(const tinysdk_mve_gradient_job *job, int32_t tensor,
                                                 int32_t k) {
  const uint16_t *const order = job->tensors[tensor].order;
  return (job->image * job->args->in_channels + (order ? order[k] : k)) * tinysdk_in_plane(job->args) +
         job->start;
}

/* Shifts all that is written on. */
static __attribute__((noinline)) void tinysdk_mve_shift_all(tinysdk_mve_gradient_job *job, int32_t shift) {
  const tinysdk_conv2d_args *const args = job->args;
  tinysdk_mve_narrowing *const narrowing = &job->narrowing;
  const int32_t plane = tinysdk_in_plane(args), size = args->in_channels * plane;
  const int32_t more = shift - narrowing->by.shift, width = job->end - job->start;
  if (tinysdk_mve_images_grow(args))
    tinysdk_mve_shift_written(narrowing, (job->image + 1) * size, args->batch * size, more);
  else
    tinysdk_mve_shift_written(narrowing, 0, job->image * size, more);
  if (job->start > 0)
    for (int32_t c = 0, e = job->image * size; c < args->in_channels; c++, e += plane)
      tinysdk_mve_shift_written(narrowing, e, e + job->start, more);
  for (int32_t t = 0; t <= job->tensor; t++)
    for (int32_t k = 0; k < (t < job->tensor ? job->tensors[t].count : job->done); k++) {
      const int32_t e = tinysdk_mve_tensor_element(job, t, k);
      tinysdk_mve_shift_written(narrowing, e, e + width, more);
    }
  tinysdk_mve_set_shift(narrowing, shift);
}

/* Writes the next channel's pixels of the block. */
static __attribute__((noinline)) void tinysdk_mve_narrow_pixels(tinysdk_mve_gradient_job *job,
                                                                const int32_t *sums) {
  const int32_t count = job->end - job->start;
  const int32_t first = tinysdk_mve_tensor_element(job, job->tensor, job->done);
  if (!tinysdk_mve_write_mantissas(&job->narrowing, sums, count, first)) {
    tinysdk_mve_shift_all(job, tinysdk_shift_for(&job->narrowing.by, sums, count, first));
    (void)tinysdk_mve_write_mantissas(&job->narrowing, sums, count, first);
  }
  job->done++;
}

/* All input channels of one tensor for a block of pixels. */
static inline void tinysdk_mve_multiply_tensor(tinysdk_mve_gradient_job *job) {
  const tinysdk_mve_tensor tensor = job->tensors[job->tensor];
  const int32_t outputs = job->args->out_channels, groups = (job->end - job->start + 3) >> 2;
  const int32_t step = tinysdk_mve_outputs_at_once(tinysdk_mve_blocks(outputs), groups);
  const int32_t at_once = TINYSDK_MVE_ROWS / step * step;
  tinysdk_mve_product product = {{0}, job->columns, outputs, groups};
  tinysdk_mve_sums sums;
  for (int32_t k = 0; k < tensor.count; k += at_once) {
    const int32_t channels = tinysdk_min(at_once, tensor.count - k);
    tinysdk_mve_transpose(tensor.weights + k, tensor.count, outputs, tensor.count - k, job->rows);
    for (int32_t h = 0; h < channels; h += step) {
      const int32_t together = tinysdk_min(step, channels - h);
      tinysdk_mve_set_weights(&product, job->rows + h * outputs, together);
      tinysdk_mve_multiply(&product, step, 1, &sums);
      for (int32_t j = 0; j < together; j++)
        tinysdk_mve_narrow_pixels(job, sums.sums[j]);
    }
  }
}

static inline int32_t tinysdk_mve_gradient_block(const tinysdk_conv2d_args *args) {
  return tinysdk_mve_pixels(tinysdk_mve_blocks(args->out_channels), tinysdk_in_plane(args));
}

static inline void tinysdk_mve_1x1_integer_gradient(const tinysdk_conv2d_args *args,
                                                    const tinysdk_gradient *gradient,
                                                    const int32_t *gradient_exponent, const int8_t *weights,
                                                    const int8_t *trained, const uint16_t *order,
                                                    tinysdk_gradient *input_gradient,
                                                    int32_t *input_gradient_exponent, void *scratch) {
  const int32_t plane = tinysdk_in_plane(args), learning = args->trained_channels;
  const int32_t pixels = tinysdk_mve_gradient_block(args), exponent = gradient_exponent[0];
  int8_t *const columns = scratch;
  tinysdk_mve_gradient_job job = {
      .args = args,
      .tensors = {{trained, order, learning},
                  {weights, order ? order + learning : NULL, args->in_channels - learning}},
      .narrowing = tinysdk_mve_narrow_start(input_gradient, TINYSDK_MANTISSA_BITS),
      .columns = columns,
      .rows = columns + tinysdk_mve_columns_bytes(args->out_channels, pixels)};
  for (int32_t i = 0; i < args->batch; i++) {
    job.image = tinysdk_mve_images_grow(args) ? args->batch - 1 - i : i;
    for (job.start = 0; job.start < plane; job.start += pixels) {
      job.end = tinysdk_min(job.start + pixels, plane);
      tinysdk_mve_load_columns(gradient + job.image * args->out_channels * plane + job.start, plane, NULL,
                               args->out_channels, job.end - job.start, columns);
      for (job.tensor = 0; job.tensor < 2; job.tensor++) {
        job.done = 0;
        tinysdk_mve_multiply_tensor(&job);
      }
    }
  }
  input_gradient_exponent[0] = exponent + job.narrowing.by.shift;
}

static inline int32_t tinysdk_mve_1x1_integer_bytes(const tinysdk_conv2d_args *args) {
  return tinysdk_mve_columns_bytes(args->out_channels, tinysdk_mve_gradient_block(args)) +
         TINYSDK_MVE_ROWS * args->out_channels;
}

static inline int32_t tinysdk_mve_1x1_integer_instructions(const tinysdk_conv2d_args *args) {
  if (args->weight_zero != 0 || args->out_channels > TINYSDK_MVE_CHANNELS)
    return -1;
  const int32_t plane = tinysdk_in_plane(args), pixels = tinysdk_mve_gradient_block(args);
  const int32_t blocks = (plane + pixels - 1) / pixels, sixteens = (plane + 15) / 16;
  const int32_t vectors = tinysdk_mve_blocks(args->out_channels);
  return args->batch * (sixteens * (args->out_channels * 8 + args->in_channels * (35 + 36 * vectors)) +
                        blocks * args->in_channels * (60 + args->out_channels / 2));
}

#endif
