/* The checks of equal.c for integer gradients. Included once for each width: ELEMENT is a mantissa's type,
 * BITS its bits beside the sign, OF(name) the name of a kernel or check of this
 * width, WITH(name, rest) such a name that goes on. */

/* Mantissas within +-limit and within the type: sparse, small, extreme or evenly spread. */
static ELEMENT *OF(mantissas)(size_t count, int64_t limit) {
  const int32_t most = (int32_t)(limit < (1 << BITS) - 1 ? limit : (1 << BITS) - 1);
  ELEMENT *const made = buffer(count * sizeof(ELEMENT));
  const int32_t sparse = once_in(4), extreme = once_in(5), empty = once_in(20);
  const int32_t reach = once_in(2) ? most : between(1, most);
  for (size_t i = 0; i < count; i++) {
    made[i] = (ELEMENT)(extreme ? (once_in(2) ? reach : -reach) : between(-reach, reach));
    if (empty || (sparse && !once_in(9)))
      made[i] = 0;
  }
  return made;
}

static void OF(compare_mantissas)(const ELEMENT *a, const int32_t *a_exponent, const ELEMENT *b,
                                  const int32_t *b_exponent, size_t count) {
  compare_words("exponent", a_exponent, b_exponent, 1);
  for (size_t i = 0; i < count; i++)
    if (a[i] != b[i])
      fail("mantissa", i, a[i], b[i]);
}

typedef __typeof__(OF(tinysdk_conv2d_input_gradient)) OF(backward);

static void OF(check_backward)(enum kind kind, OF(backward) * portable, scratch_bytes *portable_scratch,
                               OF(backward) * host, scratch_bytes *host_scratch,
                               scratch_bytes *instructions) {
  tinysdk_conv2d_args a = layer(kind);
  if (instructions(&a) < 0)
    return;
  const size_t in = input_size(&a), out = output_size(&a);
  const tensors t = some_tensors(&a, kind);
  const int32_t same = a.in_height == a.out_height && a.in_width == a.out_width && a.stride_x == 1 &&
                       a.stride_y == 1 && a.in_channels == a.out_channels;
  const int32_t in_place = (kind == POINTWISE || (kind == DEPTHWISE && same)) && once_in(2);
  const size_t length = in_place && out > in ? out : in;
  const int32_t products = a.out_channels / a.groups * a.kernel_height * a.kernel_width;
  const ELEMENT *const gradient = OF(mantissas)(out, ((1 << 30) - 1) / (products * 255));
  const int32_t exponent = between(-40, 40);
  int32_t exponents[2] = {exponent, exponent};
  ELEMENT *results[2];
  for (int32_t i = 0; i < 2; i++) {
    results[i] = buffer(length * sizeof(ELEMENT));
    if (in_place)
      memcpy(results[i], gradient, out * sizeof(ELEMENT));
  }
  portable(&a, in_place ? results[0] : gradient, in_place ? exponents : &exponent, t.weights, t.trained,
           t.order, results[0], exponents, buffer((size_t)portable_scratch(&a)));
  host(&a, in_place ? results[1] : gradient, in_place ? exponents + 1 : &exponent, t.weights, t.trained,
       t.order, results[1], exponents + 1, buffer((size_t)host_scratch(&a)));
  OF(compare_mantissas)(results[0], exponents, results[1], exponents + 1, in);
  cases++;
}

static void OF(check_weight_update)(enum kind kind) {
  const learning l = learning_layer(kind);
  if (WITH(tinysdk_conv2d_weight_update_s8, _host_instructions)(&l.args) < 0)
    return;
  const int32_t pixels = l.args.batch * l.args.out_height * l.args.out_width, exponent = between(-24, 4);
  const ELEMENT *const gradient =
      OF(mantissas)(output_size(&l.args), (((int64_t)1 << 31) - 1) / (255 * pixels));
  const float *const scale = scales(l.args.out_channels);
  const float rate = ldexpf(1.0f + (float)below(100) / 100.0f, between(-12, 2));
  const int8_t *const weights = bytes_between(l.weights, -128, 127);
  int8_t *const a = copy_of(weights, l.weights), *const b = copy_of(weights, l.weights);
  int8_t *const ra = once_in(3) ? NULL : bytes_between(l.weights, -128, 127), *const rb =
                                                                                  copy_of(ra, l.weights);
  current = "integer conv2d_weight_update_s8";
  OF(tinysdk_conv2d_weight_update_s8)(&l.args, gradient, &exponent, l.saved, l.order, scale, &rate, a, ra);
  WITH(tinysdk_conv2d_weight_update_s8, _host)
  (&l.args, gradient, &exponent, l.saved, l.order, scale, &rate, b, rb);
  compare_bytes("weights", a, b, l.weights);
  compare_bytes("residual", ra, rb, l.weights);
  current = "integer conv2d_weight_update_s8_r4";
  const size_t half = (l.weights + 1) / 2;
  uint8_t *const pa = buffer(half), *const pb = copy_of(pa, half);
  memcpy(a, weights, l.weights);
  memcpy(b, weights, l.weights);
  WITH(tinysdk_conv2d_weight_update_s8, _r4)
  (&l.args, gradient, &exponent, l.saved, l.order, scale, &rate, a, pa);
  WITH(tinysdk_conv2d_weight_update_s8, _r4_host)
  (&l.args, gradient, &exponent, l.saved, l.order, scale, &rate, b, pb);
  compare_bytes("weights", a, b, l.weights);
  compare_bytes("residual", pa, pb, half);
  current = "integer conv2d_weight_update_s8_stochastic";
  const uint16_t stream = (uint16_t)bits();
  const uint32_t counter[2] = {bits(), bits()};
  memcpy(a, weights, l.weights);
  memcpy(b, weights, l.weights);
  WITH(tinysdk_conv2d_weight_update_s8, _stochastic)
  (&l.args, gradient, &exponent, l.saved, l.order, scale, &rate, a, &stream, counter);
  WITH(tinysdk_conv2d_weight_update_s8, _stochastic_host)
  (&l.args, gradient, &exponent, l.saved, l.order, scale, &rate, b, &stream, counter);
  compare_bytes("weights", a, b, l.weights);
  cases += 3;
}

static void OF(check_bias_update)(void) {
  current = "integer conv2d_bias_update_s32";
  const tinysdk_conv2d_args args = layer(once_in(2) ? POINTWISE : GENERAL);
  const size_t outputs = (size_t)args.out_channels;
  const ELEMENT *const gradient = OF(mantissas)(output_size(&args), 32767);
  const float *const scale = scales(args.out_channels);
  const float rate = ldexpf(1.0f + (float)below(100) / 100.0f, between(-12, 20));
  const int32_t exponent = once_in(6) ? between(-140, 140) : between(-24, 4);
  int32_t *const a = buffer(outputs * sizeof(int32_t));
  if (once_in(4))
    a[0] = once_in(2) ? INT32_MIN : INT32_MAX;
  int32_t *const b = copy_of(a, outputs * sizeof(int32_t));
  OF(tinysdk_conv2d_bias_update_s32)(&args, gradient, &exponent, scale, &rate, a);
  WITH(tinysdk_conv2d_bias_update_s32, _host)(&args, gradient, &exponent, scale, &rate, b);
  compare_words("bias", a, b, outputs);
  cases++;
}

static void OF(check_scale)(void) {
  current = "integer scale";
  const tinysdk_scale_gradient_args args = {between(1, 3), between(1, 20), once_in(2) ? 16 : between(1, 40),
                                            once_in(2) ? BITS : between(1, BITS), between(-30, 30)};
  const size_t size = (size_t)(args.batch * args.channels * args.plane);
  snprintf(arguments, sizeof(arguments), "batch %d, channels %d, plane %d, bits %d", args.batch,
           args.channels, args.plane, args.bits);
  const ELEMENT *const input = OF(mantissas)(size, 32767);
  int16_t *const factor = buffer(sizeof(int16_t) * (size_t)args.channels);
  for (int32_t c = 0; c < args.channels; c++)
    factor[c] = (int16_t)(once_in(5) ? 0 : between(0, 32767));
  const uint8_t *const mask = once_in(4) ? NULL : buffer((size + 7) / 8);
  const int32_t in_place = once_in(2), exponent = between(-60, 60);
  int32_t exponents[2] = {exponent, exponent};
  ELEMENT *const a = copy_of(input, size * sizeof(ELEMENT)), *const b = copy_of(a, size * sizeof(ELEMENT));
  OF(tinysdk_scale)
  (&args, in_place ? a : input, in_place ? exponents : &exponent, mask, factor, a, exponents);
  WITH(tinysdk_scale, _host)
  (&args, in_place ? b : input, in_place ? exponents + 1 : &exponent, mask, factor, b, exponents + 1);
  OF(compare_mantissas)(a, exponents, b, exponents + 1, size);
  cases++;
}

static void OF(check_accumulate)(void) {
  current = "integer accumulate";
  const tinysdk_count_args args = {once_in(2) ? between(1, 20) : between(1, 300)};
  const size_t size = (size_t)args.count;
  const ELEMENT *const inputs[2] = {OF(mantissas)(size, 32767), OF(mantissas)(size, 32767)};
  const int32_t from[2] = {between(-60, 60), between(-60, 60)};
  const int32_t near = once_in(2) ? from[0] + between(-16, 16) : from[1], over = below(3);
  int32_t exponents[2] = {from[0], near};
  snprintf(arguments, sizeof(arguments), "count %d, exponents %d %d", args.count, from[0], near);
  ELEMENT *const a = copy_of(inputs[over & 1], size * sizeof(ELEMENT)), *const b = copy_of(
                                                                            a, size * sizeof(ELEMENT));
  OF(tinysdk_accumulate)
  (&args, over == 0 ? a : inputs[0], from, over == 1 ? a : inputs[1], &near, a, exponents);
  WITH(tinysdk_accumulate, _host)
  (&args, over == 0 ? b : inputs[0], from, over == 1 ? b : inputs[1], &near, b, exponents + 1);
  OF(compare_mantissas)(a, exponents, b, exponents + 1, size);
  cases++;
}

static void OF(check_average_pool)(void) {
  current = "integer average_pool2d_gradient";
  const tinysdk_pool2d_args p = pool();
  const tinysdk_average_pool2d_gradient_args args = {.batch = p.batch,
                                                     .channels = p.channels,
                                                     .in_height = p.in_height,
                                                     .in_width = p.in_width,
                                                     .out_height = p.out_height,
                                                     .out_width = p.out_width,
                                                     .kernel_height = p.kernel_height,
                                                     .kernel_width = p.kernel_width,
                                                     .stride_y = p.stride_y,
                                                     .stride_x = p.stride_x,
                                                     .pad_top = p.pad_top,
                                                     .pad_left = p.pad_left,
                                                     .dilation_y = p.dilation_y,
                                                     .dilation_x = p.dilation_x,
                                                     .count_padding = p.count_padding,
                                                     .share_bits = between(0, 30 - BITS)};
  const size_t planes = (size_t)(p.batch * p.channels), in = planes * (size_t)(p.in_height * p.in_width);
  const size_t out = planes * (size_t)(p.out_height * p.out_width);
  if (WITH(tinysdk_average_pool2d_gradient, _host_instructions)(&args) < 0)
    return;
  const ELEMENT *const gradient = OF(mantissas)(out, 32767);
  const int32_t exponent = between(-60, 60);
  int32_t exponents[2] = {0, 0};
  ELEMENT *const a = buffer(in * sizeof(ELEMENT)), *const b = buffer(in * sizeof(ELEMENT));
  OF(tinysdk_average_pool2d_gradient)(&args, gradient, &exponent, a, exponents);
  WITH(tinysdk_average_pool2d_gradient, _host)(&args, gradient, &exponent, b, exponents + 1);
  OF(compare_mantissas)(a, exponents, b, exponents + 1, in);
  cases++;
}

#ifndef CHECK_WIDTH
#define CHECK_WIDTH(kind, kernel)                                                                            \
  (current = "integer " #kernel,                                                                             \
   OF(check_backward)(kind, OF(kernel), WITH(kernel, _scratch), WITH(kernel, _host),                         \
                      WITH(kernel, _host_scratch), WITH(kernel, _host_instructions)))
#endif

static void OF(check_integers)(void) {
  CHECK_WIDTH(POINTWISE, tinysdk_conv2d_1x1_input_gradient), release();
  CHECK_WIDTH(DEPTHWISE, tinysdk_depthwise_input_gradient), release();
  CHECK_WIDTH(GENERAL, tinysdk_conv2d_input_gradient), release();
  OF(check_weight_update)((enum kind)below(3)), release();
  OF(check_bias_update)(), release();
  OF(check_scale)(), release();
  OF(check_accumulate)(), release();
  OF(check_average_pool)(), release();
}
