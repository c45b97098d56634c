#include "mve_lanes_s8.h"

#include "mve_fours.h"
#include "mve_strip.h"

extern __typeof__(tinysdk_conv2d_s8) tinysdk_conv2d_s8_mve;
int32_t tinysdk_conv2d_s8_mve_scratch(const tinysdk_conv2d_args *args);
int32_t tinysdk_conv2d_s8_mve_instructions(const tinysdk_conv2d_args *args);

/* Offsets within a plane are 16-bit lanes. */
#define LARGEST_PLANE 65535

/* Up to sixteen outputs of one row, whose inputs are collected tap by tap into columns. */
typedef struct {
  const int8_t *input; /* the group's first plane */
  int32_t y;           /* input row and column where the first output's window starts */
  int32_t x;
  int32_t count;
} strip;

/* What one tap of a strip reads, eight outputs at a time: offsets in the plane, and which lanes lie inside.
 */
typedef struct {
  uint16x8_t offset[2];
  mve_pred16_t inside[2];
} strip_tap;

static inline strip_tap tap_at(const tinysdk_conv2d_args *args, const strip *at, int32_t tap,
                               const uint16_t *steps) {
  const int32_t y = at->y + tap / args->kernel_width * args->dilation_y;
  const int32_t x = at->x + tap % args->kernel_width * args->dilation_x;
  const tinysdk_range range = tinysdk_positions_inside(0, at->count, args->stride_x, x, args->in_width);
  const int32_t end = y >= 0 && y < args->in_height ? range.end : 0;
  const uint16_t start = (uint16_t)(y * args->in_width + x);
  const strip_tap result = {
      {vaddq_n_u16(vldrhq_u16(steps), start), vaddq_n_u16(vldrhq_u16(steps + 8), start)},
      {tinysdk_mve_lanes_between(range.first, end), tinysdk_mve_lanes_between(range.first - 8, end - 8)}};
  return result;
}

/* The columns of one tensor for one strip; what lies outside the image reads as the zero point. */
static __attribute__((noinline)) void collect(const tinysdk_conv2d_args *args, const strip *at,
                                              const uint16_t *order, int32_t channels, int8_t *columns) {
  const int32_t taps = tinysdk_taps(args), plane = tinysdk_in_plane(args);
  const tinysdk_mve_spread spread = tinysdk_mve_spread_over(channels * taps);
  const int16x8_t zero = vdupq_n_s16((int16_t)args->input_zero);
  uint16_t steps[16];
  for (int32_t i = 0; i < 16; i++)
    steps[i] = (uint16_t)(args->stride_x * i);
  for (int32_t t = 0; t < taps; t++) {
    const strip_tap tap = tap_at(args, at, t, steps);
    for (int32_t k = 0, position = t; k < channels; k++, position += taps) {
      const int8_t *const from = at->input + (order ? order[k] : k) * plane;
      int8_t *const column = tinysdk_mve_column(columns, position);
      const int16x8_t low = vldrbq_gather_offset_z_s16(from, tap.offset[0], tap.inside[0]);
      const int16x8_t high = vldrbq_gather_offset_z_s16(from, tap.offset[1], tap.inside[1]);
      vstrbq_scatter_offset_s16(column, spread.low, vpselq_s16(low, zero, tap.inside[0]));
      vstrbq_scatter_offset_s16(column, spread.high, vpselq_s16(high, zero, tap.inside[1]));
    }
  }
}

/* The two tensors' positions (channels times taps). */
typedef struct {
  int32_t channels; /* of a group */
  int32_t learning;
  int32_t trained;
  int32_t frozen;
  int32_t pixels;
  int32_t row; /* outputs that follow each other without a gap between strips */
} conv_job;

static conv_job job_of(const tinysdk_conv2d_args *args) {
  const int32_t taps = tinysdk_taps(args), channels = args->in_channels / args->groups;
  conv_job job = {.channels = channels,
                  .learning = args->trained_channels,
                  .trained = args->trained_channels * taps,
                  .frozen = (channels - args->trained_channels) * taps};
  /* Rows of whole strips run on into each other. */
  job.row = args->out_width % 16 == 0 ? tinysdk_out_plane(args) : args->out_width;
  job.pixels = tinysdk_mve_pixels(tinysdk_mve_vectors(job.trained, job.frozen), job.row);
  return job;
}

/* All strips of a block that starts at output `first` of a plane. */
static void collect_block(const tinysdk_conv2d_args *args, const conv_job *job, const int8_t *input,
                          const uint16_t *order, int32_t first, int32_t count, int8_t *columns) {
  int8_t *const frozen = columns + tinysdk_mve_columns_bytes(job->trained, job->pixels);
  for (int32_t p = 0; p < count; p += 16) {
    const int32_t y = (first + p) / args->out_width, x = (first + p) % args->out_width;
    const strip at = {input, y * args->stride_y - args->pad_top, x * args->stride_x - args->pad_left,
                      tinysdk_min(16, count - p)};
    if (job->trained > 0)
      collect(args, &at, order, job->learning, columns + tinysdk_mve_columns_bytes(job->trained, p));
    if (job->frozen > 0)
      collect(args, &at, order ? order + job->learning : NULL, job->channels - job->learning,
              frozen + tinysdk_mve_columns_bytes(job->frozen, p));
  }
}

/* The output planes of one group of one image; `image` is their first element. */
static void convolve_group(const tinysdk_conv2d_args *args, const conv_job *job, tinysdk_mve_stage *stage,
                           const int8_t *input, tinysdk_mve_weights weights, const uint16_t *order,
                           const int32_t *bias, const tinysdk_requantization *requantization, int32_t image,
                           int8_t *output, uint8_t *mask, int8_t *columns) {
  const int32_t plane = tinysdk_out_plane(args), outputs = args->out_channels / args->groups;
  for (int32_t start = 0; start < plane; start += job->row) {
    for (int32_t p = 0; p < job->row; p += job->pixels) {
      const tinysdk_mve_block block = {columns, job->pixels, tinysdk_min(job->pixels, job->row - p),
                                       image + start + p, plane};
      collect_block(args, job, input, order, start + p, block.count, columns);
      tinysdk_mve_convolve_shortly(stage, args->input_zero, block, weights, bias, requantization, outputs,
                                   output, mask);
    }
  }
}

void tinysdk_conv2d_s8_mve(const tinysdk_conv2d_args *args, const int8_t *input, const int8_t *weights,
                           const int8_t *trained, const uint16_t *order, const int32_t *bias,
                           const tinysdk_requantization *requantization, int8_t *output, uint8_t *mask,
                           void *scratch) {
  const conv_job job = job_of(args);
  const int32_t outputs = args->out_channels / args->groups;
  tinysdk_mve_stage stage = tinysdk_mve_conv2d_stage(args);
  for (int32_t b = 0; b < args->batch; b++) {
    for (int32_t g = 0; g < args->groups; g++) {
      const int32_t o = g * outputs, image = (b * args->out_channels + o) * tinysdk_out_plane(args);
      const tinysdk_mve_weights both = {job.trained ? trained + o * job.trained : trained,
                                        job.frozen ? weights + o * job.frozen : weights, job.trained,
                                        job.frozen};
      const int8_t *const planes =
          input + (b * args->in_channels + g * job.channels) * tinysdk_in_plane(args);
      convolve_group(args, &job, &stage, planes, both, order, bias ? bias + o : NULL, requantization + o,
                     image, output, mask, scratch);
    }
  }
}

int32_t tinysdk_conv2d_s8_mve_scratch(const tinysdk_conv2d_args *args) {
  const conv_job job = job_of(args);
  return tinysdk_mve_vectors(job.trained, job.frozen) * 16 * job.pixels;
}

int32_t tinysdk_conv2d_s8_mve_instructions(const tinysdk_conv2d_args *args) {
  const int32_t positions = args->in_channels / args->groups * tinysdk_taps(args);
  if (args->weight_zero != 0 || positions > TINYSDK_MVE_CHANNELS || tinysdk_in_plane(args) > LARGEST_PLANE ||
      args->stride_x > 16)
    return -1;
  const conv_job job = job_of(args);
  const int32_t vectors = tinysdk_mve_vectors(job.trained, job.frozen);
  const int32_t rows = tinysdk_out_plane(args) / job.row;
  const int32_t sixteens = rows * ((job.row + 15) / 16),
                blocks = rows * ((job.row + job.pixels - 1) / job.pixels);
  const int32_t gathered = sixteens * args->groups * positions * 40, outputs = args->out_channels;
  if (tinysdk_mve_goes_by_fours(job.trained, job.frozen))
    return args->batch *
           (gathered + sixteens * outputs * (75 + 28 * vectors) + blocks * outputs * (40 + 3 * vectors));
  return args->batch *
         (gathered + sixteens * outputs * (60 + 34 * vectors) + blocks * outputs * (120 + 4 * vectors));
}
