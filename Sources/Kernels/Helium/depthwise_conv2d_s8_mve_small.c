#include "mve_lanes_s8.h"

#include "mve_columns.h"
#include "mve_meeting.h"

extern __typeof__(tinysdk_depthwise_conv2d_s8) tinysdk_depthwise_conv2d_s8_mve_small;
int32_t tinysdk_depthwise_conv2d_s8_mve_small_scratch(const tinysdk_conv2d_args *args);
int32_t tinysdk_depthwise_conv2d_s8_mve_small_instructions(const tinysdk_conv2d_args *args);

/* One output channel of an image of at most sixteen pixels; `weights` has a zero past the last. */
static __attribute__((noinline)) void sum_small(const int8_t *weights, const uint8_t *table,
                                                const int8_t *input, int32_t inputs, int32_t zero,
                                                int32_t outputs, int32_t *sums) {
  const int8x16_t pixels = vldrbq_z_s8(input, vctp8q((uint32_t)inputs));
  for (; outputs > 0; outputs--, table += TINYSDK_MVE_SMALL) {
    const int8x16_t own = vldrbq_gather_offset_s8(weights, vldrbq_u8(table));
    *sums++ = vmladavq_s8(own, pixels) - vaddvaq_s8(0, own) * zero;
  }
}

/* The outputs of some channels are written together, when all their inputs are read. */
void tinysdk_depthwise_conv2d_s8_mve_small(const tinysdk_conv2d_args *args, const int8_t *input,
                                           const int8_t *weights, const int8_t *trained,
                                           const uint16_t *order, const int32_t *bias,
                                           const tinysdk_requantization *requantization, int8_t *output,
                                           uint8_t *mask, void *scratch) {
  const int32_t channels = args->in_channels, taps = tinysdk_taps(args), outputs = tinysdk_out_plane(args);
  const int32_t inputs = tinysdk_in_plane(args);
  const tinysdk_mve_axis y = {args->out_height, args->in_height, args->kernel_height,
                              args->pad_top,    -args->stride_y, 1};
  const tinysdk_mve_axis x = {args->out_width, args->in_width,  args->kernel_width,
                              args->pad_left,  -args->stride_x, 1};
  tinysdk_mve_stage stage = tinysdk_mve_conv2d_stage(args);
  tinysdk_mve_sums sums = {.totals = {0}};
  tinysdk_mve_target to = {&stage, 0,   sums.sums[0], sums.totals, {.count = outputs, .plane = outputs},
                           output, mask};
  int8_t own[TINYSDK_MVE_TAPS] = {0};
  tinysdk_mve_meeting_places(&y, &x, scratch);
  for (int32_t b = 0; b < args->batch; b++) {
    tinysdk_split split = tinysdk_split_start(weights, trained, order, args->trained_channels, channels);
    for (int32_t c = 0, h = 0; c < channels; c++) {
      const tinysdk_place place = tinysdk_split_next(&split, c);
      tinysdk_mve_copy_weights(place.base + place.own * taps, taps, own);
      sum_small(own, scratch, input + (b * channels + c) * inputs, inputs, args->input_zero, outputs,
                sums.sums[h]);
      if (++h < TINYSDK_MVE_OUTPUTS && c + 1 < channels)
        continue;
      const int32_t first = c + 1 - h;
      to.block.first = (b * channels + first) * outputs;
      tinysdk_mve_write_channels(&to, bias ? bias + first : bias, requantization + first, h);
      h = 0;
    }
  }
}

int32_t tinysdk_depthwise_conv2d_s8_mve_small_scratch(const tinysdk_conv2d_args *args) {
  return tinysdk_out_plane(args) * TINYSDK_MVE_SMALL;
}

int32_t tinysdk_depthwise_conv2d_s8_mve_small_instructions(const tinysdk_conv2d_args *args) {
  const int32_t outputs = tinysdk_out_plane(args);
  if (args->weight_zero != 0 || args->out_channels != args->in_channels || args->dilation_y != 1 ||
      args->dilation_x != 1 || tinysdk_taps(args) >= TINYSDK_MVE_TAPS ||
      tinysdk_in_plane(args) > TINYSDK_MVE_SMALL || outputs > TINYSDK_MVE_PIXELS)
    return -1;
  return 2000 + outputs * 5 +
         args->batch * args->out_channels * (outputs * 8 + (outputs + 15) / 16 * 40 + 90);
}
