#include "../Portable/convolution.h"
#include "../Portable/update.h"
#include "instructions.h"
#include "update_four.h"
#include "windows.h"

extern __typeof__(tinysdk_conv2d_weight_update_s8) tinysdk_conv2d_weight_update_s8_dsp;
int32_t tinysdk_conv2d_weight_update_s8_dsp_instructions(const tinysdk_conv2d_args *args);

/* Pixels turned to floats at a time, and the tiles of four outputs that then use them; where a single image
 * has no more than MOST_PIXELS, these are all turned to floats once. */
#define PIXELS 32
#define TILES 8
#define MOST_PIXELS 64

typedef struct {
  const tinysdk_conv2d_args *args;
  const float *gradient;
  const int8_t *saved;
  const float *scale;
  float rate;
  int32_t inputs; /* columns: the learning inputs, each with its taps */
  int8_t *weights;
  int8_t *residual;
} update_job;

/* `count` pixels of columns k ... k + 3, from pixel `first` on; past the last one, that one's again. */
static void load_windows(const update_job *job, const int8_t *saved, int32_t k, int32_t first, int32_t count,
                         float *values) {
  for (int32_t j = 0; j < 4; j++) {
    tinysdk_window_reader reader =
        tinysdk_read_column(job->args, saved, tinysdk_min(k + j, job->inputs - 1), first);
    for (int32_t p = 0; p < count; p++)
      values[4 * p + j] = (float)tinysdk_next_value(job->args, &reader);
  }
}

/* `count` pixels of planes k ... k + 3 without their zero point; past the last one, that one's again. */
static void load_values(const update_job *job, const int8_t *saved, int32_t k, int32_t count, float *values) {
  const int32_t plane = tinysdk_in_plane(job->args), zero = job->args->input_zero;
  for (int32_t j = 0; j < 4; j++) {
    const int8_t *const from = saved + tinysdk_min(k + j, job->inputs - 1) * plane;
    for (int32_t p = 0; p < count; p++)
      values[4 * p + j] = (float)(from[p] - zero);
  }
}

/* The sums of outputs o ... o + 3 go on by `count` pixels; past the last output, that one's again. */
static void add_pixels(const update_job *job, const float *gradient, int32_t o, const float *values,
                       int32_t count, float *sums) {
  const int32_t plane = tinysdk_out_plane(job->args), last = job->args->out_channels - 1;
  const float *from[4];
  if (o + 3 <= last) {
    from[0] = gradient + o * plane;
    from[1] = from[0] + plane;
    from[2] = from[1] + plane;
    from[3] = from[2] + plane;
  } else
    for (int32_t i = 0; i < 4; i++)
      from[i] = gradient + tinysdk_min(o + i, last) * plane;
  if (count > 1)
    tinysdk_weight_tile(from, values, count >> 1, sums);
  if (count & 1)
    for (int32_t i = 0; i < 16; i++)
      sums[i] = fmaf(from[i >> 2][count - 1], values[4 * (count - 1) + (i & 3)], sums[i]);
}

/* Weights k ... k + 3 of outputs o ... end - 1, with residuals. Not inlined: its caller has no registers to
 * spare. */
static __attribute__((noinline)) void move_fours(const update_job *job, int32_t o, int32_t end, int32_t k,
                                                 const float *sums) {
  const int32_t row = job->inputs;
  const float rate = job->rate, *scale = job->scale + o, *const last = job->scale + end;
  int8_t *weights = job->weights + o * row + k, *residual = job->residual + o * row + k;
  for (; scale < last; scale++, sums += 4, weights += row, residual += row)
    tinysdk_update_four(rate * scale[0], sums, weights, residual);
}

static void apply(const update_job *job, int32_t o, int32_t end, int32_t k, const float *sums) {
  const int32_t inputs = tinysdk_min(4, job->inputs - k);
  if (job->residual && inputs == 4) {
    move_fours(job, o, end, k, sums);
    return;
  }
  for (; o < end; o++, sums += 4)
    for (int32_t j = 0; j < inputs; j++)
      tinysdk_update_weight(job->rate * job->scale[o], sums[j], o * job->inputs + k + j, job->weights,
                            job->residual);
}

/* `count` pixels of image b, from pixel `first` on, of inputs k ... k + 3. */
static void load(const update_job *job, int32_t b, int32_t k, int32_t first, int32_t count, float *values) {
  const tinysdk_conv2d_args *const args = job->args;
  const int8_t *const saved = job->saved + b * (job->inputs / tinysdk_taps(args)) * tinysdk_in_plane(args);
  if (tinysdk_is_pointwise(args))
    load_values(job, saved + first, k, count, values);
  else
    load_windows(job, saved, k, first, count, values);
}

/* Inputs k ... k + 3 by at most TILES tiles of outputs from o on. */
static __attribute__((noinline)) void update_block(const update_job *job, int32_t o, int32_t k) {
  const tinysdk_conv2d_args *const args = job->args;
  const int32_t plane = tinysdk_out_plane(args), end = tinysdk_min(o + 4 * TILES, args->out_channels);
  float values[4 * PIXELS], sums[16 * TILES];
  memset(sums, 0, sizeof(sums));
  for (int32_t b = 0; b < args->batch; b++)
    for (int32_t p = 0; p < plane; p += PIXELS) {
      const int32_t count = tinysdk_min(PIXELS, plane - p);
      const float *const gradient = job->gradient + b * args->out_channels * plane + p;
      load(job, b, k, p, count, values);
      for (int32_t i = o; i < end; i += 4)
        add_pixels(job, gradient, i, values, count, sums + 4 * (i - o));
    }
  apply(job, o, end, k, sums);
}

/* Inputs k ... k + 3 by all outputs, of a single image of at most MOST_PIXELS. */
static __attribute__((noinline)) void update_small(const update_job *job, int32_t k) {
  const int32_t plane = tinysdk_out_plane(job->args), outputs = job->args->out_channels;
  float values[4 * MOST_PIXELS];
  load(job, 0, k, 0, plane, values);
  for (int32_t o = 0; o < outputs; o += 4) {
    float sums[16];
    tinysdk_clear_fours(sums, 4);
    add_pixels(job, job->gradient, o, values, plane, sums);
    apply(job, o, tinysdk_min(o + 4, outputs), k, sums);
  }
}

/* In the padding, a gradient that is not finite would make a sum that is not a number. */
static int32_t meets_padding(const tinysdk_conv2d_args *args, const float *gradient) {
  const int32_t bottom =
      (args->out_height - 1) * args->stride_y + (args->kernel_height - 1) * args->dilation_y;
  const int32_t right = (args->out_width - 1) * args->stride_x + (args->kernel_width - 1) * args->dilation_x;
  if (args->pad_top <= 0 && args->pad_left <= 0 && bottom - args->pad_top < args->in_height &&
      right - args->pad_left < args->in_width)
    return 0;
  const int32_t count = args->batch * args->out_channels * tinysdk_out_plane(args);
  for (int32_t i = 0; i < count; i++) {
    uint32_t bits;
    memcpy(&bits, gradient + i, sizeof(bits));
    if (bits << 1 >= 0xFF000000u)
      return 1;
  }
  return 0;
}

/* One weight: its products outside the padding. */
static float sum_slowly(const update_job *job, int32_t o, int32_t k) {
  const tinysdk_conv2d_args *const args = job->args;
  const int32_t plane = tinysdk_out_plane(args), image = job->inputs / tinysdk_taps(args);
  float sum = 0;
  for (int32_t b = 0; b < args->batch; b++) {
    const float *const gradient = job->gradient + (b * args->out_channels + o) * plane;
    tinysdk_window_reader reader =
        tinysdk_read_column(args, job->saved + b * image * tinysdk_in_plane(args), k, 0);
    for (int32_t p = 0; p < plane; p++) {
      const int32_t inside = tinysdk_is_inside(args, &reader);
      const float value = (float)tinysdk_next_value(args, &reader);
      sum = inside ? fmaf(gradient[p], value, sum) : sum;
    }
  }
  return sum;
}

static __attribute__((noinline)) void update_slowly(const update_job *job) {
  for (int32_t o = 0; o < job->args->out_channels; o++)
    for (int32_t k = 0; k < job->inputs; k++)
      tinysdk_update_weight(job->rate * job->scale[o], sum_slowly(job, o, k), o * job->inputs + k,
                            job->weights, job->residual);
}

void tinysdk_conv2d_weight_update_s8_dsp(const tinysdk_conv2d_args *args, const float *gradient,
                                         const int8_t *saved, const uint16_t *order, const float *scale,
                                         const float *rate, int8_t *weights, int8_t *residual) {
  (void)order;
  const int32_t inputs = tinysdk_learning_columns(args);
  const update_job job = {args, gradient, saved, scale, rate[0], inputs, weights, residual};
  if (meets_padding(args, gradient)) {
    update_slowly(&job);
    return;
  }
  if (args->batch == 1 && tinysdk_out_plane(args) <= MOST_PIXELS) {
    for (int32_t k = 0; k < inputs; k += 4)
      update_small(&job, k);
    return;
  }
  for (int32_t o = 0; o < args->out_channels; o += 4 * TILES)
    for (int32_t k = 0; k < inputs; k += 4)
      update_block(&job, o, k);
}

int32_t tinysdk_conv2d_weight_update_s8_dsp_instructions(const tinysdk_conv2d_args *args) {
  const int32_t plane = tinysdk_out_plane(args), pointwise = tinysdk_is_pointwise(args);
  if (args->groups != 1 || (pointwise && plane < 4))
    return -1;
  const int64_t quads = (tinysdk_learning_columns(args) + 3) / 4;
  const int64_t tiles = quads * ((args->out_channels + 3) / 4), pixels = (int64_t)args->batch * plane;
  return tinysdk_instruction_count(tiles * (pixels * 20 + (pixels + 31) / 32 * 40 + 16 * 22) +
                                   quads * ((args->out_channels + 31) / 32) * pixels * (pointwise ? 20 : 60));
}
