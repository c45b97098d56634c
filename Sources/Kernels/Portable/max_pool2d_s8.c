#include "pooling.h"

/* The position of the window's largest value, the first on a tie; -1 for a window wholly in the padding. */
static int32_t position_of_largest(const tinysdk_pool2d_args *args, const tinysdk_pool_window *window,
                                   const int8_t *plane) {
  int32_t best = -1;
  for (int32_t ky = window->y.first; ky < window->y.end; ky++) {
    const int32_t row = (window->y.start + ky * window->y.dilation) * args->in_width;
    for (int32_t kx = window->x.first; kx < window->x.end; kx++) {
      const int32_t position = row + window->x.start + kx * window->x.dilation;
      if (best < 0 || plane[position] > plane[best])
        best = position;
    }
  }
  return best;
}

void tinysdk_max_pool2d_s8(const tinysdk_pool2d_args *args, const int8_t *input, int8_t *output,
                           uint16_t *argmax, uint8_t *mask) {
  int32_t element = 0;
  for (int32_t c = 0; c < args->batch * args->channels; c++) {
    const int8_t *const plane = input + c * args->in_height * args->in_width;
    for (int32_t oy = 0; oy < args->out_height; oy++) {
      for (int32_t ox = 0; ox < args->out_width; ox++) {
        const tinysdk_pool_window window = tinysdk_pool_window_at(args, oy, ox);
        const int32_t best = position_of_largest(args, &window, plane);
        const int32_t value = best < 0 ? args->zero : plane[best];
        if (argmax)
          argmax[element] = best < 0 ? UINT16_MAX : (uint16_t)best;
        tinysdk_write_outputs(&value, 1, args->clamp_min, args->clamp_max, element++, output, mask);
      }
    }
  }
}
