#include "convolution.h"
#include "mve_float.h"

extern __typeof__(tinysdk_conv2d_1x1_input_gradient_f32) tinysdk_conv2d_1x1_input_gradient_f32_mve;
int32_t tinysdk_conv2d_1x1_input_gradient_f32_mve_scratch(const tinysdk_conv2d_args *args);
int32_t tinysdk_conv2d_1x1_input_gradient_f32_mve_instructions(const tinysdk_conv2d_args *args);

/* Pixels worked on at once. Their gradients are copied to the scratch first, so that the outputs may
 * overwrite them. */
#define PIXELS 4

static void load_columns(const float *gradient, int32_t plane, int32_t outputs, int32_t count,
                         float *columns) {
  const int32_t *from = (const int32_t *)(const void *)gradient;
  int32_t *to = (int32_t *)(void *)columns;
  const mve_pred16_t inside = vctp32q((uint32_t)count);
  for (int32_t o = 0; o < outputs; o++) {
    vstrwq_s32(to, vldrwq_z_s32(from, inside));
    from += plane;
    to += PIXELS;
  }
}

/* Consecutive positions of one tensor and the input channels they stand for (NULL: 0, 1, ...). */
typedef struct {
  const int8_t *weights; /* [out][count] */
  const uint16_t *order;
  int32_t count;
} tensor;

/* The gradients of four pixels for up to four positions from k on: lanes are positions, so that one load
 * takes their weights and each gradient is a scalar. */
TINYSDK_MVE_FLOAT static inline __attribute__((always_inline)) void
multiply_tile(const int8_t *weights, int32_t pitch, int32_t outputs, mve_pred16_t inside, int32_t whole,
              const float *columns, tinysdk_f32x4 sums[PIXELS]) {
  tinysdk_f32x4 a = tinysdk_f32x4_fill(0), b = a, c = a, d = a;
  for (int32_t o = 0; o < outputs; o++) {
    const tinysdk_f32x4 w = tinysdk_f32x4_from(whole ? vldrbq_s32(weights) : vldrbq_z_s32(weights, inside));
    a = tinysdk_f32x4_fma(w, columns[0], a);
    b = tinysdk_f32x4_fma(w, columns[1], b);
    c = tinysdk_f32x4_fma(w, columns[2], c);
    d = tinysdk_f32x4_fma(w, columns[3], d);
    weights += pitch;
    columns += PIXELS;
  }
  sums[0] = a;
  sums[1] = b;
  sums[2] = c;
  sums[3] = d;
}

TINYSDK_MVE_FLOAT static __attribute__((noinline)) void multiply_tensor(const tensor *own, int32_t outputs,
                                                                        const float *columns, int32_t plane,
                                                                        int32_t count,
                                                                        float *input_gradient) {
  for (int32_t k = 0; k < own->count; k += 4) {
    const int32_t positions = tinysdk_min(4, own->count - k);
    const mve_pred16_t inside = vctp32q((uint32_t)positions);
    tinysdk_f32x4 sums[PIXELS];
    if (positions == 4)
      multiply_tile(own->weights + k, own->count, outputs, inside, 1, columns, sums);
    else
      multiply_tile(own->weights + k, own->count, outputs, inside, 0, columns, sums);
    uint32_t places[4];
    for (int32_t i = 0; i < 4; i++) {
      const int32_t position = tinysdk_min(k + i, own->count - 1);
      places[i] = (uint32_t)((own->order ? own->order[position] : position) * plane);
    }
    int32_t *const to = (int32_t *)(void *)input_gradient;
    for (int32_t p = 0; p < count; p++)
      vstrwq_scatter_shifted_offset_p_s32(to + p, vldrwq_u32(places), tinysdk_f32x4_bits(sums[p]), inside);
  }
}

/* The same by scalars, where vectors might flush. */
static __attribute__((noinline)) void multiply_scalars(const tensor *own, int32_t outputs,
                                                       const float *columns, int32_t plane, int32_t count,
                                                       float *input_gradient) {
  for (int32_t k = 0; k < own->count; k++) {
    float *const to = input_gradient + (own->order ? own->order[k] : k) * plane;
    for (int32_t p = 0; p < count; p++) {
      float sum = 0;
      for (int32_t o = 0; o < outputs; o++)
        sum = fmaf((float)own->weights[o * own->count + k], columns[o * PIXELS + p], sum);
      to[p] = sum;
    }
  }
}

void tinysdk_conv2d_1x1_input_gradient_f32_mve(const tinysdk_conv2d_args *args, const float *gradient,
                                               const int8_t *weights, const int8_t *trained,
                                               const uint16_t *order, float *input_gradient, void *scratch) {
  const int32_t plane = tinysdk_in_plane(args), outputs = args->out_channels;
  const int32_t learning = args->trained_channels;
  const tensor tensors[2] = {{trained, order, learning},
                             {weights, order ? order + learning : NULL, args->in_channels - learning}};
  const int32_t safe = tinysdk_mve_safe(gradient, args->batch * outputs * plane);
  for (int32_t i = 0; i < args->batch; i++) {
    /* Where the images grow, the last one goes first: in place, no output may reach an unread image. */
    const int32_t b = args->in_channels > outputs ? args->batch - 1 - i : i;
    for (int32_t p = 0; p < plane; p += PIXELS) {
      const int32_t count = tinysdk_min(PIXELS, plane - p);
      float *const to = input_gradient + b * args->in_channels * plane + p;
      load_columns(gradient + b * outputs * plane + p, plane, outputs, count, scratch);
      for (int32_t t = 0; t < 2; t++)
        if (safe)
          multiply_tensor(&tensors[t], outputs, scratch, plane, count, to);
        else
          multiply_scalars(&tensors[t], outputs, scratch, plane, count, to);
    }
  }
}

int32_t tinysdk_conv2d_1x1_input_gradient_f32_mve_scratch(const tinysdk_conv2d_args *args) {
  return args->out_channels * PIXELS * (int32_t)sizeof(float);
}

int32_t tinysdk_conv2d_1x1_input_gradient_f32_mve_instructions(const tinysdk_conv2d_args *args) {
  if (args->weight_zero != 0)
    return -1;
  const int32_t blocks = (tinysdk_in_plane(args) + PIXELS - 1) / PIXELS;
  return args->batch * blocks *
         (args->out_channels * 40 + (args->in_channels + 3) / 4 * (args->out_channels * 12 + 50));
}
