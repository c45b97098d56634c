#include "lanes.h"
#include "pooling.h"

extern __typeof__(tinysdk_max_pool2d_s8) tinysdk_max_pool2d_s8_host;
int32_t tinysdk_max_pool2d_s8_host_instructions(const tinysdk_pool2d_args *args);

/* The position of the window's largest value, the first on a tie. The window holds one pixel or more. */
HOST_INLINE int32_t position_of_largest(const tinysdk_pool2d_args *args, const tinysdk_pool_window *window,
                                        const int8_t *plane) {
  int32_t best = 0, largest = INT8_MIN - 1;
  for (int32_t ky = window->y.first; ky < window->y.end; ky++) {
    const int32_t row = (window->y.start + ky * window->y.dilation) * args->in_width;
    for (int32_t kx = window->x.first; kx < window->x.end; kx++) {
      const int32_t position = row + window->x.start + kx * window->x.dilation, value = plane[position];
      best = value > largest ? position : best;
      largest = value > largest ? value : largest;
    }
  }
  return best;
}

/* One window in every plane: what depends on the window alone is computed once. */
void tinysdk_max_pool2d_s8_host(const tinysdk_pool2d_args *args, const int8_t *input, int8_t *output,
                                uint16_t *argmax, uint8_t *mask) {
  const int32_t in_plane = args->in_height * args->in_width, out_plane = args->out_height * args->out_width;
  for (int32_t p = 0; p < out_plane; p++) {
    const tinysdk_pool_window window = tinysdk_pool_window_at(args, p / args->out_width, p % args->out_width);
    const int32_t empty = tinysdk_pixels_inside(&window) <= 0;
    for (int32_t c = 0; c < args->batch * args->channels; c++) {
      const int8_t *const plane = input + c * in_plane;
      const int32_t best = empty ? 0 : position_of_largest(args, &window, plane);
      const int32_t value = empty ? args->zero : plane[best], element = c * out_plane + p;
      if (argmax)
        argmax[element] = empty ? UINT16_MAX : (uint16_t)best;
      tinysdk_write_outputs(&value, 1, args->clamp_min, args->clamp_max, element, output, mask);
    }
  }
}

int32_t tinysdk_max_pool2d_s8_host_instructions(const tinysdk_pool2d_args *args) {
  const int64_t windows = (int64_t)args->batch * args->channels * args->out_height * args->out_width;
  return host_instructions(windows * (args->kernel_height * args->kernel_width * 5 + 12));
}
