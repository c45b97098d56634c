#include "pooling.h"

/* sum / count, half away from zero; a window wholly in uncounted padding is empty and gives `zero`. */
static int32_t average(int32_t sum, int32_t count, int32_t zero) {
  if (count == 0)
    return zero;
  return (sum > 0 ? sum + count / 2 : sum - count / 2) / count;
}

void tinysdk_average_pool2d_s8(const tinysdk_pool2d_args *args, const int8_t *input, int8_t *output,
                               uint8_t *mask) {
  int32_t element = 0;
  for (int32_t c = 0; c < args->batch * args->channels; c++) {
    const int8_t *const plane = input + c * args->in_height * args->in_width;
    for (int32_t oy = 0; oy < args->out_height; oy++) {
      for (int32_t ox = 0; ox < args->out_width; ox++) {
        const tinysdk_pool_window window = tinysdk_pool_window_at(args, oy, ox);
        const int32_t value =
            average(tinysdk_pool_sum(args, &window, plane), tinysdk_pool_divisor(args, &window), args->zero);
        tinysdk_write_outputs(&value, 1, args->clamp_min, args->clamp_max, element++, output, mask);
      }
    }
  }
}
