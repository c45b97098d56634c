#include "convolve.h"
#include "requantize.h"

static void convolve_plane(const tinysdk_conv2d_args *args, const int8_t *input, const int8_t *weights,
                           const int8_t *trained, const uint16_t *order, int32_t o, int32_t bias,
                           tinysdk_requantization scale, int32_t first, int8_t *output, uint8_t *mask) {
  const tinysdk_output_stage stage = tinysdk_conv2d_stage(args, bias, scale);
  int32_t sums[TINYSDK_BLOCK];
  for (int32_t oy = 0; oy < args->out_height; oy++) {
    for (int32_t x0 = 0; x0 < args->out_width; x0 += TINYSDK_BLOCK) {
      const int32_t count = tinysdk_min(TINYSDK_BLOCK, args->out_width - x0);
      tinysdk_convolve(args, input, weights, trained, order, o, oy, x0, count, sums);
      tinysdk_write_sums(&stage, sums, count, first + oy * args->out_width + x0, output, mask);
    }
  }
}

void tinysdk_conv2d_s8(const tinysdk_conv2d_args *args, const int8_t *input, const int8_t *weights,
                       const int8_t *trained, const uint16_t *order, const int32_t *bias,
                       const tinysdk_requantization *requantization, int8_t *output, uint8_t *mask,
                       void *scratch) {
  (void)scratch;
  const int32_t image = args->in_channels * tinysdk_in_plane(args);
  for (int32_t b = 0; b < args->batch; b++)
    for (int32_t o = 0; o < args->out_channels; o++)
      convolve_plane(args, input + b * image, weights, trained, order, o, bias ? bias[o] : 0,
                     requantization[o], (b * args->out_channels + o) * tinysdk_out_plane(args), output, mask);
}

int32_t tinysdk_conv2d_s8_scratch(const tinysdk_conv2d_args *args) {
  (void)args;
  return 0;
}
