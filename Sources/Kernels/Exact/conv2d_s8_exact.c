#include "convolve.h"
#include "exact.h"

static void convolve_plane(const tinysdk_conv2d_args *args, const int8_t *input, const int8_t *weights,
                           const int8_t *trained, const uint16_t *order, int32_t o, int32_t bias,
                           double scale, int32_t first, int8_t *output, uint8_t *mask) {
  int32_t sums[TINYSDK_BLOCK];
  for (int32_t oy = 0; oy < args->out_height; oy++) {
    for (int32_t x0 = 0; x0 < args->out_width; x0 += TINYSDK_BLOCK) {
      const int32_t count = tinysdk_min(TINYSDK_BLOCK, args->out_width - x0);
      tinysdk_convolve(args, input, weights, trained, order, o, oy, x0, count, sums);
      for (int32_t i = 0; i < count; i++)
        sums[i] = tinysdk_scale_exactly(sums[i], bias, scale, args->output_zero);
      tinysdk_write_outputs(sums, count, args->clamp_min, args->clamp_max, first + oy * args->out_width + x0,
                            output, mask);
    }
  }
}

void tinysdk_conv2d_s8_exact(const tinysdk_conv2d_args *args, const int8_t *input, const int8_t *weights,
                             const int8_t *trained, const uint16_t *order, const int32_t *bias,
                             const double *scales, int8_t *output, uint8_t *mask) {
  const int32_t image = args->in_channels * tinysdk_in_plane(args);
  for (int32_t b = 0; b < args->batch; b++)
    for (int32_t o = 0; o < args->out_channels; o++)
      convolve_plane(args, input + b * image, weights, trained, order, o, bias ? bias[o] : 0, scales[o],
                     (b * args->out_channels + o) * tinysdk_out_plane(args), output, mask);
}
