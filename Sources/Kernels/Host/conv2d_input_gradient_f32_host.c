#include "gradient_planes.h"

extern __typeof__(tinysdk_conv2d_input_gradient_f32) tinysdk_conv2d_input_gradient_f32_host;
extern __typeof__(tinysdk_conv2d_input_gradient_f32_scratch) tinysdk_conv2d_input_gradient_f32_host_scratch,
    tinysdk_conv2d_input_gradient_f32_host_instructions;

/* One input channel's weights for each output channel of its group. */
static void load_weights(const tinysdk_conv2d_args *args, tinysdk_place place, int32_t group, float *values) {
  const int32_t outputs = args->out_channels / args->groups, taps = tinysdk_taps(args);
  for (int32_t o = 0; o < outputs; o++)
    host_widen_to_floats(place.base + ((group * outputs + o) * place.count + place.own) * taps, taps,
                         args->weight_zero, values + o * taps);
}

/* Scratch: the padded gradients of one group, one input channel's weights, their offsets. */
void tinysdk_conv2d_input_gradient_f32_host(const tinysdk_conv2d_args *args, const float *gradient,
                                            const int8_t *weights, const int8_t *trained,
                                            const uint16_t *order, float *input_gradient, void *scratch) {
  const int32_t channels = args->in_channels / args->groups, outputs = args->out_channels / args->groups;
  const int32_t taps = outputs * tinysdk_taps(args), size = host_spread_size(args);
  float *const planes = scratch, *const values = planes + outputs * size;
  int32_t *const offsets = (int32_t *)(values + taps);
  host_correlation job = {.source = planes,
                          .offsets = offsets,
                          .weights = values,
                          .output = input_gradient,
                          .taps = taps,
                          .pitch = host_spread_width(args),
                          .rows = args->in_height,
                          .columns = args->in_width,
                          .planes = 1};
  const host_spreading spreading = host_spread(args);
  memset(planes, 0, sizeof(float) * (uint32_t)(outputs * size));
  host_gradient_offsets(args, offsets);
  for (int32_t image = 0; image < args->batch * args->groups; image++) {
    tinysdk_split split = tinysdk_split_start(weights, trained, order, args->trained_channels, channels);
    for (int32_t o = 0; o < outputs; o++, gradient += tinysdk_out_plane(args))
      host_spread_plane(args, &spreading, gradient, planes + o * size);
    for (int32_t c = 0; c < channels; c++, job.output += tinysdk_in_plane(args)) {
      load_weights(args, tinysdk_split_next(&split, c), image % args->groups, values);
      host_correlate(&job);
    }
  }
}

int32_t tinysdk_conv2d_input_gradient_f32_host_scratch(const tinysdk_conv2d_args *args) {
  return args->out_channels / args->groups * (host_spread_size(args) + 2 * tinysdk_taps(args)) *
         (int32_t)sizeof(float);
}

int32_t tinysdk_conv2d_input_gradient_f32_host_instructions(const tinysdk_conv2d_args *args) {
  return host_gradient_planes_instructions(args);
}
