/* The tests of one width, BITS; included once for each. */
#ifndef EQUAL_INTEGER_SHARED
#define EQUAL_INTEGER_SHARED

#define JOIN_EXPANDED(a, b, c) a##b##c
#define JOIN(a, b, c) JOIN_EXPANDED(a, b, c)
/* A name of this width: stem_g16 and then the rest. */
#define NAME(stem, rest) JOIN(stem##_g, BITS, rest)
#define MANTISSA JOIN(int, BITS, _t)

static tinysdk_conv2d_args args;
static int32_t failures;

static void report(const char *name, int32_t bits, int32_t cases) {
  char line[96];
  snprintf(line, sizeof(line), "%s_g%ld: %ld cases equal\n", name, (long)bits, (long)cases);
  harness_print(line);
}

static void differ(const char *name, int32_t bits, int32_t number, int32_t at) {
  char line[240];
  snprintf(line, sizeof(line),
           "%s_g%ld: case %ld differs at %ld: batch %ld in %ldx%ldx%ld out %ldx%ldx%ld kernel %ldx%ld stride "
           "%ld pad %ld,%ld trained %ld\n",
           name, (long)bits, (long)number, (long)at, (long)args.batch, (long)args.in_channels,
           (long)args.in_height, (long)args.in_width, (long)args.out_channels, (long)args.out_height,
           (long)args.out_width, (long)args.kernel_height, (long)args.kernel_width, (long)args.stride_x,
           (long)args.pad_top, (long)args.pad_left, (long)args.trained_channels);
  harness_print(line);
  failures++;
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

static uint16_t *random_order(int32_t channels) {
  uint16_t *const order = room(channels * 2);
  args.trained_channels = harness_between(1, channels);
  int32_t left = args.trained_channels, learning = 0, frozen = args.trained_channels;
  for (int32_t c = 0; c < channels; c++) {
    if (harness_between(1, channels - c) <= left)
      order[learning++] = (uint16_t)c, left--;
    else
      order[frozen++] = (uint16_t)c;
  }
  return order;
}

static void random_pointwise(void) {
  memset(&args, 0, sizeof(args));
  args.batch = harness_between(1, 3);
  args.in_channels = harness_between(1, harness_between(0, 9) ? 20 : 150);
  args.out_channels = harness_between(1, harness_between(0, 9) ? 20 : 150);
  args.in_height = args.out_height = harness_between(1, 6);
  args.in_width = args.out_width = harness_between(1, 6);
  args.kernel_height = args.kernel_width = args.stride_y = args.stride_x = 1;
  args.dilation_y = args.dilation_x = args.groups = 1;
  args.input_zero = harness_between(-128, 127);
}

/* Of the layers that the variant takes and of some that work in place. */
static void random_depthwise(void) {
  memset(&args, 0, sizeof(args));
  args.batch = harness_between(1, 2);
  args.in_channels = args.out_channels = args.groups = harness_between(1, 5);
  args.kernel_height = args.kernel_width = 3 + 2 * harness_between(0, 2);
  args.stride_y = args.stride_x = harness_between(1, 3) == 3 ? 2 : 1;
  args.dilation_y = args.dilation_x = 1;
  args.pad_top = harness_between(0, 2) ? args.kernel_height / 2 : harness_between(0, args.kernel_height - 1);
  args.pad_left = harness_between(0, 2) ? args.kernel_width / 2 : harness_between(0, args.kernel_width - 1);
  do {
    const int32_t most = harness_between(0, 9) ? 12 : 70;
    args.in_height = harness_between(1, most);
    args.in_width = harness_between(1, most);
    harness_set_output(&args);
    /* Padding at the ends need not be that of the starts. */
    args.out_height += harness_between(-1, 1);
    args.out_width += harness_between(-1, 1);
  } while (args.out_height < 1 || args.out_width < 1);
  if (harness_between(0, 7) == 0) {
    args.in_height = args.in_width = 4;
    args.pad_top = args.pad_left = args.kernel_height / 2;
    harness_set_output(&args);
  }
}

static void random_window(void) {
  memset(&args, 0, sizeof(args));
  args.batch = harness_between(1, 2);
  args.in_channels = harness_between(1, 6);
  args.out_channels = harness_between(1, harness_between(0, 5) ? 7 : 40);
  args.kernel_height = harness_between(1, 4);
  args.kernel_width = harness_between(1, 4);
  args.stride_y = harness_between(1, 3);
  args.stride_x = harness_between(1, 3);
  args.pad_top = harness_between(0, args.kernel_height - 1);
  args.pad_left = harness_between(0, args.kernel_width - 1);
  args.dilation_y = harness_between(0, 5) ? 1 : 2;
  args.dilation_x = harness_between(0, 5) ? 1 : 2;
  args.groups = 1;
  args.input_zero = harness_between(-128, 127);
  do {
    args.in_height = harness_between(1, 9);
    args.in_width = harness_between(1, 12);
    harness_set_output(&args);
    args.out_height += harness_between(-1, 1);
    args.out_width += harness_between(-1, 1);
  } while (args.out_height < 1 || args.out_width < 1);
}

static int32_t works_in_place(void) {
  return args.stride_y == 1 && args.in_height == args.out_height && args.in_width == args.out_width;
}

static int32_t larger(int32_t a, int32_t b) {
  return a > b ? a : b;
}

typedef __typeof__(tinysdk_conv2d_s8_scratch) size;
extern size tinysdk_layout_pairs_bytes;
int32_t tinysdk_layout_pairs_pack(const tinysdk_conv2d_args *args, const int8_t *weights, int8_t *packed);

#endif

#define LIMIT (BITS == 16 ? 32767 : 127)

/* Mantissas of one size, or growing from image to image and plane to plane, so that the shift is found late;
 * some zeros. `bound` keeps sums in 30 bits. */
static void NAME(fill, )(MANTISSA *values, int32_t count, int32_t bound) {
  const int32_t growing = harness_between(0, 2), most = bound < LIMIT ? bound : LIMIT;
  for (int32_t i = 0; i < count; i++) {
    const int32_t top = growing == 0   ? most
                        : growing == 1 ? most * (i + 1) / count
                                       : harness_between(0, most);
    const int32_t kind = harness_between(0, 9);
    values[i] = (MANTISSA)(kind == 0 ? 0 : kind == 1 ? top : kind == 2 ? -top : harness_between(-top, top));
  }
}

extern __typeof__(NAME(tinysdk_conv2d_1x1_input_gradient, )) NAME(tinysdk_conv2d_1x1_input_gradient, _dsp);
extern size NAME(tinysdk_conv2d_1x1_input_gradient, _dsp_scratch);
extern __typeof__(NAME(tinysdk_conv2d_1x1_input_gradient, )) NAME(tinysdk_conv2d_1x1_input_gradient, _pairs);
extern size NAME(tinysdk_conv2d_1x1_input_gradient, _pairs_scratch);
extern size NAME(tinysdk_conv2d_1x1_input_gradient, _pairs_instructions);
extern __typeof__(NAME(tinysdk_depthwise_input_gradient, )) NAME(tinysdk_depthwise_input_gradient, _dsp);
extern size NAME(tinysdk_depthwise_input_gradient, _dsp_scratch);
extern size NAME(tinysdk_depthwise_input_gradient, _dsp_instructions);
extern __typeof__(NAME(tinysdk_conv2d_input_gradient, )) NAME(tinysdk_conv2d_input_gradient, _dsp);
extern size NAME(tinysdk_conv2d_input_gradient, _dsp_scratch);
extern size NAME(tinysdk_conv2d_input_gradient, _dsp_instructions);
extern __typeof__(NAME(tinysdk_accumulate, )) NAME(tinysdk_accumulate, _dsp);
extern __typeof__(NAME(tinysdk_average_pool2d_gradient, )) NAME(tinysdk_average_pool2d_gradient, _dsp);
extern __typeof__(NAME(tinysdk_conv2d_bias_update_s32, )) NAME(tinysdk_conv2d_bias_update_s32, _dsp);
extern __typeof__(NAME(tinysdk_conv2d_weight_update_s8, )) NAME(tinysdk_conv2d_weight_update_s8, _dsp);
extern size NAME(tinysdk_conv2d_weight_update_s8, _dsp_instructions);
extern __typeof__(NAME(tinysdk_scale, )) NAME(tinysdk_scale, _dsp);

/* One layer's input gradient by both; `taps` weights for each input channel. */
static int32_t NAME(compare, )(__typeof__(NAME(tinysdk_conv2d_1x1_input_gradient, )) *portable,
                               __typeof__(NAME(tinysdk_conv2d_1x1_input_gradient, )) *variant,
                               int32_t portable_scratch, int32_t scratch, int32_t taps, int32_t products,
                               int32_t in_place) {
  const int32_t ins = args.batch * args.in_channels * args.in_height * args.in_width;
  const int32_t outs = args.batch * args.out_channels * args.out_height * args.out_width;
  const int32_t each = (int32_t)sizeof(MANTISSA), exponent = harness_between(-40, 10);
  uint16_t *const order = harness_between(0, 2) == 0 ? random_order(args.in_channels) : NULL;
  const int32_t learning = args.trained_channels * taps, frozen = args.in_channels * taps - learning;
  int8_t *const weights = room(frozen), *const trained = order ? room(learning) : NULL;
  MANTISSA *const gradient = room(larger(ins, outs) * each), *const expected = room(ins * each);
  MANTISSA *const own = in_place ? gradient : room(ins * each);
  void *const s1 = room(portable_scratch), *const s2 = room(scratch);
  int32_t exponents[3] = {exponent, 0, 0};
  const int32_t heavy = harness_between(0, 2) ? 127 : harness_between(1, 20);
  harness_fill_bytes(weights, frozen, heavy == 127 ? -128 : -heavy, heavy);
  if (order)
    harness_fill_bytes(trained, learning, -heavy, heavy);
  NAME(fill, )(gradient, outs, ((1 << 30) - 1) / (products * 128));
  portable(&args, gradient, exponents, weights, trained, order, expected, exponents + 1, s1);
  variant(&args, gradient, exponents, weights, trained, order, own, exponents + 2, s2);
  const int32_t at = exponents[1] != exponents[2] ? 1000000 : first_difference(expected, own, ins * each);
  free(order), free(weights), free(trained), free(gradient), free(expected), free(s1), free(s2);
  if (!in_place)
    free(own);
  return at;
}

static void NAME(test_1x1, )(int32_t cases) {
  for (int32_t i = 0; i < cases; i++) {
    random_pointwise();
    const int32_t at = NAME(compare, )(NAME(tinysdk_conv2d_1x1_input_gradient, ),
                                       NAME(tinysdk_conv2d_1x1_input_gradient, _dsp),
                                       NAME(tinysdk_conv2d_1x1_input_gradient, _scratch)(&args),
                                       NAME(tinysdk_conv2d_1x1_input_gradient, _dsp_scratch)(&args),
                                       args.out_channels, args.out_channels, harness_between(0, 1));
    if (at >= 0)
      return differ("conv2d_1x1_input_gradient", BITS, i, at);
  }
  report("conv2d_1x1_input_gradient", BITS, cases);
}

/* Packed weights, of which the layout refuses some. */
static void NAME(test_pairs, )(int32_t cases) {
  for (int32_t i = 0; i < cases;) {
    random_pointwise();
    if (NAME(tinysdk_conv2d_1x1_input_gradient, _pairs_instructions)(&args) < 0)
      continue;
    const int32_t plane = args.in_height * args.in_width, weights = args.in_channels * args.out_channels;
    const int32_t ins = args.batch * args.in_channels * plane, outs = args.batch * args.out_channels * plane;
    const int32_t each = (int32_t)sizeof(MANTISSA), in_place = harness_between(0, 1);
    int32_t exponents[3] = {harness_between(-40, 10), 0, 0};
    int8_t *const canonical = room(weights), *const packed = room(tinysdk_layout_pairs_bytes(&args));
    MANTISSA *const gradient = room(larger(ins, outs) * each), *const expected = room(ins * each);
    MANTISSA *const own = in_place ? gradient : room(ins * each);
    void *const s1 = room(NAME(tinysdk_conv2d_1x1_input_gradient, _scratch)(&args));
    void *const s2 = room(NAME(tinysdk_conv2d_1x1_input_gradient, _pairs_scratch)(&args));
    const int32_t heavy = harness_between(1, 128);
    int32_t at = -1;
    harness_fill_bytes(canonical, weights, -heavy, heavy - 1);
    if (tinysdk_layout_pairs_pack(&args, canonical, packed) == 0) {
      NAME(fill, )(gradient, outs, ((1 << 30) - 1) / (args.out_channels * 128));
      NAME(tinysdk_conv2d_1x1_input_gradient, )
      (&args, gradient, exponents, canonical, NULL, NULL, expected, exponents + 1, s1);
      NAME(tinysdk_conv2d_1x1_input_gradient, _pairs)
      (&args, gradient, exponents, packed, NULL, NULL, own, exponents + 2, s2);
      at = exponents[1] != exponents[2] ? 1000000 : first_difference(expected, own, ins * each);
      i++;
    }
    free(canonical), free(packed), free(gradient), free(expected), free(s1), free(s2);
    if (!in_place)
      free(own);
    if (at >= 0)
      return differ("conv2d_1x1_input_gradient_pairs", BITS, i, at);
  }
  report("conv2d_1x1_input_gradient_pairs", BITS, cases);
}

static void NAME(test_depthwise, )(int32_t cases) {
  for (int32_t i = 0; i < cases; i++) {
    do
      random_depthwise();
    while (NAME(tinysdk_depthwise_input_gradient, _dsp_instructions)(&args) < 0);
    const int32_t taps = args.kernel_height * args.kernel_width;
    const int32_t at = NAME(compare, )(NAME(tinysdk_depthwise_input_gradient, ),
                                       NAME(tinysdk_depthwise_input_gradient, _dsp),
                                       NAME(tinysdk_depthwise_input_gradient, _scratch)(&args),
                                       NAME(tinysdk_depthwise_input_gradient, _dsp_scratch)(&args), taps,
                                       taps, works_in_place() && harness_between(0, 2));
    if (at >= 0)
      return differ("depthwise_input_gradient", BITS, i, at);
  }
  report("depthwise_input_gradient", BITS, cases);
}

/* The drawn windows' input gradient by both; 0 when they differ or the variant refuses them. */
static int32_t NAME(windows_agree, )(int32_t number) {
  const int32_t taps = args.kernel_height * args.kernel_width;
  if (NAME(tinysdk_conv2d_input_gradient, _dsp_instructions)(&args) < 0)
    return differ("conv2d_input_gradient", BITS, number, -1), 0;
  const int32_t at =
      NAME(compare, )(NAME(tinysdk_conv2d_input_gradient, ), NAME(tinysdk_conv2d_input_gradient, _dsp),
                      NAME(tinysdk_conv2d_input_gradient, _scratch)(&args),
                      NAME(tinysdk_conv2d_input_gradient, _dsp_scratch)(&args), taps * args.out_channels,
                      taps * args.out_channels, 0);
  if (at >= 0)
    differ("conv2d_input_gradient", BITS, number, at);
  return at < 0;
}

/* Windows side by side. */
static void NAME(test_disjoint, )(int32_t cases) {
  for (int32_t i = 0; i < cases; i++) {
    random_window();
    args.dilation_y = args.dilation_x = 1;
    args.pad_top = args.pad_left = 0;
    args.out_height = harness_between(1, 3), args.out_width = harness_between(1, 3);
    if (args.out_height > 1)
      args.stride_y = args.kernel_height;
    if (args.out_width > 1)
      args.stride_x = args.kernel_width;
    args.in_height = args.out_height * args.kernel_height;
    args.in_width = args.out_width * args.kernel_width;
    if (!NAME(windows_agree, )(i))
      return;
  }
  report("conv2d_input_gradient", BITS, cases);
}

/* Windows of any kind, among which overlapping ones must be many. */
static void NAME(test_overlapping, )(int32_t cases) {
  int32_t overlapping = 0;
  for (int32_t i = 0; i < cases; i++) {
    random_window();
    overlapping += args.out_height > 1 && args.out_width > 1 && args.stride_y < args.kernel_height &&
                   args.stride_x < args.kernel_width;
    if (!NAME(windows_agree, )(i))
      return;
  }
  if (overlapping < cases / 8)
    return differ("conv2d_input_gradient, too few overlapping", BITS, overlapping, -1);
  report("conv2d_input_gradient, any windows", BITS, cases);
}

/* Exponents of all distances, into either operand or neither. */
static void NAME(test_accumulate, )(int32_t cases) {
  for (int32_t i = 0; i < cases; i++) {
    const tinysdk_count_args a = {harness_between(1, 300)};
    const int32_t each = (int32_t)sizeof(MANTISSA), where = harness_between(0, 2);
    const int32_t apart = harness_between(0, 3) ? harness_between(-14, 14) : harness_between(-50, 50);
    int32_t exponents[4] = {harness_between(-40, 10), 0, 0, 0};
    exponents[1] = exponents[0] + apart;
    MANTISSA *const x = room(a.count * each), *const y = room(a.count * each);
    MANTISSA *const expected = room(a.count * each), *const other = room(a.count * each);
    MANTISSA *const own = where == 0 ? x : where == 1 ? y : other;
    NAME(fill, )(x, a.count, LIMIT);
    NAME(fill, )(y, a.count, harness_between(1, LIMIT));
    NAME(tinysdk_accumulate, )(&a, x, exponents, y, exponents + 1, expected, exponents + 2);
    NAME(tinysdk_accumulate, _dsp)(&a, x, exponents, y, exponents + 1, own, exponents + 3);
    const int32_t at =
        exponents[2] != exponents[3] ? 1000000 : first_difference(expected, own, a.count * each);
    free(x), free(y), free(expected), free(other);
    if (at >= 0)
      return differ("accumulate", BITS, i, at);
  }
  report("accumulate", BITS, cases);
}

/* Averages over whole planes. */
static void NAME(test_pool, )(int32_t cases) {
  for (int32_t i = 0; i < cases; i++) {
    const int32_t height = harness_between(1, 12), width = harness_between(1, 12);
    const tinysdk_average_pool2d_gradient_args a = {.batch = harness_between(1, 3),
                                                    .channels = harness_between(1, 9),
                                                    .in_height = height,
                                                    .in_width = width,
                                                    .out_height = 1,
                                                    .out_width = 1,
                                                    .kernel_height = height,
                                                    .kernel_width = width,
                                                    .stride_y = harness_between(1, 2),
                                                    .stride_x = harness_between(1, 2),
                                                    .dilation_y = 1,
                                                    .dilation_x = 1,
                                                    .count_padding = harness_between(0, 1),
                                                    .share_bits = harness_between(0, 30 - BITS)};
    const int32_t planes = a.batch * a.channels, count = planes * height * width;
    const int32_t each = (int32_t)sizeof(MANTISSA);
    int32_t exponents[3] = {harness_between(-40, 10), 0, 0};
    MANTISSA *const gradient = room(planes * each), *const expected = room(count * each);
    MANTISSA *const own = room(count * each);
    NAME(fill, )(gradient, planes, LIMIT);
    NAME(tinysdk_average_pool2d_gradient, )(&a, gradient, exponents, expected, exponents + 1);
    NAME(tinysdk_average_pool2d_gradient, _dsp)(&a, gradient, exponents, own, exponents + 2);
    const int32_t at = exponents[1] != exponents[2] ? 1000000 : first_difference(expected, own, count * each);
    free(gradient), free(expected), free(own);
    if (at >= 0)
      return differ("average_pool2d_gradient", BITS, i, at);
  }
  report("average_pool2d_gradient", BITS, cases);
}

static void NAME(test_bias_update, )(int32_t cases) {
  for (int32_t i = 0; i < cases; i++) {
    random_pointwise();
    if (i % 3 == 0) {
      args.batch = 1;
      args.out_height = 4;
      args.out_width = 4 * harness_between(1, 5);
    }
    const int32_t outs = args.batch * args.out_channels * args.out_height * args.out_width;
    const int32_t bytes = args.out_channels * 4, exponent = harness_between(-140, 20);
    const float rate = (float)harness_between(1, 1000) / (float)(harness_between(0, 3) ? 1e3 : 1e-6);
    MANTISSA *const gradient = room(outs * (int32_t)sizeof(MANTISSA));
    float *const scale = room(bytes);
    int32_t *const expected = room(bytes), *const own = room(bytes);
    NAME(fill, )(gradient, outs, LIMIT);
    harness_fill_floats(scale, args.out_channels);
    for (int32_t o = 0; o < args.out_channels; o++)
      expected[o] = harness_between(0, 3)  ? harness_between(-100000, 100000)
                    : harness_random() & 1 ? INT32_MIN
                                           : INT32_MAX;
    memcpy(own, expected, (size_t)bytes);
    NAME(tinysdk_conv2d_bias_update_s32, )(&args, gradient, &exponent, scale, &rate, expected);
    NAME(tinysdk_conv2d_bias_update_s32, _dsp)(&args, gradient, &exponent, scale, &rate, own);
    const int32_t at = first_difference(expected, own, bytes);
    free(gradient), free(scale), free(expected), free(own);
    if (at >= 0)
      return differ("conv2d_bias_update_s32", BITS, i, at);
  }
  report("conv2d_bias_update_s32", BITS, cases);
}

static void NAME(test_scale, )(int32_t cases) {
  for (int32_t i = 0; i < cases; i++) {
    const tinysdk_scale_gradient_args a = {
        harness_between(1, 2), harness_between(1, 12),
        harness_between(0, 1) ? 8 * harness_between(1, 8) : harness_between(1, 70),
        harness_between(0, 1) ? BITS - 1 : harness_between(1, BITS - 1), -14};
    const int32_t count = a.batch * a.channels * a.plane, masked = harness_between(0, 3) > 0;
    const int32_t each = (int32_t)sizeof(MANTISSA);
    MANTISSA *const x = room(count * each), *const expected = room(count * each);
    MANTISSA *const own = harness_between(0, 1) ? x : room(count * each);
    int16_t *const factor = room(a.channels * 2);
    uint8_t *const mask = room((count + 7) / 8);
    int32_t exponents[3] = {harness_between(-40, 10), 0, 0};
    const int32_t small = harness_between(0, 2) * harness_between(1, 2000), most = harness_between(1, LIMIT);
    NAME(fill, )(x, count, harness_between(0, 1) ? LIMIT : most);
    for (int32_t c = 0; c < a.channels; c++)
      factor[c] = (int16_t)(harness_between(0, 3) ? harness_between(0, small ? small : 32767)
                                                  : harness_between(0, small ? 32767 : 20));
    for (int32_t m = 0; m < (count + 7) / 8; m++)
      mask[m] = harness_between(0, 2) ? (uint8_t)harness_random() : 255;
    NAME(tinysdk_scale, )(&a, x, exponents, masked ? mask : NULL, factor, expected, exponents + 1);
    NAME(tinysdk_scale, _dsp)(&a, x, exponents, masked ? mask : NULL, factor, own, exponents + 2);
    const int32_t at = exponents[1] != exponents[2] ? 1000000 : first_difference(expected, own, count * each);
    if (own != x)
      free(own);
    free(x), free(expected), free(factor), free(mask);
    if (at >= 0)
      return differ("scale", BITS, i, at);
  }
  report("scale", BITS, cases);
}

static void NAME(test_weight_update, )(int32_t cases) {
  for (int32_t i = 0; i < cases; i++) {
    do {
      if (i % 2) {
        random_window();
      } else {
        random_pointwise();
        args.in_height = args.out_height = harness_between(1, harness_between(0, 5) ? 5 : 15);
      }
    } while (NAME(tinysdk_conv2d_weight_update_s8, _dsp_instructions)(&args) < 0);
    args.trained_channels = harness_between(0, args.in_channels);
    const int32_t inputs = args.trained_channels ? args.trained_channels : args.in_channels;
    const int32_t pixels = args.batch * args.out_height * args.out_width;
    const int32_t saves = args.batch * inputs * args.in_height * args.in_width;
    const int32_t weights = inputs * args.out_channels * args.kernel_height * args.kernel_width;
    const int32_t fine = harness_between(0, 3) > 0,
                  exponent = harness_between(0, 5) ? harness_between(-30, -5) : harness_between(-150, 140);
    const float rate = (float)harness_between(1, 1000) / (float)(harness_between(0, 3) ? 1e8 : 1e3);
    int8_t *const saved = room(saves), *const start = room(2 * weights);
    int8_t *const expected = room(2 * weights), *const own = room(2 * weights);
    MANTISSA *const gradient = room(pixels * args.out_channels * (int32_t)sizeof(MANTISSA));
    float *const scale = room(args.out_channels * 4);
    harness_fill_bytes(saved, saves, -128, 127);
    harness_fill_bytes(start, weights, -127, 127);
    harness_fill_bytes(start + weights, weights, -128, 127);
    NAME(fill, )(gradient, pixels * args.out_channels, INT32_MAX / (255 * pixels));
    harness_fill_floats(scale, args.out_channels);
    memcpy(expected, start, (size_t)(2 * weights));
    memcpy(own, start, (size_t)(2 * weights));
    NAME(tinysdk_conv2d_weight_update_s8, )
    (&args, gradient, &exponent, saved, NULL, scale, &rate, expected, fine ? expected + weights : NULL);
    NAME(tinysdk_conv2d_weight_update_s8, _dsp)
    (&args, gradient, &exponent, saved, NULL, scale, &rate, own, fine ? own + weights : NULL);
    const int32_t at = first_difference(expected, own, 2 * weights);
    free(saved), free(start), free(expected), free(own), free(gradient), free(scale);
    if (at >= 0)
      return differ("conv2d_weight_update_s8", BITS, i, at);
  }
  report("conv2d_weight_update_s8", BITS, cases);
}

#undef LIMIT
