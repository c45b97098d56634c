#include "pooling.h"

#include <math.h>
#include <string.h>

static void spread(const tinysdk_pool2d_args *args, const tinysdk_pool_window *window, float gradient,
                   float *plane) {
  const float share = 1.0f / (float)tinysdk_pool_divisor(args, window);
  for (int32_t ky = window->y.first; ky < window->y.end; ky++) {
    float *const row = plane + (window->y.start + ky * window->y.dilation) * args->in_width;
    for (int32_t kx = window->x.first; kx < window->x.end; kx++) {
      float *const pixel = row + window->x.start + kx * window->x.dilation;
      *pixel = fmaf(gradient, share, *pixel);
    }
  }
}

void tinysdk_average_pool2d_gradient_f32(const tinysdk_pool2d_args *args, const float *gradient,
                                         float *input_gradient) {
  const int32_t plane = args->in_height * args->in_width;
  memset(input_gradient, 0, sizeof(float) * (uint32_t)(args->batch * args->channels * plane));
  for (int32_t c = 0; c < args->batch * args->channels; c++) {
    for (int32_t oy = 0; oy < args->out_height; oy++) {
      for (int32_t ox = 0; ox < args->out_width; ox++) {
        const tinysdk_pool_window window = tinysdk_pool_window_at(args, oy, ox);
        if (tinysdk_pixels_inside(&window) > 0)
          spread(args, &window, gradient[(c * args->out_height + oy) * args->out_width + ox],
                 input_gradient + c * plane);
      }
    }
  }
}
