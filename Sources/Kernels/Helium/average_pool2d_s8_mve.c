#include "mve_outputs.h"

extern __typeof__(tinysdk_average_pool2d_s8) tinysdk_average_pool2d_s8_mve;
int32_t tinysdk_average_pool2d_s8_mve_instructions(const tinysdk_pool2d_args *args);

/* One window that is the whole plane: its pixels lie side by side. */
void tinysdk_average_pool2d_s8_mve(const tinysdk_pool2d_args *args, const int8_t *input, int8_t *output,
                                   uint8_t *mask) {
  const int32_t plane = args->in_height * args->in_width, half = plane / 2;
  for (int32_t c = 0; c < args->batch * args->channels; c++, input += plane) {
    const int32_t sum = tinysdk_mve_sum(input, plane);
    const int32_t value = (sum > 0 ? sum + half : sum - half) / plane;
    output[c] = (int8_t)tinysdk_clamp(value, args->clamp_min, args->clamp_max);
    if (mask)
      tinysdk_write_mask(mask, c, &value, 1, args->clamp_min, args->clamp_max);
  }
}

int32_t tinysdk_average_pool2d_s8_mve_instructions(const tinysdk_pool2d_args *args) {
  if (args->out_height != 1 || args->out_width != 1 || args->pad_top != 0 || args->pad_left != 0 ||
      args->kernel_height != args->in_height || args->kernel_width != args->in_width ||
      args->dilation_y != 1 || args->dilation_x != 1)
    return -1;
  return args->batch * args->channels * ((args->in_height * args->in_width + 15) / 16 * 3 + 20);
}
