/* The tests of one width, BITS; included once for each. */
#define LIMIT (BITS == 16 ? 32767 : 127)

/* Mantissas of one size, or growing, so that the shift is found late; some zeros. `bound` keeps sums in 30
 * bits. */
static void NAME(fill, )(MANTISSA *values, int32_t count, int32_t bound) {
  const int32_t kind = random_between(0, 3), most = bound < LIMIT ? bound : LIMIT;
  for (int32_t i = 0; i < count; i++) {
    const int32_t top = kind == 0 ? most : kind == 1 ? most * (i + 1) / count : random_between(0, most);
    const int32_t which = random_between(0, 9);
    values[i] = (MANTISSA)(which == 0 ? 0 : which == 1 ? top : which == 2 ? -top : random_between(-top, top));
  }
}

extern __typeof__(NAME(tinysdk_conv2d_1x1_input_gradient, )) NAME(tinysdk_conv2d_1x1_input_gradient, _mve);
extern scratch_size NAME(tinysdk_conv2d_1x1_input_gradient, _mve_scratch);

typedef __typeof__(NAME(tinysdk_conv2d_1x1_input_gradient, )) NAME(gradient_kernel, );

/* `products` for each input element. 1 equal, 0 different. */
static int32_t NAME(gradient_equal, )(NAME(gradient_kernel, ) * portable, NAME(gradient_kernel, ) * variant,
                                      int32_t portable_scratch, int32_t scratch, tinysdk_conv2d_args *a,
                                      const uint16_t *order, int32_t taps, int32_t products,
                                      int32_t in_place) {
  const int32_t ins = a->batch * a->in_channels * a->in_height * a->in_width;
  const int32_t outs = a->batch * a->out_channels * a->out_height * a->out_width;
  const int32_t each = (int32_t)sizeof(MANTISSA), exponent = random_between(-40, 10);
  const int32_t learning = a->trained_channels * taps, frozen = a->in_channels * taps - learning;
  int8_t *const weights = pool_take(frozen), *const trained = order ? pool_take(learning) : 0;
  MANTISSA *const gradient = pool_take(outs * each), *const expected = pool_take(ins * each);
  MANTISSA *const result = pool_take((ins > outs ? ins : outs) * each);
  int32_t exponents[3] = {exponent, 0, 0};
  random_bytes(weights, frozen, -128);
  if (order)
    random_bytes(trained, learning, -127);
  NAME(fill, )(gradient, outs, ((1 << 30) - 1) / (products * 131));
  memcpy(result, gradient, (uint32_t)(outs * each));
  void *const s1 = pool_take(portable_scratch), *const s2 = pool_take(scratch);
  portable(a, gradient, exponents, weights, trained, order, expected, exponents + 1, s1);
  if (in_place)
    exponents[2] = exponent;
  variant(a, in_place ? result : gradient, in_place ? exponents + 2 : exponents, weights, trained, order,
          result, exponents + 2, s2);
  return exponents[1] == exponents[2] && !memcmp(expected, result, (uint32_t)(ins * each)) && pool_intact();
}

static int NAME(pointwise_case, )(void) {
  tinysdk_conv2d_args a = integer_pointwise(60);
  pool_reset();
  uint16_t *const order = random_between(0, 2) ? 0 : pool_take(2 * a.in_channels);
  if (order)
    random_split(&a, a.in_channels, order);
  return NAME(gradient_equal, )(NAME(tinysdk_conv2d_1x1_input_gradient, ),
                                NAME(tinysdk_conv2d_1x1_input_gradient, _mve),
                                NAME(tinysdk_conv2d_1x1_input_gradient, _scratch)(&a),
                                NAME(tinysdk_conv2d_1x1_input_gradient, _mve_scratch)(&a), &a, order,
                                a.out_channels, a.out_channels, random_between(0, 1));
}

extern __typeof__(NAME(tinysdk_depthwise_input_gradient, )) NAME(tinysdk_depthwise_input_gradient, _mve);
extern scratch_size NAME(tinysdk_depthwise_input_gradient, _mve_scratch);
extern scratch_size NAME(tinysdk_depthwise_input_gradient, _mve_instructions);

/* -1 not supported. */
static int NAME(depthwise_case, )(void) {
  tinysdk_conv2d_args a = {.batch = random_between(0, 3) ? 1 : 2, .dilation_y = 1, .dilation_x = 1};
  integer_depthwise(&a);
  if (NAME(tinysdk_depthwise_input_gradient, _mve_instructions)(&a) < 0)
    return -1;
  pool_reset();
  uint16_t *const order = random_between(0, 2) ? 0 : pool_take(2 * a.in_channels);
  if (order)
    random_split(&a, a.in_channels, order);
  const int32_t taps = a.kernel_height * a.kernel_width;
  const int32_t same = a.stride_y == 1 && a.stride_x == 1 && a.out_height == a.in_height &&
                       a.out_width == a.in_width && a.out_channels == a.in_channels;
  return NAME(gradient_equal, )(NAME(tinysdk_depthwise_input_gradient, ),
                                NAME(tinysdk_depthwise_input_gradient, _mve),
                                NAME(tinysdk_depthwise_input_gradient, _scratch)(&a),
                                NAME(tinysdk_depthwise_input_gradient, _mve_scratch)(&a), &a, order, taps,
                                taps, same && random_between(0, 1));
}

extern __typeof__(NAME(tinysdk_scale, )) NAME(tinysdk_scale, _mve);

static int NAME(scale_case, )(void) {
  const tinysdk_scale_gradient_args a = {random_between(1, 2), random_between(1, 9),
                                         8 * random_between(1, 12), random_between(1, BITS - 1), -14};
  const int32_t count = a.batch * a.channels * a.plane, each = (int32_t)sizeof(MANTISSA);
  pool_reset();
  MANTISSA *const input = pool_take(count * each), *const expected = pool_take(count * each);
  MANTISSA *const result = pool_take(count * each);
  int16_t *const factor = pool_take(2 * a.channels);
  uint8_t *const mask = pool_take(count / 8);
  int32_t exponents[3] = {random_between(-40, 10), 0, 0};
  const int32_t masked = random_between(0, 2) != 0, in_place = random_between(0, 1);
  NAME(fill, )(input, count, LIMIT);
  for (int32_t c = 0; c < a.channels; c++)
    factor[c] = (int16_t)random_between(0, random_between(0, 3) ? 32767 : 20);
  for (int32_t i = 0; i < count / 8; i++)
    mask[i] = random_between(0, 2) ? (uint8_t)random_bits() : 255;
  memcpy(result, input, (uint32_t)(count * each));
  NAME(tinysdk_scale, )(&a, input, exponents, masked ? mask : 0, factor, expected, exponents + 1);
  NAME(tinysdk_scale, _mve)
  (&a, in_place ? result : input, exponents, masked ? mask : 0, factor, result, exponents + 2);
  return exponents[1] == exponents[2] && !memcmp(expected, result, (uint32_t)(count * each)) && pool_intact();
}

extern __typeof__(NAME(tinysdk_accumulate, )) NAME(tinysdk_accumulate, _mve);

static int NAME(accumulate_case, )(void) {
  const tinysdk_count_args a = {random_between(1, 400)};
  const int32_t each = (int32_t)sizeof(MANTISSA), in_place = random_between(0, 2);
  pool_reset();
  MANTISSA *const input1 = pool_take(a.count * each), *const input2 = pool_take(a.count * each);
  MANTISSA *const expected = pool_take(a.count * each), *const result = pool_take(a.count * each);
  const int32_t apart = random_between(0, 5) ? random_between(-20, 20) : random_between(-300, 300);
  int32_t exponents[4] = {random_between(-40, 10), 0, 0, 0};
  exponents[1] = exponents[0] + apart;
  NAME(fill, )(input1, a.count, LIMIT);
  NAME(fill, )(input2, a.count, LIMIT);
  memcpy(result, in_place == 1 ? input1 : input2, (uint32_t)(a.count * each));
  NAME(tinysdk_accumulate, )(&a, input1, exponents, input2, exponents + 1, expected, exponents + 2);
  NAME(tinysdk_accumulate, _mve)
  (&a, in_place == 1 ? result : input1, exponents, in_place == 2 ? result : input2, exponents + 1, result,
   exponents + 3);
  return exponents[2] == exponents[3] && !memcmp(expected, result, (uint32_t)(a.count * each)) &&
         pool_intact();
}

extern __typeof__(NAME(tinysdk_conv2d_weight_update_s8, )) NAME(tinysdk_conv2d_weight_update_s8, _mve);

static int NAME(weight_case, )(void) {
  tinysdk_conv2d_args a = integer_pointwise(random_between(0, 5) ? 20 : 40);
  pool_reset();
  const int32_t own = random_between(1, a.in_channels), plane = a.in_height * a.in_width;
  a.trained_channels = own == a.in_channels ? 0 : own;
  const int32_t gradients = a.batch * a.out_channels * plane, weights = own * a.out_channels;
  const int32_t exponent = random_between(0, 5) ? random_between(-25, -5) : random_between(-140, 130);
  MANTISSA *const gradient = pool_take(gradients * (int32_t)sizeof(MANTISSA));
  float *const scale = pool_take(4 * a.out_channels);
  int8_t *const saved = pool_take(a.batch * own * plane);
  int8_t *const expected = pool_take(weights), *const result = pool_take(weights);
  int8_t *const rest = pool_take(weights), *const other = pool_take(weights);
  const float rate[1] = {random_between(0, 7) ? 0.03f : 1e-30f};
  NAME(fill, )(gradient, gradients, INT32_MAX / (255 * a.batch * plane));
  integer_scales(scale, a.out_channels);
  random_bytes(saved, a.batch * own * plane, -128);
  random_bytes(expected, weights, -127);
  random_bytes(rest, weights, -128);
  memcpy(result, expected, (uint32_t)weights);
  memcpy(other, rest, (uint32_t)weights);
  const int32_t fine = random_between(0, 2) != 0;
  NAME(tinysdk_conv2d_weight_update_s8, )
  (&a, gradient, &exponent, saved, 0, scale, rate, expected, fine ? rest : 0);
  NAME(tinysdk_conv2d_weight_update_s8, _mve)
  (&a, gradient, &exponent, saved, 0, scale, rate, result, fine ? other : 0);
  return !memcmp(expected, result, (uint32_t)weights) && !memcmp(rest, other, (uint32_t)weights) &&
         pool_intact();
}

extern __typeof__(NAME(tinysdk_conv2d_bias_update_s32, )) NAME(tinysdk_conv2d_bias_update_s32, _mve);

static int NAME(bias_case, )(void) {
  const tinysdk_conv2d_args a = integer_pointwise(40);
  pool_reset();
  const int32_t gradients = a.batch * a.out_channels * a.in_height * a.in_width;
  const int32_t exponent = random_between(0, 3) ? random_between(-20, 0) : random_between(-140, 130);
  MANTISSA *const gradient = pool_take(gradients * (int32_t)sizeof(MANTISSA));
  float *const scale = pool_take(4 * a.out_channels);
  int32_t *const expected = pool_take(4 * a.out_channels), *const result = pool_take(4 * a.out_channels);
  const float rate[1] = {100.0f};
  NAME(fill, )(gradient, gradients, LIMIT);
  integer_scales(scale, a.out_channels);
  for (int32_t o = 0; o < a.out_channels; o++)
    expected[o] = result[o] = (int32_t)random_bits();
  NAME(tinysdk_conv2d_bias_update_s32, )(&a, gradient, &exponent, scale, rate, expected);
  NAME(tinysdk_conv2d_bias_update_s32, _mve)(&a, gradient, &exponent, scale, rate, result);
  return !memcmp(expected, result, 4 * (uint32_t)a.out_channels) && pool_intact();
}

extern __typeof__(NAME(tinysdk_average_pool2d_gradient, )) NAME(tinysdk_average_pool2d_gradient, _mve);

static int NAME(pool_case, )(void) {
  const int32_t height = random_between(1, 9), width = random_between(1, 9);
  tinysdk_average_pool2d_gradient_args a = {.batch = random_between(1, 2),
                                            .channels = random_between(1, 20),
                                            .in_height = height,
                                            .in_width = width,
                                            .out_height = 1,
                                            .out_width = 1,
                                            .kernel_height = height,
                                            .kernel_width = width,
                                            .stride_y = random_between(1, height),
                                            .stride_x = width,
                                            .dilation_y = 1,
                                            .dilation_x = 1,
                                            .count_padding = random_between(0, 1)};
  /* |a| < 2^30 */
  for (int32_t bits = 30 - BITS + 1;
       bits < 31 && ((LIMIT + 0LL) * ((1LL << bits) / (height * width) + 1)) < 1 << 30; bits++)
    a.share_bits = bits;
  const int32_t planes = a.batch * a.channels, count = planes * height * width;
  const int32_t each = (int32_t)sizeof(MANTISSA);
  pool_reset();
  MANTISSA *const gradient = pool_take(planes * each), *const expected = pool_take(count * each);
  MANTISSA *const result = pool_take(count * each);
  int32_t exponents[3] = {random_between(-40, 10), 0, 0};
  NAME(fill, )(gradient, planes, LIMIT);
  NAME(tinysdk_average_pool2d_gradient, )(&a, gradient, exponents, expected, exponents + 1);
  NAME(tinysdk_average_pool2d_gradient, _mve)(&a, gradient, exponents, result, exponents + 2);
  return exponents[1] == exponents[2] && !memcmp(expected, result, (uint32_t)(count * each)) && pool_intact();
}

#undef LIMIT
