#include "check.h"

/* One product per output position, weight and image: the plainest order there is. */
static void reference(const layer *l, const tensor *g, int64_t *sums) {
  const tinysdk_conv2d_args *const a = &l->args;
  for (int64_t e = 0; e < output_count(l); e++) {
    const int32_t ox = (int32_t)(e % a->out_width), oy = (int32_t)(e / a->out_width % a->out_height);
    const int32_t plane = (int32_t)(e / a->out_width / a->out_height);
    const int32_t o = plane % a->out_channels, b = plane / a->out_channels;
    for (int32_t c = 0; c < a->in_channels; c++)
      for (int32_t ky = 0; ky < a->kernel_height; ky++)
        for (int32_t kx = 0; kx < a->kernel_width; kx++) {
          const int32_t y = oy * a->stride_y + ky * a->dilation_y - a->pad_top;
          const int32_t x = ox * a->stride_x + kx * a->dilation_x - a->pad_left;
          const int64_t weight = weight_at(l, o, c, ky, kx);
          if (weight >= 0 && y >= 0 && y < a->in_height && x >= 0 && x < a->in_width)
            sums[(((int64_t)b * a->in_channels + c) * a->in_height + y) * a->in_width + x] +=
                (int64_t)mantissa(g, e) * (l->whole[weight] - a->weight_zero);
        }
  }
}

typedef struct {
  const char *name;
  enum layer_kind kind;
  __typeof__(tinysdk_conv2d_input_gradient_g16) *g16;
  __typeof__(tinysdk_conv2d_input_gradient_g8) *g8;
  __typeof__(tinysdk_conv2d_input_gradient_f32) *f32;
  __typeof__(tinysdk_conv2d_input_gradient_f32_scratch) *scratch[3];
} kernel;

static const kernel kernels[] = {
    {"conv2d_input_gradient",
     GENERAL,
     tinysdk_conv2d_input_gradient_g16,
     tinysdk_conv2d_input_gradient_g8,
     tinysdk_conv2d_input_gradient_f32,
     {tinysdk_conv2d_input_gradient_g16_scratch, tinysdk_conv2d_input_gradient_g8_scratch,
      tinysdk_conv2d_input_gradient_f32_scratch}},
    {"conv2d_1x1_input_gradient",
     POINTWISE,
     tinysdk_conv2d_1x1_input_gradient_g16,
     tinysdk_conv2d_1x1_input_gradient_g8,
     tinysdk_conv2d_1x1_input_gradient_f32,
     {tinysdk_conv2d_1x1_input_gradient_g16_scratch, tinysdk_conv2d_1x1_input_gradient_g8_scratch,
      tinysdk_conv2d_1x1_input_gradient_f32_scratch}},
    {"depthwise_input_gradient",
     DEPTHWISE,
     tinysdk_depthwise_input_gradient_g16,
     tinysdk_depthwise_input_gradient_g8,
     tinysdk_depthwise_input_gradient_f32,
     {tinysdk_depthwise_input_gradient_g16_scratch, tinysdk_depthwise_input_gradient_g8_scratch,
      tinysdk_depthwise_input_gradient_f32_scratch}}};

static void run(const kernel *k, const layer *l, const tensor *g, tensor *to) {
  void *const scratch = cells(k->scratch[g->width == 16 ? 0 : 1](&l->args), 1);
  const uint16_t *const order = l->trained ? l->order : NULL;
  if (g->width == 16)
    k->g16(&l->args, g->mantissas, &g->exponent, l->frozen, l->trained, order, to->mantissas, &to->exponent,
           scratch);
  else
    k->g8(&l->args, g->mantissas, &g->exponent, l->frozen, l->trained, order, to->mantissas, &to->exponent,
          scratch);
  free(scratch);
}

static int works_in_place(const layer *l, enum layer_kind kind) {
  const tinysdk_conv2d_args *const a = &l->args;
  return kind == POINTWISE ||
         (kind == DEPTHWISE && a->in_channels == a->out_channels && a->stride_x == 1 && a->stride_y == 1 &&
          a->in_height == a->out_height && a->in_width == a->out_width);
}

static void compare_with_float(const kernel *k, const layer *l, const tensor *g, const tensor *found) {
  float *const gradient = tensor_floats(g, output_count(l));
  float *const expected = cells(input_count(l), sizeof(float));
  void *const scratch = cells(k->scratch[2](&l->args), 1);
  k->f32(&l->args, gradient, l->frozen, l->trained, l->trained ? l->order : NULL, expected, scratch);
  const double largest = ldexp(255.0 * l->products, g->width - 1 + g->exponent);
  expect_near(k->name, found, expected, input_count(l), 1, largest * l->products * ldexp(1, -24));
  free(gradient);
  free(expected);
  free(scratch);
}

static void check_one(const kernel *k, int32_t width, int32_t split) {
  layer l = random_layer(k->kind, split);
  const int64_t in = input_count(&l), out = output_count(&l);
  tensor g = new_tensor(width, out), to = new_tensor(width, in);
  int64_t *const sums = cells(in, sizeof(int64_t));
  fill_tensor(&g, out, bits_for(width, l.products, 255, 30));
  reference(&l, &g, sums);
  run(k, &l, &g, &to);
  expect_narrowed(k->name, &to, sums, in, width - 1, g.exponent);
  compare_with_float(k, &l, &g, &to);
  if (works_in_place(&l, k->kind)) {
    tensor both = new_tensor(width, in > out ? in : out);
    both.exponent = g.exponent;
    memcpy(both.mantissas, g.mantissas, (size_t)(out * width / 8));
    run(k, &l, &both, &both);
    expect_narrowed(k->name, &both, sums, in, width - 1, g.exponent);
    free(both.mantissas);
  }
  free(g.mantissas);
  free(to.mantissas);
  free(sums);
  free_layer(&l);
}

void check_input_gradients(void) {
  for (int32_t round = 0; round < 4000; round++)
    for (int32_t k = 0; k < 3; k++)
      check_one(&kernels[k], round % 2 ? 16 : 8, round / 2 % 2);
}
