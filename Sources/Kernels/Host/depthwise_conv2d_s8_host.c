#include "correlate.h"
#include "outputs.h"

extern __typeof__(tinysdk_depthwise_conv2d_s8) tinysdk_depthwise_conv2d_s8_host;
extern __typeof__(tinysdk_depthwise_conv2d_s8_scratch) tinysdk_depthwise_conv2d_s8_host_scratch,
    tinysdk_depthwise_conv2d_s8_host_instructions;

/* Floats hold these sums exactly: a product is at most 255 * 255, and so many of them stay below 2^24. */
#define TAPS 258

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

static int32_t part_size(const tinysdk_conv2d_args *args) {
  return part_width(args) * part_height(args);
}

static void load_row(const int8_t *restrict from, float *restrict to, int32_t count, int32_t stride,
                     int32_t zero) {
  if (stride == 1 && count == HOST_LANES)
    host_store_f32(to, __builtin_convertvector(host_widen_s8(from) - zero, host_f32));
  else if (stride == 1)
    for (int32_t x = 0; x < count; x++)
      to[x] = (float)(from[x] - zero);
  else if (stride == 2)
    for (int32_t x = 0; x < count; x++)
      to[x] = (float)(from[2 * x] - zero);
  else
    for (int32_t x = 0; x < count; x++)
      to[x] = (float)(from[x * stride] - zero);
}

/* Copies the plane out. The zeros around it stay from the first time. */
static void load_plane(const tinysdk_conv2d_args *args, const int8_t *input, float *parts) {
  const int32_t width = part_width(args), stride = args->stride_x;
  const tinysdk_range rows =
      tinysdk_positions_inside(0, part_height(args), 1, -args->pad_top, args->in_height);
  for (int32_t phase = 0; phase < stride; phase++) {
    const int32_t offset = phase - args->pad_left;
    const tinysdk_range columns = tinysdk_positions_inside(0, width, stride, offset, args->in_width);
    if (columns.first >= columns.end)
      continue;
    for (int32_t y = rows.first; y < rows.end; y++)
      load_row(input + (y - args->pad_top) * args->in_width + columns.first * stride + offset,
               parts + phase * part_size(args) + y * width + columns.first, columns.end - columns.first,
               stride, args->input_zero);
  }
}

static void find_offsets(const tinysdk_conv2d_args *args, int32_t *offsets) {
  for (int32_t ky = 0; ky < args->kernel_height; ky++)
    for (int32_t kx = 0; kx < args->kernel_width; kx++) {
      const int32_t x = kx * args->dilation_x;
      *offsets++ = x % args->stride_x * part_size(args) + ky * args->dilation_y * part_width(args) +
                   x / args->stride_x;
    }
}

/* Turns float sums into integers where they lie; whole vectors. */
static void to_integers(float *sums, int32_t count) {
  for (int32_t i = 0; i < count; i += HOST_LANES) {
    const host_s32 values = __builtin_convertvector(host_load_f32(sums + i), host_s32);
    memcpy(sums + i, &values, sizeof(values));
  }
}

/* Scratch: the parts of the padded plane, the sums of one output plane, the taps' offsets and weights. */
void tinysdk_depthwise_conv2d_s8_host(const tinysdk_conv2d_args *args, const int8_t *input,
                                      const int8_t *weights, const int8_t *trained, const uint16_t *order,
                                      const int32_t *bias, const tinysdk_requantization *requantization,
                                      int8_t *output, uint8_t *mask, void *scratch) {
  const int32_t channels = args->in_channels, multiplier = args->out_channels / channels;
  const int32_t out_plane = tinysdk_out_plane(args), taps = tinysdk_taps(args);
  const int32_t parts_size = args->stride_x * part_size(args);
  float *const parts = scratch, *const sums = parts + parts_size;
  float *const values = sums + host_round_up(out_plane, HOST_LANES);
  int32_t *const offsets = (int32_t *)(values + taps);
  const host_correlation job = {
      parts,           offsets, values, taps, part_width(args) * args->stride_y, args->out_height,
      args->out_width, sums};
  memset(parts, 0, sizeof(float) * (uint32_t)(parts_size + host_round_up(out_plane, HOST_LANES)));
  find_offsets(args, offsets);
  for (int32_t b = 0; b < args->batch; b++) {
    tinysdk_split split = tinysdk_split_start(weights, trained, order, args->trained_channels, channels);
    /* Ascending: in place, the outputs of a channel reach no later channel's input. */
    for (int32_t c = 0; c < channels; c++) {
      const tinysdk_place place = tinysdk_split_next(&split, c);
      load_plane(args, input + (b * channels + c) * tinysdk_in_plane(args), parts);
      for (int32_t j = 0; j < multiplier; j++) {
        const int32_t o = c * multiplier + j;
        const tinysdk_output_stage stage = tinysdk_conv2d_stage(args, bias ? bias[o] : 0, requantization[o]);
        for (int32_t t = 0; t < taps; t++)
          values[t] = (float)(place.base[(place.own * multiplier + j) * taps + t] - args->weight_zero);
        host_correlate(&job);
        to_integers(sums, out_plane);
        host_write_sums(&stage, (const int32_t *)sums, out_plane, (b * args->out_channels + o) * out_plane,
                        output, mask);
      }
    }
  }
}

int32_t tinysdk_depthwise_conv2d_s8_host_scratch(const tinysdk_conv2d_args *args) {
  const int32_t floats = args->stride_x * part_size(args) +
                         host_round_up(tinysdk_out_plane(args), HOST_LANES) + tinysdk_taps(args);
  return floats * (int32_t)sizeof(float) + tinysdk_taps(args) * (int32_t)sizeof(int32_t);
}

/* An eighth of an instruction for a product, and a few for an output. */
int32_t tinysdk_depthwise_conv2d_s8_host_instructions(const tinysdk_conv2d_args *args) {
  const int64_t outputs = (int64_t)args->batch * args->out_channels * tinysdk_out_plane(args);
  return tinysdk_taps(args) > TAPS ? -1 : host_instructions(outputs * (tinysdk_taps(args) / 8 + 5));
}
