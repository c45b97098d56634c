#include "check.h"

static tinysdk_pool2d_args random_pool(void) {
  tinysdk_pool2d_args a = {
      .batch = random_in(1, 2), .channels = random_in(1, 4), .in_height = random_in(1, 9)};
  a.in_width = random_in(0, 9) ? random_in(1, 12) : random_in(60, 140);
  a.kernel_height = random_in(1, 5);
  a.kernel_width = random_in(1, 5);
  a.stride_y = random_in(1, 3);
  a.stride_x = random_in(1, 3);
  a.dilation_y = random_in(1, 2);
  a.dilation_x = random_in(1, 2);
  a.pad_top = random_in(0, a.kernel_height);
  a.pad_left = random_in(0, a.kernel_width);
  a.out_height = (a.in_height + a.pad_top) / a.stride_y + 1;
  a.out_width = (a.in_width + a.pad_left) / a.stride_x + 1;
  a.count_padding = random_in(0, 1);
  return a;
}

static int64_t in_count(const tinysdk_pool2d_args *a) {
  return (int64_t)a->batch * a->channels * a->in_height * a->in_width;
}

static int64_t out_count(const tinysdk_pool2d_args *a) {
  return (int64_t)a->batch * a->channels * a->out_height * a->out_width;
}

/* The pixels inside the image of the window of output element e, as elements of the input. */
static int32_t window_pixels(const tinysdk_pool2d_args *a, int64_t e, int64_t *pixels) {
  const int32_t ox = (int32_t)(e % a->out_width), oy = (int32_t)(e / a->out_width % a->out_height);
  const int64_t plane = e / a->out_width / a->out_height;
  int32_t inside = 0;
  for (int32_t ky = 0; ky < a->kernel_height; ky++)
    for (int32_t kx = 0; kx < a->kernel_width; kx++) {
      const int32_t y = oy * a->stride_y + ky * a->dilation_y - a->pad_top;
      const int32_t x = ox * a->stride_x + kx * a->dilation_x - a->pad_left;
      if (y >= 0 && y < a->in_height && x >= 0 && x < a->in_width)
        pixels[inside++] = (plane * a->in_height + y) * a->in_width + x;
    }
  return inside;
}

/* sums += gradient * share over each window; a gradient of NULL counts as `limit` everywhere. */
static void spread(const tinysdk_pool2d_args *a, const tensor *g, int32_t limit, int32_t share_bits,
                   int64_t *sums) {
  int64_t pixels[25];
  for (int64_t e = 0; e < out_count(a); e++) {
    const int32_t inside = window_pixels(a, e, pixels);
    const int32_t divisor = a->count_padding ? a->kernel_height * a->kernel_width : inside;
    for (int32_t i = 0; i < inside; i++)
      sums[pixels[i]] +=
          (int64_t)(g ? mantissa(g, e) : limit) * (((1 << share_bits) + divisor / 2) / divisor);
  }
}

/* The largest share bits whose sums stay below 2^30, as the compiler would choose them. */
static int32_t choose_share_bits(const tinysdk_pool2d_args *a, int32_t width) {
  int64_t *const sums = cells(in_count(a), 8);
  for (int32_t bits = 22; bits > 0; bits--) {
    int fits = 1;
    memset(sums, 0, (size_t)in_count(a) * 8);
    spread(a, NULL, (1 << (width - 1)) - 1, bits, sums);
    for (int64_t i = 0; i < in_count(a); i++)
      fits = fits && sums[i] < 1 << 30;
    if (fits) {
      free(sums);
      return bits;
    }
  }
  free(sums);
  return 0;
}

static void check_average(int32_t width) {
  const tinysdk_pool2d_args p = random_pool();
  const int32_t bits = choose_share_bits(&p, width);
  const tinysdk_average_pool2d_gradient_args a = {p.batch,      p.channels,   p.in_height,     p.in_width,
                                                  p.out_height, p.out_width,  p.kernel_height, p.kernel_width,
                                                  p.stride_y,   p.stride_x,   p.pad_top,       p.pad_left,
                                                  p.dilation_y, p.dilation_x, p.count_padding, bits};
  tensor g = new_tensor(width, out_count(&p)), to = new_tensor(width, in_count(&p));
  int64_t *const sums = cells(in_count(&p), 8);
  fill_tensor(&g, out_count(&p), width - 1);
  spread(&p, &g, 0, bits, sums);
  if (width == 16)
    tinysdk_average_pool2d_gradient_g16(&a, g.mantissas, &g.exponent, to.mantissas, &to.exponent);
  else
    tinysdk_average_pool2d_gradient_g8(&a, g.mantissas, &g.exponent, to.mantissas, &to.exponent);
  expect_narrowed("average_pool2d_gradient", &to, sums, in_count(&p), width - 1, g.exponent - bits);
  float *const values = tensor_floats(&g, out_count(&p)), *const expected = cells(in_count(&p), 4);
  tinysdk_average_pool2d_gradient_f32(&p, values, expected);
  /* Each share is off by at most half of 2^-bits. */
  expect_near("average_pool2d_gradient", &to, expected, in_count(&p), 1,
              ldexp(25 * (ldexp(0.5, -bits) + ldexp(1, -20)), width - 1 + g.exponent));
  free(g.mantissas);
  free(to.mantissas);
  free(sums);
  free(values);
  free(expected);
}

static void check_max(int32_t width) {
  const tinysdk_pool2d_args p = random_pool();
  const int64_t plane = (int64_t)p.in_height * p.in_width;
  tensor g = new_tensor(width, out_count(&p)), to = new_tensor(width, in_count(&p));
  int64_t *const sums = cells(in_count(&p), 8), pixels[25];
  uint16_t *const argmax = cells(out_count(&p), 2);
  fill_tensor(&g, out_count(&p), width - 1);
  for (int64_t e = 0; e < out_count(&p); e++) {
    const int32_t inside = window_pixels(&p, e, pixels);
    const int64_t winner = inside ? pixels[random_in(0, inside - 1)] : -1;
    argmax[e] = winner < 0 ? 65535 : (uint16_t)(winner % plane);
    if (winner >= 0)
      sums[winner] += mantissa(&g, e);
  }
  if (width == 16)
    tinysdk_max_pool2d_gradient_g16(&p, g.mantissas, &g.exponent, argmax, to.mantissas, &to.exponent);
  else
    tinysdk_max_pool2d_gradient_g8(&p, g.mantissas, &g.exponent, argmax, to.mantissas, &to.exponent);
  expect_narrowed("max_pool2d_gradient", &to, sums, in_count(&p), width - 1, g.exponent);
  float *const values = tensor_floats(&g, out_count(&p)), *const expected = cells(in_count(&p), 4);
  tinysdk_max_pool2d_gradient_f32(&p, values, argmax, expected);
  expect_near("max_pool2d_gradient", &to, expected, in_count(&p), 1, 0);
  free(g.mantissas);
  free(to.mantissas);
  free(sums);
  free(argmax);
  free(values);
  free(expected);
}

void check_pooling(void) {
  for (int32_t round = 0; round < 2000; round++) {
    check_average(round % 2 ? 16 : 8);
    check_max(round % 2 ? 16 : 8);
  }
}
