/* What the equality tests of one backend against Portable share: a layer's random settings. */
#ifndef EQUAL_H
#define EQUAL_H

#include "harness.h"

#define BYTES 60000
#define OUTPUTS 128

typedef __typeof__(tinysdk_conv2d_s8_scratch) size;

static tinysdk_conv2d_args args;
static int32_t failures;

static void report(const char *name, int32_t cases) {
  char line[96];
  snprintf(line, sizeof(line), "%s: %ld cases equal\n", name, (long)cases);
  harness_print(line);
}

static void differ(const char *name, int32_t number, int32_t at) {
  char line[240];
  snprintf(line, sizeof(line),
           "%s: case %ld differs at %ld: in %ldx%ldx%ld out %ld kernel %ldx%ld stride %ld,%ld rounding %ld "
           "trained %ld clamp %ld\n",
           name, (long)number, (long)at, (long)args.in_channels, (long)args.in_height, (long)args.in_width,
           (long)args.out_channels, (long)args.kernel_height, (long)args.kernel_width, (long)args.stride_y,
           (long)args.stride_x, (long)args.rounding, (long)args.trained_channels, (long)args.clamp_min);
  harness_print(line);
  failures++;
}

static void random_numbers(void) {
  args.input_zero = harness_between(-128, 127);
  args.output_zero = harness_between(-128, 127);
  args.rounding = harness_between(0, 1);
  const int32_t whole = harness_between(0, 2) > 0;
  args.clamp_min = whole ? -128 : harness_between(-128, 0);
  args.clamp_max = whole ? 127 : harness_between(0, 127);
}

static void random_window(int32_t channels) {
  memset(&args, 0, sizeof(args));
  do {
    args.batch = harness_between(1, 2);
    args.in_channels = channels;
    args.in_height = harness_between(1, 17);
    args.in_width = harness_between(1, 17);
    args.kernel_height = harness_between(1, 7);
    args.kernel_width = harness_between(0, 2) ? args.kernel_height : harness_between(1, 7);
    if (harness_between(0, 2)) {
      args.kernel_height |= 1;
      args.kernel_width = args.kernel_height;
    }
    args.stride_y = harness_between(1, 2);
    args.stride_x = harness_between(0, 5) ? args.stride_y : harness_between(1, 3);
    args.pad_top = harness_between(0, args.kernel_height - 1);
    args.pad_left = harness_between(0, args.kernel_width - 1);
    args.dilation_y = harness_between(0, 7) ? 1 : 2;
    args.dilation_x = harness_between(0, 7) ? 1 : 2;
    args.groups = 1;
    harness_set_output(&args);
  } while (args.out_height < 1 || args.out_width < 1);
  random_numbers();
}

static void random_order(uint16_t *order, int32_t channels) {
  args.trained_channels = harness_between(1, channels);
  int32_t left = args.trained_channels, learning = 0, frozen = args.trained_channels;
  for (int32_t c = 0; c < channels; c++) {
    if (harness_between(1, channels - c) <= left)
      order[learning++] = (uint16_t)c, left--;
    else
      order[frozen++] = (uint16_t)c;
  }
}

static void *room(int32_t bytes) {
  return malloc((size_t)(bytes > 0 ? bytes : 1));
}

static int32_t first_difference(const void *a, const void *b, int32_t count) {
  for (int32_t i = 0; i < count; i++)
    if (((const uint8_t *)a)[i] != ((const uint8_t *)b)[i])
      return i;
  return -1;
}

static void random_pointwise(void) {
  memset(&args, 0, sizeof(args));
  args.batch = harness_between(1, 2);
  args.in_channels = harness_between(1, harness_between(0, 9) ? 20 : 300);
  args.out_channels = harness_between(1, 12);
  args.in_height = args.out_height = harness_between(1, 6);
  args.in_width = args.out_width = harness_between(1, 6);
  args.kernel_height = args.kernel_width = args.stride_y = args.stride_x = 1;
  args.dilation_y = args.dilation_x = args.groups = 1;
  random_numbers();
}

#endif
