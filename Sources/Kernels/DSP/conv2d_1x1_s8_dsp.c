#include "columns.h"
#include "instructions.h"

extern __typeof__(tinysdk_conv2d_1x1_s8) tinysdk_conv2d_1x1_s8_dsp;
extern __typeof__(tinysdk_conv2d_1x1_s8_scratch) tinysdk_conv2d_1x1_s8_dsp_scratch;
extern __typeof__(tinysdk_conv2d_1x1_s8_scratch) tinysdk_conv2d_1x1_s8_dsp_instructions;

void tinysdk_conv2d_1x1_s8_dsp(const tinysdk_conv2d_args *args, const int8_t *input, const int8_t *weights,
                               const int8_t *trained, const uint16_t *order, const int32_t *bias,
                               const tinysdk_requantization *requantization, int8_t *output, uint8_t *mask,
                               void *scratch) {
  const int32_t plane = tinysdk_in_plane(args), learning = args->trained_channels;
  const int32_t rest = args->in_channels - learning;
  tinysdk_channel *const channels = scratch;
  uint32_t *const columns = (uint32_t *)(channels + args->out_channels);
  const tinysdk_layer layer = {args, trained,        weights,  learning,           rest,
                               bias, requantization, channels, args->out_channels, output,
                               mask};
  tinysdk_prepare_channels(args, args->in_channels, bias, requantization, channels);
  for (int32_t i = 0; i < args->batch; i++) {
    /* Where the images grow, the last one goes first: in place, no output may reach an unread image. */
    const int32_t b = args->out_channels > args->in_channels ? args->batch - 1 - i : i;
    for (int32_t p = 0; p < plane; p += TINYSDK_PIXELS) {
      const int32_t count = tinysdk_min(TINYSDK_PIXELS, plane - p);
      const int8_t *const from = input + b * args->in_channels * plane + p;
      tinysdk_widen_planes(from, plane, order, learning, count, args->input_zero, columns);
      tinysdk_widen_planes(order ? from : from + learning * plane, plane, order ? order + learning : NULL,
                           rest, count, args->input_zero, columns + 8 * tinysdk_quads(learning));
      tinysdk_convolve_columns(&layer, columns, count, b * args->out_channels * plane + p, plane);
    }
  }
}

int32_t tinysdk_conv2d_1x1_s8_dsp_scratch(const tinysdk_conv2d_args *args) {
  return args->out_channels * (int32_t)sizeof(tinysdk_channel) +
         tinysdk_column_words(args->trained_channels, args->in_channels) * (int32_t)sizeof(uint32_t);
}

int32_t tinysdk_conv2d_1x1_s8_dsp_instructions(const tinysdk_conv2d_args *args) {
  if (!tinysdk_is_packable(args, args->in_channels))
    return -1;
  const int64_t blocks = (int64_t)args->batch * ((tinysdk_in_plane(args) + 3) / 4);
  return tinysdk_instruction_count(
      blocks * (args->in_channels * 7 + args->out_channels * (args->in_channels * 4 + 36) + 80) +
      args->out_channels * 24);
}
