#include "depthwise_rows.h"
#include "instructions.h"

extern __typeof__(tinysdk_depthwise_conv2d_s8) tinysdk_depthwise_conv2d_s8_dsp;
extern __typeof__(tinysdk_depthwise_conv2d_s8_scratch) tinysdk_depthwise_conv2d_s8_dsp_scratch;
extern __typeof__(tinysdk_depthwise_conv2d_s8_scratch) tinysdk_depthwise_conv2d_s8_dsp_instructions;

static void convolve_plane(tinysdk_depthwise_plane *plane) {
  const int32_t width = plane->args->kernel_width, stride = plane->args->stride_x;
  if (width == 3 && stride == 1)
    tinysdk_convolve_rows(plane, 3, 1);
  else if (width == 3)
    tinysdk_convolve_rows(plane, 3, 2);
  else if (width == 5 && stride == 1)
    tinysdk_convolve_rows(plane, 5, 1);
  else if (width == 5)
    tinysdk_convolve_rows(plane, 5, 2);
  else if (stride == 1)
    tinysdk_convolve_rows(plane, 7, 1);
  else
    tinysdk_convolve_rows(plane, 7, 2);
}

void tinysdk_depthwise_conv2d_s8_dsp(const tinysdk_conv2d_args *args, const int8_t *input,
                                     const int8_t *weights, const int8_t *trained, const uint16_t *order,
                                     const int32_t *bias, const tinysdk_requantization *requantization,
                                     int8_t *output, uint8_t *mask, void *scratch) {
  const int32_t taps = tinysdk_taps(args);
  memset(scratch, 0, (uint32_t)tinysdk_depthwise_conv2d_s8_dsp_scratch(args));
  for (int32_t b = 0; b < args->batch; b++) {
    tinysdk_split split =
        tinysdk_split_start(weights, trained, order, args->trained_channels, args->in_channels);
    for (int32_t c = 0; c < args->in_channels; c++) {
      const tinysdk_place place = tinysdk_split_next(&split, c);
      const int32_t o = b * args->in_channels + c, own = bias ? bias[c] : 0;
      tinysdk_depthwise_plane plane;
      plane.args = args;
      plane.input = input + o * tinysdk_in_plane(args);
      plane.ring = scratch;
      plane.loaded = 0;
      plane.stage = tinysdk_conv2d_stage(args, own, requantization[c]);
      plane.channel =
          tinysdk_channel_of(own, requantization[c], args->rounding, args->output_zero, taps * 255 * 128, 0);
      plane.way = plane.channel.right >= 0 && tinysdk_is_plain(args->clamp_min, args->clamp_max, mask)
                      ? args->rounding
                      : TINYSDK_WAY_SLOW;
      plane.first = o * tinysdk_out_plane(args);
      plane.output = output;
      plane.mask = mask;
      tinysdk_pair_weights(place.base + place.own * taps, args->kernel_height, args->kernel_width,
                           plane.weights);
      convolve_plane(&plane);
    }
  }
}

int32_t tinysdk_depthwise_conv2d_s8_dsp_scratch(const tinysdk_conv2d_args *args) {
  return (args->kernel_height + 1) * tinysdk_row_words(args) * (int32_t)sizeof(uint32_t);
}

int32_t tinysdk_depthwise_conv2d_s8_dsp_instructions(const tinysdk_conv2d_args *args) {
  const int32_t width = args->kernel_width, height = args->kernel_height, stride = args->stride_x;
  /* In place, a row of outputs must not reach rows that are still to be read. */
  if (args->weight_zero != 0 || args->out_channels != args->in_channels || args->dilation_x != 1 ||
      args->dilation_y != 1 || (width != 3 && width != 5 && width != 7) || height != width ||
      (stride != 1 && stride != 2) || args->out_width > args->in_width || args->pad_top >= height)
    return -1;
  const int64_t planes = (int64_t)args->batch * args->in_channels;
  const int64_t outputs = planes * tinysdk_out_plane(args), inputs = planes * tinysdk_in_plane(args);
  return tinysdk_instruction_count(outputs * (height * (width / 2 + 3) + 10) + inputs * 3 +
                                   planes * (100 + 5 * tinysdk_taps(args)));
}
