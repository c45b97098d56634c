#include "lanes.h"
#include "pooling.h"

#include <math.h>

extern __typeof__(tinysdk_average_pool2d_gradient_f32) tinysdk_average_pool2d_gradient_f32_host;
int32_t tinysdk_average_pool2d_gradient_f32_host_instructions(const tinysdk_pool2d_args *args);

static void spread(float *restrict pixels, int32_t count, int32_t dilation, float gradient, float share) {
  if (dilation == 1)
    for (int32_t i = 0; i < count; i++)
      pixels[i] = fmaf(gradient, share, pixels[i]);
  else
    for (int32_t i = 0; i < count; i++)
      pixels[i * dilation] = fmaf(gradient, share, pixels[i * dilation]);
}

/* One window in every plane: each pixel still meets its windows in scan order. */
void tinysdk_average_pool2d_gradient_f32_host(const tinysdk_pool2d_args *args, const float *gradient,
                                              float *input_gradient) {
  const int32_t in_plane = args->in_height * args->in_width, out_plane = args->out_height * args->out_width;
  const int32_t planes = args->batch * args->channels;
  memset(input_gradient, 0, sizeof(float) * (uint32_t)(planes * in_plane));
  for (int32_t p = 0; p < out_plane; p++) {
    const tinysdk_pool_window window = tinysdk_pool_window_at(args, p / args->out_width, p % args->out_width);
    const int32_t pixels = tinysdk_pixels_inside(&window), count = window.x.end - window.x.first;
    if (pixels <= 0)
      continue;
    const float share = 1.0f / (float)tinysdk_pool_divisor(args, &window);
    const int32_t column = window.x.start + window.x.first * window.x.dilation;
    /* Whole rows of a plane lie side by side. */
    const int32_t whole = args->dilation_y == 1 && args->dilation_x == 1 && count == args->in_width;
    for (int32_t c = 0; c < planes; c++) {
      float *const plane = input_gradient + c * in_plane + column;
      const float value = gradient[c * out_plane + p];
      if (whole)
        spread(plane + (window.y.start + window.y.first) * args->in_width, pixels, 1, value, share);
      else
        for (int32_t ky = window.y.first; ky < window.y.end; ky++)
          spread(plane + (window.y.start + ky * window.y.dilation) * args->in_width, count, window.x.dilation,
                 value, share);
    }
  }
}

int32_t tinysdk_average_pool2d_gradient_f32_host_instructions(const tinysdk_pool2d_args *args) {
  const int64_t windows = (int64_t)args->batch * args->channels * args->out_height * args->out_width;
  return host_instructions(windows * (args->kernel_height * args->kernel_width * 2 + 10));
}
