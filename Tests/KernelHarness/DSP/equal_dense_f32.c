/* Compares the float dense kernels with their Portable twins on random layers, bit for bit. */
#include "harness.h"

#include <math.h>

#define LARGEST 70

extern __typeof__(tinysdk_dense_f32) tinysdk_dense_f32_dsp;
extern __typeof__(tinysdk_dense_input_gradient_f32) tinysdk_dense_input_gradient_f32_dsp;
extern __typeof__(tinysdk_dense_weight_update_f32) tinysdk_dense_weight_update_f32_dsp;
extern __typeof__(tinysdk_dense_relu_update_f32) tinysdk_dense_relu_update_f32_dsp;
int32_t tinysdk_dense_f32_dsp_instructions(const tinysdk_dense_f32_args *args);
int32_t tinysdk_dense_input_gradient_f32_dsp_instructions(const tinysdk_dense_f32_args *args);
int32_t tinysdk_dense_weight_update_f32_dsp_instructions(const tinysdk_dense_f32_args *args);
int32_t tinysdk_dense_relu_update_f32_dsp_instructions(const tinysdk_dense_f32_args *args);

static float input[3 * LARGEST], gradient[3 * LARGEST], bias[LARGEST], weights[3][LARGEST * LARGEST + 1],
    output[2][3 * LARGEST + 1];
static int32_t failures, cases;

/* Ordinary numbers, both zeros, subnormals and numbers whose products leave the normal range. */
static void fill(float *values, int32_t count) {
  static const float odd[] = {0.0f, -0.0f, 0x1p-149f, -0x1.8p-140f, 0x1.4p-75f, -0x1.fp-80f, 0x1p60f};
  harness_fill_floats(values, count);
  for (int32_t i = 0; i < count; i++)
    if (harness_between(0, 3) == 0)
      values[i] = odd[harness_between(0, 6)];
}

static void compare(const char *kernel, const tinysdk_dense_f32_args *a, const void *found,
                    const void *expected, size_t bytes) {
  char text[96];
  cases++;
  if (memcmp(found, expected, bytes) == 0)
    return;
  failures++;
  snprintf(text, sizeof text, "%s differs: batch %d, %d inputs, %d outputs\n", kernel, (int)a->batch,
           (int)a->in_count, (int)a->out_count);
  harness_print(text);
}

/* In one pass against the three kernels one after the other, and in place. */
static void test_relu_update(const tinysdk_dense_f32_args *a, const float *rate) {
  const tinysdk_count_args inputs = {a->in_count};
  const size_t count = (size_t)(a->in_count * a->out_count) + 1;
  if (harness_between(0, 9) == 0)
    input[harness_between(0, a->in_count - 1)] = NAN;
  memcpy(weights[1], weights[0], sizeof weights[0]);
  memset(output, 77, sizeof output);
  tinysdk_dense_input_gradient_f32(a, gradient, weights[0], output[0]);
  tinysdk_relu_gradient_f32(&inputs, output[0], input, output[0]);
  memcpy(output[1], input, (size_t)a->in_count * sizeof(float));
  tinysdk_dense_relu_update_f32_dsp(a, gradient, output[1], rate, weights[1], output[1]);
  compare("dense_relu_update_f32", a, output[1], output[0], sizeof output[0]);
  memcpy(output[1], input, (size_t)a->in_count * sizeof(float));
  memcpy(weights[2], weights[0], sizeof weights[0]);
  tinysdk_dense_relu_update_f32(a, gradient, output[1], rate, weights[2], output[1]);
  compare("portable dense_relu_update_f32", a, output[1], output[0], sizeof output[0]);
  tinysdk_dense_weight_update_f32(a, gradient, input, rate, weights[0]);
  for (size_t i = 0; i < count; i++) {
    /* Which of two NaNs a fused step passes on is the processor's business. */
    if (isnan(weights[0][i]) && isnan(weights[1][i]) && isnan(weights[2][i]))
      weights[1][i] = weights[2][i] = weights[0][i];
  }
  compare("dense_relu_update_f32's weights", a, weights[1], weights[0], count * sizeof(float));
  compare("portable dense_relu_update_f32's weights", a, weights[2], weights[0], count * sizeof(float));
}

static void test_layer(void) {
  const tinysdk_dense_f32_args args = {harness_between(1, 3), harness_between(1, LARGEST),
                                       harness_between(1, LARGEST)};
  tinysdk_dense_f32_args one = args;
  const size_t count = (size_t)(args.in_count * args.out_count) + 1;
  const float *const some_bias = harness_between(0, 3) ? bias : NULL;
  const float rate = (float)harness_between(0, 100) / 64.0f;
  one.batch = 1;
  fill(input, 3 * LARGEST);
  fill(gradient, 3 * LARGEST);
  fill(bias, LARGEST);
  fill(weights[0], LARGEST * LARGEST + 1);
  memcpy(weights[1], weights[0], sizeof weights[0]);
  memset(output, 77, sizeof output);
  tinysdk_dense_f32(&args, input, weights[0], some_bias, output[0]);
  tinysdk_dense_f32_dsp(&args, input, weights[0], some_bias, output[1]);
  compare("dense_f32", &args, output[1], output[0], sizeof output[0]);
  memset(output, 77, sizeof output);
  tinysdk_dense_input_gradient_f32(&args, gradient, weights[0], output[0]);
  tinysdk_dense_input_gradient_f32_dsp(&args, gradient, weights[0], output[1]);
  compare("dense_input_gradient_f32", &args, output[1], output[0], sizeof output[0]);
  tinysdk_dense_weight_update_f32(&one, gradient, input, &rate, weights[0]);
  tinysdk_dense_weight_update_f32_dsp(&one, gradient, input, &rate, weights[1]);
  compare("dense_weight_update_f32", &one, weights[1], weights[0], count * sizeof(float));
  test_relu_update(&one, &rate);
  if (tinysdk_dense_relu_update_f32_dsp_instructions(&one) < 1 ||
      tinysdk_dense_f32_dsp_instructions(&args) < 1 ||
      tinysdk_dense_input_gradient_f32_dsp_instructions(&args) < 1 ||
      tinysdk_dense_weight_update_f32_dsp_instructions(&one) < 1 ||
      (args.batch > 1 && tinysdk_dense_weight_update_f32_dsp_instructions(&args) >= 0)) {
    failures++;
    harness_print("a kernel does not say what it takes\n");
  }
}

int harness_main(void) {
  char text[64];
  for (int32_t round = 0; round < 1500; round++)
    test_layer();
  snprintf(text, sizeof text, "%d dense cases, %d failures\n", (int)cases, (int)failures);
  harness_print(text);
  return failures > 0;
}
