#include "exact.h"
#include "pooling.h"

void tinysdk_average_pool2d_s8_exact(const tinysdk_pool2d_args *args, const int8_t *input, int8_t *output,
                                     uint8_t *mask) {
  int32_t element = 0;
  for (int32_t c = 0; c < args->batch * args->channels; c++) {
    const int8_t *const plane = input + c * args->in_height * args->in_width;
    for (int32_t oy = 0; oy < args->out_height; oy++) {
      for (int32_t ox = 0; ox < args->out_width; ox++) {
        const tinysdk_pool_window window = tinysdk_pool_window_at(args, oy, ox);
        const int32_t sum = tinysdk_pool_sum(args, &window, plane);
        const int32_t divisor = tinysdk_pool_divisor(args, &window);
        const int32_t value = divisor == 0 ? args->zero : tinysdk_round_exactly((double)sum / divisor, 0);
        tinysdk_write_outputs(&value, 1, args->clamp_min, args->clamp_max, element++, output, mask);
      }
    }
  }
}
