#include "../Portable/pooling.h"
#include "simd.h"

extern __typeof__(tinysdk_average_pool2d_s8) tinysdk_average_pool2d_s8_dsp;
int32_t tinysdk_average_pool2d_s8_dsp_instructions(const tinysdk_pool2d_args *args);

#define ONES 0x00010001u

static inline int32_t add_word(uint32_t bytes, int32_t sum) {
  return tinysdk_smlad(tinysdk_sxtb16_odd(bytes), ONES, tinysdk_smlad(tinysdk_sxtb16(bytes), ONES, sum));
}

/* sum + `count` neighbouring bytes. */
static inline int32_t add_bytes(const int8_t *from, int32_t count, int32_t sum) {
  for (; count >= 16; count -= 16, from += 16) {
    sum = add_word(tinysdk_load_word(from), add_word(tinysdk_load_word(from + 4), sum));
    sum = add_word(tinysdk_load_word(from + 8), add_word(tinysdk_load_word(from + 12), sum));
  }
  for (; count >= 4; count -= 4, from += 4)
    sum = add_word(tinysdk_load_word(from), sum);
  for (; count > 0; count--)
    sum += *from++;
  return sum;
}

/* The pixels of a window: `rows` runs of `count` neighbours, `pitch` apart. */
typedef struct {
  int32_t first;
  int32_t count;
  int32_t rows;
  int32_t pitch;
} pixel_runs;

static pixel_runs runs_of(const tinysdk_pool2d_args *args, const tinysdk_pool_window *window) {
  const int32_t top = window->y.start + window->y.first * window->y.dilation;
  const int32_t width = args->in_width, left = window->x.start + window->x.first;
  pixel_runs runs = {top * width + left, window->x.end - window->x.first, window->y.end - window->y.first,
                     window->y.dilation * width};
  if (runs.count == runs.pitch && runs.rows > 0) {
    runs.count *= runs.rows;
    runs.rows = 1;
  }
  return runs;
}

/* One window's output of every plane; `first` is its element in the first one. */
static void average_planes(const tinysdk_pool2d_args *args, const tinysdk_pool_window *window,
                           const int8_t *input, int32_t first, int8_t *output, uint8_t *mask) {
  const int32_t divisor = tinysdk_pool_divisor(args, window), half = divisor / 2;
  const int32_t padding = (divisor - tinysdk_pixels_inside(window)) * args->zero;
  const int32_t out_plane = args->out_height * args->out_width, in_plane = args->in_height * args->in_width;
  const int32_t planes = args->batch * args->channels;
  const pixel_runs runs = runs_of(args, window);
  const int8_t *from = input + runs.first;
  for (int32_t c = 0; c < planes; c++, from += in_plane, first += out_plane) {
    int32_t value = args->zero, sum = padding;
    for (int32_t y = 0; y < runs.rows; y++)
      sum = add_bytes(from + y * runs.pitch, runs.count, sum);
    if (divisor > 0)
      value = (sum > 0 ? sum + half : sum - half) / divisor;
    if (mask)
      tinysdk_write_outputs(&value, 1, args->clamp_min, args->clamp_max, first, output, mask);
    else
      output[first] = (int8_t)tinysdk_clamp(value, args->clamp_min, args->clamp_max);
  }
}

void tinysdk_average_pool2d_s8_dsp(const tinysdk_pool2d_args *args, const int8_t *input, int8_t *output,
                                   uint8_t *mask) {
  for (int32_t oy = 0; oy < args->out_height; oy++)
    for (int32_t ox = 0; ox < args->out_width; ox++) {
      const tinysdk_pool_window window = tinysdk_pool_window_at(args, oy, ox);
      average_planes(args, &window, input, oy * args->out_width + ox, output, mask);
    }
}

int32_t tinysdk_average_pool2d_s8_dsp_instructions(const tinysdk_pool2d_args *args) {
  if (args->dilation_x != 1)
    return -1;
  const int64_t windows = (int64_t)args->out_height * args->out_width;
  const int64_t planes = (int64_t)args->batch * args->channels;
  const int32_t whole = args->kernel_width == args->in_width && args->dilation_y == 1;
  const int32_t row = args->kernel_width * 3 / 2 + 10;
  const int64_t sums = whole ? args->kernel_height * args->kernel_width * 3 / 2 : args->kernel_height * row;
  const int64_t count = windows * (100 + planes * (20 + sums));
  return (int32_t)(count > INT32_MAX ? INT32_MAX : count);
}
