#include "check.h"

#include "reference_rules.h"

/* A layer's weight gradient: which channels learn, what was saved, the exact sums per learning weight. */
typedef struct {
  layer l;
  int32_t own; /* learning positions */
  uint16_t *order;
  int8_t *saved;
  tensor g;
  int64_t count;
  int64_t *sums;
  int32_t *output; /* each weight's output channel */
  int64_t *bias;
  float *scale;
} problem;

static int is_depthwise(const problem *p) {
  return p->l.args.groups == p->l.args.in_channels;
}

/* The weight of the learning tensor between output o and learning position k; -1 if there is none. */
static int64_t own_weight(const problem *p, int32_t o, int32_t k, int32_t ky, int32_t kx) {
  const tinysdk_conv2d_args *const a = &p->l.args;
  const int32_t multiplier = a->out_channels / a->in_channels;
  if (is_depthwise(p) && o / multiplier != p->order[k])
    return -1;
  const int64_t block = is_depthwise(p) ? (int64_t)k * multiplier + o % multiplier : (int64_t)o * p->own + k;
  return (block * a->kernel_height + ky) * a->kernel_width + kx;
}

/* The plane of `saved` that learning position k of output o reads in image b. */
static int64_t saved_plane(const problem *p, int32_t b, int32_t o, int32_t k) {
  const tinysdk_conv2d_args *const a = &p->l.args;
  if (is_depthwise(p))
    return (int64_t)b * p->own + k;
  return ((int64_t)b * a->groups + o / (a->out_channels / a->groups)) * p->own + k;
}

static void add_element(problem *p, int64_t e) {
  const tinysdk_conv2d_args *const a = &p->l.args;
  const int32_t ox = (int32_t)(e % a->out_width), oy = (int32_t)(e / a->out_width % a->out_height);
  const int32_t plane = (int32_t)(e / a->out_width / a->out_height);
  const int32_t o = plane % a->out_channels, b = plane / a->out_channels;
  p->bias[o] += mantissa(&p->g, e);
  for (int32_t k = 0; k < p->own; k++)
    for (int32_t ky = 0; ky < a->kernel_height; ky++)
      for (int32_t kx = 0; kx < a->kernel_width; kx++) {
        const int32_t y = oy * a->stride_y + ky * a->dilation_y - a->pad_top;
        const int32_t x = ox * a->stride_x + kx * a->dilation_x - a->pad_left;
        const int64_t weight = own_weight(p, o, k, ky, kx);
        if (weight < 0)
          continue;
        p->output[weight] = o;
        if (y >= 0 && y < a->in_height && x >= 0 && x < a->in_width)
          p->sums[weight] +=
              (int64_t)mantissa(&p->g, e) *
              (p->saved[(saved_plane(p, b, o, k) * a->in_height + y) * a->in_width + x] - a->input_zero);
      }
}

static problem new_problem(enum layer_kind kind, int32_t width, int32_t split) {
  problem p = {.l = random_layer(kind, split)};
  const tinysdk_conv2d_args *const a = &p.l.args;
  p.own = a->trained_channels ? a->trained_channels : p.l.axis;
  p.order = p.l.order;
  const int64_t planes = (int64_t)a->batch * (is_depthwise(&p) ? p.own : a->groups * p.own);
  const int64_t saved = planes * a->in_height * a->in_width;
  p.saved = cells(saved, 1);
  for (int64_t i = 0; i < saved; i++)
    p.saved[i] = (int8_t)random_in(-128, 127);
  p.g = new_tensor(width, output_count(&p.l));
  fill_tensor(&p.g, output_count(&p.l),
              bits_for(width, (double)a->batch * a->out_height * a->out_width, 255, 31));
  p.g.exponent = random_in(0, 9) ? p.g.exponent : random_in(-200, 200);
  const int32_t blocks =
      is_depthwise(&p) ? p.own * (a->out_channels / a->in_channels) : a->out_channels * p.own;
  p.count = (int64_t)blocks * a->kernel_height * a->kernel_width;
  p.sums = cells(p.count, sizeof(int64_t));
  p.output = cells(p.count, sizeof(int32_t));
  p.bias = cells(a->out_channels, sizeof(int64_t));
  p.scale = cells(a->out_channels, sizeof(float));
  for (int32_t o = 0; o < a->out_channels; o++)
    p.scale[o] = (float)random_real(0.1, 3);
  for (int64_t e = 0; e < output_count(&p.l); e++)
    add_element(&p, e);
  return p;
}

static void free_problem(problem *p) {
  free_layer(&p->l);
  free(p->saved);
  free(p->g.mantissas);
  free(p->sums);
  free(p->output);
  free(p->bias);
  free(p->scale);
}

/* A sum's value, without the kernels' way of making powers of two. */
static float value_of(int64_t sum, int32_t exponent) {
  if (exponent < -126)
    return 0;
  return (float)((double)(float)sum * ldexp(1, exponent > 127 ? 127 : exponent));
}

static void check_gradients(const problem *p) {
  const tinysdk_conv2d_args *const a = &p->l.args;
  const uint16_t *const order = p->l.trained ? p->order : NULL;
  float *const weights = cells(p->count, sizeof(float)), *const bias = cells(a->out_channels, sizeof(float));
  if (p->g.width == 16) {
    tinysdk_conv2d_weight_gradient_g16(a, p->g.mantissas, &p->g.exponent, p->saved, order, weights);
    tinysdk_conv2d_bias_gradient_g16(a, p->g.mantissas, &p->g.exponent, bias);
  } else {
    tinysdk_conv2d_weight_gradient_g8(a, p->g.mantissas, &p->g.exponent, p->saved, order, weights);
    tinysdk_conv2d_bias_gradient_g8(a, p->g.mantissas, &p->g.exponent, bias);
  }
  for (int64_t i = 0; i < p->count; i++)
    expect(weights[i] == value_of(p->sums[i], p->g.exponent),
           "conv2d_weight_gradient_g%d: weight %ld is %g, not %g", p->g.width, (long)i, (double)weights[i],
           (double)value_of(p->sums[i], p->g.exponent));
  for (int32_t o = 0; o < a->out_channels; o++)
    expect(bias[o] == value_of(p->bias[o], p->g.exponent), "conv2d_bias_gradient_g%d: channel %d is %g",
           p->g.width, o, (double)bias[o]);
  if (p->g.exponent > -60 && p->g.exponent < 60) {
    /* The float kernel rounds after each product. */
    float *const floats = tensor_floats(&p->g, output_count(&p->l));
    float *const twin = cells(p->count, sizeof(float));
    const double terms = (double)a->batch * a->out_height * a->out_width;
    const double slack = terms * terms * ldexp(255, p->g.width - 1 + p->g.exponent - 23);
    tinysdk_conv2d_weight_gradient_f32(a, floats, p->saved, order, twin);
    for (int64_t i = 0; i < p->count; i++)
      expect(fabs((double)weights[i] - (double)twin[i]) <= slack, "conv2d_weight_gradient_g%d: %g, float %g",
             p->g.width, (double)weights[i], (double)twin[i]);
    free(floats);
    free(twin);
  }
  free(weights);
  free(bias);
}

/* Which rule: 0 to nearest, 1 eight residual bits, 2 four, 3 stochastic; from integers or from the same
 * gradient as floats. */
static void update(const problem *p, int32_t rule, int32_t integer, float rate, int8_t *w, void *rest,
                   const uint32_t *counter) {
  const tinysdk_conv2d_args *const a = &p->l.args;
  const uint16_t *const order = p->l.trained ? p->order : NULL, stream[1] = {7};
  const int32_t *const exponent = &p->g.exponent;
  void *const g = p->g.mantissas;
  void *const eight = rule == 1 ? rest : NULL;
  if (!integer) {
    float *const f = tensor_floats(&p->g, output_count(&p->l));
    if (rule < 2)
      tinysdk_conv2d_weight_update_s8(a, f, p->saved, order, p->scale, &rate, w, eight);
    else if (rule == 2)
      tinysdk_conv2d_weight_update_s8_r4(a, f, p->saved, order, p->scale, &rate, w, rest);
    else
      tinysdk_conv2d_weight_update_s8_stochastic(a, f, p->saved, order, p->scale, &rate, w, stream, counter);
    free(f);
  } else if (p->g.width == 16) {
    if (rule < 2)
      tinysdk_conv2d_weight_update_s8_g16(a, g, exponent, p->saved, order, p->scale, &rate, w, eight);
    else if (rule == 2)
      tinysdk_conv2d_weight_update_s8_g16_r4(a, g, exponent, p->saved, order, p->scale, &rate, w, rest);
    else
      tinysdk_conv2d_weight_update_s8_g16_stochastic(a, g, exponent, p->saved, order, p->scale, &rate, w,
                                                     stream, counter);
  } else {
    if (rule < 2)
      tinysdk_conv2d_weight_update_s8_g8(a, g, exponent, p->saved, order, p->scale, &rate, w, eight);
    else if (rule == 2)
      tinysdk_conv2d_weight_update_s8_g8_r4(a, g, exponent, p->saved, order, p->scale, &rate, w, rest);
    else
      tinysdk_conv2d_weight_update_s8_g8_stochastic(a, g, exponent, p->saved, order, p->scale, &rate, w,
                                                    stream, counter);
  }
}

/* The weight gradients as the kernel under test sees them. */
static float *gradients_seen(const problem *p, int32_t integer) {
  float *const values = cells(p->count, sizeof(float));
  if (integer) {
    for (int64_t i = 0; i < p->count; i++)
      values[i] = value_of(p->sums[i], p->g.exponent);
    return values;
  }
  float *const floats = tensor_floats(&p->g, output_count(&p->l));
  tinysdk_conv2d_weight_gradient_f32(&p->l.args, floats, p->saved, p->l.trained ? p->order : NULL, values);
  free(floats);
  return values;
}

static void check_updates(const problem *p, int32_t rule, int32_t integer) {
  const int64_t bytes = rule == 2 ? (p->count + 1) / 2 : p->count;
  const uint32_t counter[2] = {(uint32_t)random_bits(), (uint32_t)random_bits()};
  const float rate = ldexpf((float)random_real(0.5, 1), -p->g.exponent - random_in(10, 26));
  int8_t *const w = cells(p->count, 1), *const before = cells(p->count, 1);
  uint8_t *const rest = cells(bytes, 1), *const rest_before = cells(bytes, 1);
  float *const g = gradients_seen(p, integer);
  for (int64_t i = 0; i < p->count; i++)
    w[i] = before[i] = (int8_t)random_in(-127, 127);
  for (int64_t i = 0; i < bytes; i++)
    rest[i] = rest_before[i] = (uint8_t)random_bits();
  update(p, rule, integer, rate, w, rest, counter);
  for (int64_t i = 0; i < p->count; i++) {
    const float step = rate * p->scale[p->output[i]];
    const ruled expected =
        apply_rule(rule, before[i], rest_before, i, step * g[i], reference_random(counter, 7, (uint32_t)i));
    expect(w[i] == expected.weight,
           "rule %d, width %d, integer %d: weight %ld is %d, not %d (was %d, change %g)", rule, p->g.width,
           integer, (long)i, w[i], expected.weight, before[i], (double)(step * g[i]));
    if (rule == 1 || rule == 2)
      expect(residual_at(rule, rest, i) == expected.residual, "rule %d: residual %ld is %d, not %d", rule,
             (long)i, residual_at(rule, rest, i), expected.residual);
  }
  free(w);
  free(before);
  free(rest);
  free(rest_before);
  free(g);
}

static void check_bias_update(const problem *p) {
  const tinysdk_conv2d_args *const a = &p->l.args;
  const float rate = ldexpf((float)random_real(0.5, 1), -p->g.exponent - random_in(-10, 10));
  int32_t *const bias = cells(a->out_channels, 4), *const before = cells(a->out_channels, 4);
  for (int32_t o = 0; o < a->out_channels; o++)
    bias[o] = before[o] = random_in(0, 3) ? random_in(-100000, 100000) : random_in(INT32_MIN, INT32_MAX);
  if (p->g.width == 16)
    tinysdk_conv2d_bias_update_s32_g16(a, p->g.mantissas, &p->g.exponent, p->scale, &rate, bias);
  else
    tinysdk_conv2d_bias_update_s32_g8(a, p->g.mantissas, &p->g.exponent, p->scale, &rate, bias);
  for (int32_t o = 0; o < a->out_channels; o++) {
    const double change = rint((double)((rate * p->scale[o]) * value_of(p->bias[o], p->g.exponent)));
    double expected = isnan(change) ? before[o] : before[o] - fmax(INT32_MIN, fmin(INT32_MAX, change));
    expected = fmax(INT32_MIN, fmin(INT32_MAX, expected));
    expect(bias[o] == (int32_t)expected, "conv2d_bias_update_s32_g%d: %d, not %d", p->g.width, bias[o],
           (int32_t)expected);
  }
  free(bias);
  free(before);
}

void check_weights(void) {
  for (int32_t round = 0; round < 2400; round++) {
    problem p = new_problem((enum layer_kind)(round % 3), round & 1 ? 16 : 8, round / 6 % 2);
    check_gradients(&p);
    check_bias_update(&p);
    for (int32_t rule = 0; rule < 4; rule++)
      check_updates(&p, rule, 1);
    if (p.g.exponent > -60 && p.g.exponent < 60)
      check_updates(&p, round / 12 % 4, 0);
    free_problem(&p);
  }
}
