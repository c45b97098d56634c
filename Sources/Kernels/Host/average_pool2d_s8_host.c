#include "lanes.h"
#include "pooling.h"

extern __typeof__(tinysdk_average_pool2d_s8) tinysdk_average_pool2d_s8_host;
int32_t tinysdk_average_pool2d_s8_host_instructions(const tinysdk_pool2d_args *args);

/* sum / count, half away from zero. */
static int32_t average(int32_t sum, int32_t count) {
  return (sum > 0 ? sum + count / 2 : sum - count / 2) / count;
}

static int32_t sum_of(const int8_t *values, int32_t count) {
  int32_t sum = 0;
  for (int32_t i = 0; i < count; i++)
    sum += values[i];
  return sum;
}

/* One window in every plane: what depends on the window alone is computed once. */
void tinysdk_average_pool2d_s8_host(const tinysdk_pool2d_args *args, const int8_t *input, int8_t *output,
                                    uint8_t *mask) {
  const int32_t in_plane = args->in_height * args->in_width, out_plane = args->out_height * args->out_width;
  for (int32_t p = 0; p < out_plane; p++) {
    const tinysdk_pool_window window = tinysdk_pool_window_at(args, p / args->out_width, p % args->out_width);
    const int32_t pixels = tinysdk_pixels_inside(&window), divisor = tinysdk_pool_divisor(args, &window);
    /* Whole rows of a plane lie side by side. */
    const int32_t whole = pixels > 0 && args->dilation_y == 1 && args->dilation_x == 1 &&
                          window.x.end - window.x.first == args->in_width;
    const int32_t outside = (divisor - pixels) * args->zero;
    const int32_t first = (window.y.start + window.y.first) * args->in_width;
    for (int32_t c = 0; c < args->batch * args->channels; c++) {
      const int8_t *const plane = input + c * in_plane;
      const int32_t sum =
          whole ? outside + sum_of(plane + first, pixels) : tinysdk_pool_sum(args, &window, plane);
      const int32_t value = divisor > 0 ? average(sum, divisor) : args->zero;
      tinysdk_write_outputs(&value, 1, args->clamp_min, args->clamp_max, c * out_plane + p, output, mask);
    }
  }
}

int32_t tinysdk_average_pool2d_s8_host_instructions(const tinysdk_pool2d_args *args) {
  const int64_t windows = (int64_t)args->batch * args->channels * args->out_height * args->out_width;
  return host_instructions(windows * (args->kernel_height * args->kernel_width * 2 + 15));
}
