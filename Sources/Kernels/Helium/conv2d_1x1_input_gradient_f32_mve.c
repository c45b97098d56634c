#include "convolution.h"
#include "mve_float.h"

extern __typeof__(tinysdk_conv2d_1x1_input_gradient_f32) tinysdk_conv2d_1x1_input_gradient_f32_mve;
int32_t tinysdk_conv2d_1x1_input_gradient_f32_mve_scratch(const tinysdk_conv2d_args *args);
int32_t tinysdk_conv2d_1x1_input_gradient_f32_mve_instructions(const tinysdk_conv2d_args *args);

/* A register tile: input channels by at most so many pixels. Their gradients are copied to the scratch first,
 * so that the outputs may overwrite them. */
#define CHANNELS 8
#define PIXELS 3

/* Four elements are written per output channel, of which the next one overwrites the last. */
#define SPARE 4

static __attribute__((noinline)) void load_columns(const float *gradient, int32_t plane, int32_t outputs,
                                                   int32_t count, int32_t pitch, float *columns) {
  const int32_t *from = (const int32_t *)(const void *)gradient;
  int32_t *to = (int32_t *)(void *)columns;
  const mve_pred16_t inside = vctp32q((uint32_t)count);
  for (int32_t o = 0; o < outputs; o++) {
    vstrwq_s32(to, vldrwq_z_s32(from, inside));
    from += plane;
    to += pitch;
  }
}

/* Consecutive positions of one tensor and the input channels they stand for (NULL: 0, 1, ...). */
typedef struct {
  const int8_t *weights; /* [out][count] */
  const uint16_t *order;
  int32_t count;
} tensor;

/* The sums of positions 0 to 3 and 4 to 7, pixel by pixel. */
typedef struct {
  tinysdk_f32x4 low[PIXELS];
  tinysdk_f32x4 high[PIXELS];
} tile_sums;

TINYSDK_MVE_FLOAT static inline __attribute__((always_inline)) tinysdk_f32x4
weights_at(const int8_t *weights, mve_pred16_t inside, int32_t whole) {
  return tinysdk_f32x4_from(whole ? vldrbq_s32(weights) : vldrbq_z_s32(weights, inside));
}

/* One output channel's products: lanes are positions, so that two loads take their weights and each gradient
 * is a scalar. */
TINYSDK_MVE_FLOAT static inline __attribute__((always_inline)) void
add_output(const int8_t *weights, mve_pred16_t low, mve_pred16_t high, int32_t whole, const float *gradients,
           int32_t pixels, tile_sums *sums) {
  const tinysdk_f32x4 first = weights_at(weights, low, whole);
  for (int32_t p = 0; p < pixels; p++)
    sums->low[p] = tinysdk_f32x4_fma(first, gradients[p], sums->low[p]);
  const tinysdk_f32x4 second = weights_at(weights + 4, high, whole);
  for (int32_t p = 0; p < pixels; p++)
    sums->high[p] = tinysdk_f32x4_fma(second, gradients[p], sums->high[p]);
}

/* All output channels' products, of two at a time, so that gradients are loaded in pairs. */
TINYSDK_MVE_FLOAT static inline __attribute__((always_inline)) void
multiply_tile(const int8_t *weights, int32_t pitch, int32_t outputs, int32_t positions, int32_t whole,
              const float *columns, int32_t pixels, tile_sums *result) {
  const mve_pred16_t low = vctp32q((uint32_t)positions);
  const mve_pred16_t high = vctp32q(positions > 4 ? (uint32_t)positions - 4 : 0);
  tile_sums sums;
  for (int32_t p = 0; p < PIXELS; p++)
    sums.low[p] = sums.high[p] = tinysdk_f32x4_fill(0);
  for (int32_t i = outputs >> 1; i > 0; i--) {
    float gradients[2 * PIXELS];
    for (int32_t p = 0; p < pixels; p++)
      tinysdk_load_pair(columns + 2 * p, gradients + 2 * p);
    columns += 2 * pixels;
    add_output(weights, low, high, whole, gradients, pixels, &sums);
    weights += pitch;
    add_output(weights, low, high, whole, gradients + pixels, pixels, &sums);
    weights += pitch;
  }
  if (outputs & 1)
    add_output(weights, low, high, whole, columns, pixels, &sums);
  *result = sums;
}

/* Writes four positions of `count` pixels, from k on. */
TINYSDK_MVE_FLOAT static inline __attribute__((always_inline)) void
write_positions(const tensor *own, int32_t k, const tinysdk_f32x4 *sums, int32_t plane, int32_t count,
                float *input_gradient) {
  const mve_pred16_t inside = vctp32q((uint32_t)(own->count - k));
  const uint32x4_t channels =
      own->order ? vldrhq_z_u32(own->order + k, inside) : vidupq_n_u32((uint32_t)k, 1);
  const uint32x4_t places = vmulq_n_u32(channels, (uint32_t)plane);
  int32_t *const to = (int32_t *)(void *)input_gradient;
  vstrwq_scatter_shifted_offset_p_s32(to, places, tinysdk_f32x4_bits(sums[0]), inside);
  if (count > 1)
    vstrwq_scatter_shifted_offset_p_s32(to + 1, places, tinysdk_f32x4_bits(sums[1]), inside);
  if (count > 2)
    vstrwq_scatter_shifted_offset_p_s32(to + 2, places, tinysdk_f32x4_bits(sums[2]), inside);
}

/* `pixels` is the columns' pitch, a constant where this is inlined; `count` of them are pixels. */
TINYSDK_MVE_FLOAT static inline __attribute__((always_inline)) void
multiply_tensor(const tensor *own, int32_t outputs, const float *columns, int32_t pixels, int32_t plane,
                int32_t count, float *input_gradient) {
  for (int32_t k = 0; k < own->count; k += CHANNELS) {
    const int32_t positions = own->count - k;
    tile_sums sums;
    if (positions >= CHANNELS)
      multiply_tile(own->weights + k, own->count, outputs, positions, 1, columns, pixels, &sums);
    else
      multiply_tile(own->weights + k, own->count, outputs, positions, 0, columns, pixels, &sums);
    write_positions(own, k, sums.low, plane, count, input_gradient);
    if (positions > 4)
      write_positions(own, k + 4, sums.high, plane, count, input_gradient);
  }
}

TINYSDK_MVE_FLOAT static __attribute__((noinline)) void multiply_three(const tensor *own, int32_t outputs,
                                                                       const float *columns, int32_t plane,
                                                                       float *input_gradient) {
  multiply_tensor(own, outputs, columns, 3, plane, 3, input_gradient);
}

TINYSDK_MVE_FLOAT static __attribute__((noinline)) void multiply_two(const tensor *own, int32_t outputs,
                                                                     const float *columns, int32_t plane,
                                                                     int32_t count, float *input_gradient) {
  multiply_tensor(own, outputs, columns, 2, plane, count, input_gradient);
}

/* The same by scalars, where vectors might flush. */
static __attribute__((noinline)) void multiply_scalars(const tensor *own, int32_t outputs,
                                                       const float *columns, int32_t pitch, int32_t plane,
                                                       int32_t count, float *input_gradient) {
  for (int32_t k = 0; k < own->count; k++) {
    float *const to = input_gradient + (own->order ? own->order[k] : k) * plane;
    for (int32_t p = 0; p < count; p++) {
      float sum = 0;
      for (int32_t o = 0; o < outputs; o++)
        sum = fmaf((float)own->weights[o * own->count + k], columns[o * pitch + p], sum);
      to[p] = sum;
    }
  }
}

/* Three, and two twice rather than three and one. */
static int32_t pixels_at_once(int32_t rest) {
  return rest == 4 || rest < PIXELS ? 2 : PIXELS;
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
    for (int32_t p = 0, pitch; p < plane; p += pitch) {
      pitch = pixels_at_once(plane - p);
      const int32_t count = tinysdk_min(pitch, plane - p);
      float *const to = input_gradient + b * args->in_channels * plane + p;
      load_columns(gradient + b * outputs * plane + p, plane, outputs, count, pitch, scratch);
      for (int32_t t = 0; t < 2; t++)
        if (!safe)
          multiply_scalars(&tensors[t], outputs, scratch, pitch, plane, count, to);
        else if (pitch == PIXELS)
          multiply_three(&tensors[t], outputs, scratch, plane, to);
        else
          multiply_two(&tensors[t], outputs, scratch, plane, count, to);
    }
  }
}

int32_t tinysdk_conv2d_1x1_input_gradient_f32_mve_scratch(const tinysdk_conv2d_args *args) {
  return (args->out_channels * PIXELS + SPARE) * (int32_t)sizeof(float);
}

int32_t tinysdk_conv2d_1x1_input_gradient_f32_mve_instructions(const tinysdk_conv2d_args *args) {
  if (args->weight_zero != 0)
    return -1;
  const int32_t plane = tinysdk_in_plane(args), blocks = (plane + PIXELS - 1) / PIXELS;
  return args->batch * (args->out_channels * plane * 5 / 4 +
                        blocks * (args->out_channels * 8 + (args->in_channels + CHANNELS - 1) / CHANNELS *
                                                               (args->out_channels * 14 + 70)));
}
