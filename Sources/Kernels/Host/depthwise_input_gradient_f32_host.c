#include "gradient_planes.h"

extern __typeof__(tinysdk_depthwise_input_gradient_f32) tinysdk_depthwise_input_gradient_f32_host;
extern __typeof__(tinysdk_depthwise_input_gradient_f32_scratch)
    tinysdk_depthwise_input_gradient_f32_host_scratch,
    tinysdk_depthwise_input_gradient_f32_host_instructions;

/* About what stays in the first cache. */
#define BATCH_FLOATS 4096

/* Channels worked on at once: loads that follow too soon on the stores they read from would wait for them. */
static int32_t batch_size(const tinysdk_conv2d_args *args) {
  const int32_t floats = args->out_channels / args->in_channels * host_spread_size(args);
  return tinysdk_clamp(BATCH_FLOATS / floats, 1, args->in_channels);
}

/* The weights of `channels` channels, each channel's in its place whichever tensor holds them. */
static void load_weights(const tinysdk_conv2d_args *args, tinysdk_split *split, int32_t first,
                         int32_t channels, float *restrict values) {
  const int32_t count = args->out_channels / args->in_channels * tinysdk_taps(args);
  if (split->trained_count == 0) {
    host_widen_to_floats(split->frozen + first * count, channels * count, args->weight_zero, values);
    return;
  }
  for (int32_t c = 0; c < channels; c++) {
    const tinysdk_place place = tinysdk_split_next(split, first + c);
    host_widen_to_floats(place.base + place.own * count, count, args->weight_zero, values + c * count);
  }
}

/* Scratch: the padded gradients of a batch, the weights of a batch, one channel's offsets. In place (planes
 * of one size), a plane's gradient is copied before it is written. */
void tinysdk_depthwise_input_gradient_f32_host(const tinysdk_conv2d_args *args, const float *gradient,
                                               const int8_t *weights, const int8_t *trained,
                                               const uint16_t *order, float *input_gradient, void *scratch) {
  const int32_t channels = args->in_channels, multiplier = args->out_channels / channels;
  const int32_t taps = multiplier * tinysdk_taps(args), size = host_spread_size(args);
  const int32_t batch = batch_size(args);
  float *const planes = scratch, *const values = planes + batch * multiplier * size;
  int32_t *const offsets = (int32_t *)(values + batch * taps);
  host_correlation job = {
      planes,          offsets,        values, input_gradient,    taps, host_spread_width(args),
      args->in_height, args->in_width, batch,  multiplier * size, taps, tinysdk_in_plane(args)};
  const host_spreading spreading = host_spread(args);
  memset(planes, 0, sizeof(float) * (uint32_t)(batch * multiplier * size));
  host_gradient_offsets(args, offsets);
  for (int32_t b = 0; b < args->batch; b++) {
    tinysdk_split split = tinysdk_split_start(weights, trained, order, args->trained_channels, channels);
    for (int32_t c = 0; c < channels; c += batch) {
      job.planes = tinysdk_min(batch, channels - c);
      load_weights(args, &split, c, job.planes, values);
      for (int32_t o = 0; o < job.planes * multiplier; o++, gradient += tinysdk_out_plane(args))
        host_spread_plane(args, &spreading, gradient, planes + o * size);
      host_correlate(&job);
      job.output += job.planes * job.output_step;
    }
  }
}

int32_t tinysdk_depthwise_input_gradient_f32_host_scratch(const tinysdk_conv2d_args *args) {
  const int32_t multiplier = args->out_channels / args->in_channels, taps = multiplier * tinysdk_taps(args);
  return (batch_size(args) * (multiplier * host_spread_size(args) + taps) + taps) * (int32_t)sizeof(float);
}

int32_t tinysdk_depthwise_input_gradient_f32_host_instructions(const tinysdk_conv2d_args *args) {
  return host_gradient_planes_instructions(args);
}
