#include "convolution.h"

#include <math.h>
#include <string.h>

/* Adds one tap of one output plane to an input plane: every input pixel that the tap reads. */
static void add_tap(const tinysdk_conv2d_args *args, int32_t ky, int32_t kx, float weight,
                    const float *restrict gradient, float *restrict input_gradient) {
  const int32_t stride = args->stride_x;
  const int32_t dy = ky * args->dilation_y - args->pad_top, dx = kx * args->dilation_x - args->pad_left;
  const tinysdk_range rows =
      tinysdk_positions_inside(0, args->out_height, args->stride_y, dy, args->in_height);
  const tinysdk_range columns = tinysdk_positions_inside(0, args->out_width, stride, dx, args->in_width);
  for (int32_t oy = rows.first; oy < rows.end; oy++) {
    const float *restrict const from = gradient + oy * args->out_width;
    const int32_t to = (oy * args->stride_y + dy) * args->in_width + dx;
    if (stride == 1)
      for (int32_t ox = columns.first; ox < columns.end; ox++)
        input_gradient[to + ox] = fmaf(weight, from[ox], input_gradient[to + ox]);
    else
      for (int32_t ox = columns.first; ox < columns.end; ox++)
        input_gradient[to + ox * stride] = fmaf(weight, from[ox], input_gradient[to + ox * stride]);
  }
}

void tinysdk_conv2d_input_gradient_f32(const tinysdk_conv2d_args *args, const float *gradient,
                                       const int8_t *weights, const int8_t *trained, const uint16_t *order,
                                       float *input_gradient, void *scratch) {
  (void)scratch;
  const int32_t channels = args->in_channels / args->groups, outputs = args->out_channels / args->groups;
  const int32_t taps = tinysdk_taps(args);
  memset(input_gradient, 0,
         sizeof(float) * (uint32_t)(args->batch * args->in_channels * tinysdk_in_plane(args)));
  for (int32_t image = 0; image < args->batch * args->groups; image++) {
    const int32_t group = image % args->groups;
    tinysdk_split split = tinysdk_split_start(weights, trained, order, args->trained_channels, channels);
    for (int32_t c = 0; c < channels; c++) {
      const tinysdk_place place = tinysdk_split_next(&split, c);
      for (int32_t o = 0; o < outputs; o++) {
        const int8_t *const own = place.base + ((group * outputs + o) * place.count + place.own) * taps;
        for (int32_t tap = 0; tap < taps; tap++)
          add_tap(args, tap / args->kernel_width, tap % args->kernel_width,
                  (float)(own[tap] - args->weight_zero),
                  gradient + (image * outputs + o) * tinysdk_out_plane(args),
                  input_gradient + (image * channels + c) * tinysdk_in_plane(args));
      }
    }
  }
}

int32_t tinysdk_conv2d_input_gradient_f32_scratch(const tinysdk_conv2d_args *args) {
  (void)args;
  return 0;
}
