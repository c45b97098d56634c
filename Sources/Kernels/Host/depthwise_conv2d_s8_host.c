#include "correlate.h"
#include "outputs.h"

extern __typeof__(tinysdk_depthwise_conv2d_s8) tinysdk_depthwise_conv2d_s8_host;
extern __typeof__(tinysdk_depthwise_conv2d_s8_scratch) tinysdk_depthwise_conv2d_s8_host_scratch,
    tinysdk_depthwise_conv2d_s8_host_instructions;

/* Floats hold these sums exactly: a product is at most 255 * 255, and so many of them stay below 2^24. */
#define TAPS 258

/* About what stays in the first cache. */
#define BATCH_FLOATS 4096

/* The padded input plane, one part per column modulo the stride, so that neighbouring outputs read
 * neighbouring floats. Tiles that reach past the last output are included. */
static int32_t part_width(const tinysdk_conv2d_args *args) {
  const int32_t last = (args->kernel_width - 1) * args->dilation_x / args->stride_x;
  return host_round_up(args->out_width, HOST_LANES) + last;
}

static int32_t part_height(const tinysdk_conv2d_args *args) {
  const int32_t rows = host_round_up(args->out_height, HOST_TILE_ROWS) - 1;
  return rows * args->stride_y + (args->kernel_height - 1) * args->dilation_y + 1;
}

/* Everything that depends on the arguments alone. */
typedef struct {
  const tinysdk_conv2d_args *args;
  int32_t width; /* of a part */
  int32_t part;  /* floats of a part */
  int32_t parts; /* floats of a plane's parts */
  int32_t sums;  /* floats of an output plane, in whole vectors */
  int32_t batch; /* channels worked on at once */
  tinysdk_range rows;
} layer_plan;

/* Several channels go through each step together: loads that follow too soon on the stores they read from
 * would wait for them. */
static layer_plan plan_layer(const tinysdk_conv2d_args *args) {
  layer_plan plan = {.args = args, .width = part_width(args), .part = part_width(args) * part_height(args)};
  plan.parts = plan.part * args->stride_x;
  plan.sums = host_round_up(tinysdk_out_plane(args), HOST_LANES);
  plan.batch = tinysdk_clamp(BATCH_FLOATS / (plan.parts + plan.sums), 1, args->in_channels);
  plan.rows = tinysdk_positions_inside(0, part_height(args), 1, -args->pad_top, args->in_height);
  return plan;
}

/* Every second byte, eight at a time where sixteen are `readable`. */
HOST_INLINE void load_second(const int8_t *restrict from, float *restrict to, int32_t count, int32_t zero,
                             int32_t readable) {
  int32_t x = 0;
  for (; x + HOST_LANES <= count && 2 * (x + HOST_LANES) <= readable; x += HOST_LANES)
    host_store_f32(to + x, __builtin_convertvector(host_widen_even_s8(from + 2 * x) - zero, host_f32));
  for (; x < count; x++)
    to[x] = (float)(from[2 * x] - zero);
}

HOST_INLINE void load_row(const int8_t *restrict from, float *restrict to, int32_t count, int32_t stride,
                          int32_t zero) {
  if (stride == 1)
    for (int32_t x = 0; x < count; x++)
      to[x] = (float)(from[x] - zero);
  else if (stride == 2)
    for (int32_t x = 0; x < count; x++)
      to[x] = (float)(from[2 * x] - zero);
  else
    for (int32_t x = 0; x < count; x++)
      to[x] = (float)(from[x * stride] - zero);
}

/* One part of a plane. `count` and `stride` are constants where this is inlined for the usual layers. */
HOST_INLINE void load_rows(const layer_plan *plan, const int8_t *input, int32_t count, int32_t stride,
                           float *part) {
  const tinysdk_conv2d_args *const args = plan->args;
  for (int32_t y = plan->rows.first; y < plan->rows.end; y++)
    load_row(input + (y - args->pad_top) * args->in_width, part + y * plan->width, count, stride,
             args->input_zero);
}

/* The same for stride 2; `readable` bytes of the plane follow. */
HOST_OUTLINE void load_second_columns(const layer_plan *plan, const int8_t *input, int32_t count,
                                      int32_t readable, float *part) {
  const tinysdk_conv2d_args *const args = plan->args;
  for (int32_t y = plan->rows.first; y < plan->rows.end; y++) {
    const int32_t row = (y - args->pad_top) * args->in_width;
    load_second(input + row, part + y * plan->width, count, args->input_zero, readable - row);
  }
}

/* Copies a plane out. The zeros around it stay from the first time. */
static void load_plane(const layer_plan *plan, const int8_t *input, float *parts) {
  const tinysdk_conv2d_args *const args = plan->args;
  const int32_t stride = args->stride_x;
  for (int32_t phase = 0; phase < stride; phase++) {
    const int32_t offset = phase - args->pad_left;
    const tinysdk_range columns = tinysdk_positions_inside(0, plan->width, stride, offset, args->in_width);
    const int32_t count = columns.end - columns.first;
    const int8_t *const from = input + columns.first * stride + offset;
    float *const to = parts + phase * plan->part + columns.first;
    if (stride == 1 && count == 16)
      load_rows(plan, from, 16, 1, to);
    else if (stride == 1 && count == 8)
      load_rows(plan, from, 8, 1, to);
    else if (stride == 1 && count == 4)
      load_rows(plan, from, 4, 1, to);
    else if (stride == 2 && count == 4)
      load_rows(plan, from, 4, 2, to);
    else if (stride == 2 && count >= HOST_LANES)
      load_second_columns(plan, from, count, tinysdk_in_plane(args) - (int32_t)(from - input), to);
    else if (count > 0)
      load_rows(plan, from, count, stride, to);
  }
}

static void find_offsets(const layer_plan *plan, int32_t *offsets) {
  const tinysdk_conv2d_args *const args = plan->args;
  for (int32_t ky = 0; ky < args->kernel_height; ky++)
    for (int32_t kx = 0; kx < args->kernel_width; kx++) {
      const int32_t x = kx * args->dilation_x;
      *offsets++ = x % args->stride_x * plan->part + ky * args->dilation_y * plan->width + x / args->stride_x;
    }
}

/* The weights of all output channels, each channel's in its place whichever tensor holds them. */
static void load_weights(const tinysdk_conv2d_args *args, tinysdk_split split, float *values) {
  const int32_t count = args->out_channels / args->in_channels * tinysdk_taps(args);
  if (split.trained_count == 0) {
    host_widen_to_floats(split.frozen, args->in_channels * count, args->weight_zero, values);
    return;
  }
  for (int32_t c = 0; c < args->in_channels; c++) {
    const tinysdk_place place = tinysdk_split_next(&split, c);
    host_widen_to_floats(place.base + place.own * count, count, args->weight_zero, values + c * count);
  }
}

/* Turns float sums into integers where they lie; whole vectors. */
static void to_integers(float *sums, int32_t count) {
  for (int32_t i = 0; i < count; i += HOST_LANES) {
    const host_s32 values = __builtin_convertvector(host_load_f32(sums + i), host_s32);
    memcpy(sums + i, &values, sizeof(values));
  }
}

/* Scratch: weights and offsets of the taps, then for each channel of a batch its parts, then its sums. */
typedef struct {
  float *weights;
  int32_t *offsets;
  float *parts;
  float *sums;
} layer_room;

static layer_room rooms(const layer_plan *plan, void *scratch) {
  layer_room room = {.weights = scratch};
  room.offsets = (int32_t *)(room.weights + plan->args->out_channels * tinysdk_taps(plan->args));
  room.parts = (float *)(room.offsets + tinysdk_taps(plan->args));
  room.sums = room.parts + plan->batch * plan->parts;
  return room;
}

/* The sums of `channels` channels from `first` on, whose parts have been loaded. */
static void correlate_batch(const layer_plan *plan, const layer_room *room, int32_t first, int32_t channels) {
  const tinysdk_conv2d_args *const args = plan->args;
  const int32_t multiplier = args->out_channels / args->in_channels, taps = tinysdk_taps(args);
  for (int32_t j = 0; j < multiplier; j++) {
    const host_correlation job = {room->parts,
                                  room->offsets,
                                  room->weights + (first * multiplier + j) * taps,
                                  room->sums + j * plan->sums,
                                  taps,
                                  plan->width * args->stride_y,
                                  args->out_height,
                                  args->out_width,
                                  channels,
                                  plan->parts,
                                  multiplier * taps,
                                  multiplier * plan->sums};
    host_correlate(&job);
  }
}

void tinysdk_depthwise_conv2d_s8_host(const tinysdk_conv2d_args *args, const int8_t *input,
                                      const int8_t *weights, const int8_t *trained, const uint16_t *order,
                                      const int32_t *bias, const tinysdk_requantization *requantization,
                                      int8_t *output, uint8_t *mask, void *scratch) {
  const int32_t channels = args->in_channels, multiplier = args->out_channels / channels;
  const int32_t out_plane = tinysdk_out_plane(args);
  const layer_plan plan = plan_layer(args);
  const layer_room room = rooms(&plan, scratch);
  load_weights(args, tinysdk_split_start(weights, trained, order, args->trained_channels, channels),
               room.weights);
  find_offsets(&plan, room.offsets);
  memset(room.parts, 0, sizeof(float) * (uint32_t)(plan.batch * (plan.parts + plan.sums * multiplier)));
  for (int32_t i = 0, count; i < args->batch * channels; i += count) {
    /* Ascending: in place, the outputs of a channel reach no later channel's input. */
    count = tinysdk_min(plan.batch, channels - i % channels);
    for (int32_t c = 0; c < count; c++)
      load_plane(&plan, input + (i + c) * tinysdk_in_plane(args), room.parts + c * plan.parts);
    correlate_batch(&plan, &room, i % channels, count);
    to_integers(room.sums, count * multiplier * plan.sums);
    for (int32_t j = 0; j < count * multiplier; j++) {
      const int32_t o = i % channels * multiplier + j;
      const tinysdk_output_stage stage = tinysdk_conv2d_stage(args, bias ? bias[o] : 0, requantization[o]);
      host_write_sums(&stage, (const int32_t *)(room.sums + j * plan.sums), out_plane,
                      (i * multiplier + j) * out_plane, output, mask);
    }
  }
}

int32_t tinysdk_depthwise_conv2d_s8_host_scratch(const tinysdk_conv2d_args *args) {
  const layer_plan plan = plan_layer(args);
  const int32_t multiplier = args->out_channels / args->in_channels;
  return ((args->out_channels + 1) * tinysdk_taps(args) +
          plan.batch * (plan.parts + plan.sums * multiplier)) *
         (int32_t)sizeof(float);
}

/* An eighth of an instruction for a product, and a few for an output. */
int32_t tinysdk_depthwise_conv2d_s8_host_instructions(const tinysdk_conv2d_args *args) {
  const int64_t outputs = (int64_t)args->batch * args->out_channels * tinysdk_out_plane(args);
  return tinysdk_taps(args) > TAPS ? -1 : host_instructions(outputs * (tinysdk_taps(args) / 8 + 5));
}
