#include "convolution.h"
#include "lanes.h"

extern __typeof__(tinysdk_conv2d_1x1_input_gradient_f32) tinysdk_conv2d_1x1_input_gradient_f32_host;
extern __typeof__(tinysdk_conv2d_1x1_input_gradient_f32_scratch)
    tinysdk_conv2d_1x1_input_gradient_f32_host_scratch,
    tinysdk_conv2d_1x1_input_gradient_f32_host_instructions;

/* A register tile: input channels by pixels. */
#define CHANNELS 6
#define PIXELS 16

/* Tiles whose weights are widened together, so that each row of weights is visited less often. Weights are
 * written by eight: the last two again by the next row, or into a row to spare. */
#define TILES 4

/* Pixels whose columns are copied out together: the outputs may overwrite the inputs, and widened weights
 * serve them all. */
#define BLOCK 64

static void load_columns(const tinysdk_conv2d_args *args, const float *gradient, int32_t count,
                         float *columns) {
  const int32_t plane = tinysdk_out_plane(args);
  for (int32_t o = 0; o < args->out_channels; o++)
    if (count == PIXELS)
      memcpy(columns + o * PIXELS, gradient + o * plane, sizeof(float) * PIXELS);
    else
      for (int32_t p = 0; p < PIXELS; p++)
        columns[o * PIXELS + p] = p < count ? gradient[o * plane + p] : 0;
}

/* The weights of `channels` <= TILES * CHANNELS positions of one tensor, for all output channels:
 * [tile][out][CHANNELS]. */
static void load_weights(const tinysdk_conv2d_args *args, tinysdk_place place, int32_t channels,
                         float *restrict values) {
  const int8_t *restrict from = place.base + place.own;
  const ptrdiff_t pitch = place.count, outputs = args->out_channels, tiles = (channels - 1) / CHANNELS;
  const int32_t zero = args->weight_zero;
  /* Eight bytes are read as long as they end within the tensor. */
  const ptrdiff_t length = pitch * outputs - place.own - tiles * CHANNELS - HOST_LANES;
  const ptrdiff_t whole = length < 0 ? 0 : length / pitch + 1;
  for (ptrdiff_t o = 0; o < whole; o++, from += pitch)
    for (ptrdiff_t t = 0; t <= tiles; t++)
      host_store_f32(values + (t * (outputs + 1) + o) * CHANNELS,
                     __builtin_convertvector(host_widen_s8(from + t * CHANNELS) - zero, host_f32));
  for (ptrdiff_t o = whole; o < outputs; o++, from += pitch)
    for (int32_t c = 0; c < channels; c++)
      values[(c / CHANNELS * (outputs + 1) + o) * CHANNELS + c % CHANNELS] = (float)(from[c] - zero);
}

/* The gradients of one tile, each summed over the output channels in order. */
static void multiply_tile(const float *weights, const float *columns, int32_t outputs,
                          host_f32 sums[CHANNELS][2]) {
  host_f32 acc[CHANNELS][2] = {{{0}}};
  for (int32_t o = 0; o < outputs; o++) {
    const host_f32 a = host_load_f32(columns + o * PIXELS);
    const host_f32 b = host_load_f32(columns + o * PIXELS + HOST_LANES);
    for (int32_t j = 0; j < CHANNELS; j++) {
      const host_f32 weight = host_splat_f32(weights[o * CHANNELS + j]);
      acc[j][0] = host_fma(weight, a, acc[j][0]);
      acc[j][1] = host_fma(weight, b, acc[j][1]);
    }
  }
  memcpy(sums, acc, sizeof(acc));
}

/* The input channels of one tensor, `count` pixels. `positions` (NULL: 0, 1, ...) are its channels. */
static void multiply_tensor(const tinysdk_conv2d_args *args, const int8_t *tensor, const uint16_t *positions,
                            int32_t channels, const float *columns, int32_t count, float *widened,
                            float *input_gradient) {
  const int32_t outputs = args->out_channels, plane = tinysdk_in_plane(args);
  for (int32_t c = 0; c < channels; c += CHANNELS) {
    const int32_t tile = c / CHANNELS % TILES, wanted = tinysdk_min(CHANNELS, channels - c);
    if (tile == 0)
      load_weights(args, (tinysdk_place){tensor, c, channels}, tinysdk_min(TILES * CHANNELS, channels - c),
                   widened);
    for (int32_t p = 0; p < count; p += PIXELS) {
      host_f32 sums[CHANNELS][2];
      multiply_tile(widened + tile * (outputs + 1) * CHANNELS, columns + p * outputs, outputs, sums);
      for (int32_t j = 0; j < wanted; j++) {
        float *const to = input_gradient + (positions ? positions[c + j] : c + j) * plane + p;
        if (count - p >= PIXELS)
          memcpy(to, sums[j], sizeof(sums[j]));
        else
          memcpy(to, sums[j], sizeof(float) * (uint32_t)(count - p));
      }
    }
  }
}

void tinysdk_conv2d_1x1_input_gradient_f32_host(const tinysdk_conv2d_args *args, const float *gradient,
                                                const int8_t *weights, const int8_t *trained,
                                                const uint16_t *order, float *input_gradient, void *scratch) {
  const int32_t plane = tinysdk_in_plane(args), learning = args->trained_channels;
  const int32_t outputs = args->out_channels;
  float *const columns = scratch, *const widened = columns + outputs * BLOCK;
  for (int32_t i = 0; i < args->batch; i++) {
    /* Where the images grow, the last one goes first: in place, no output may reach an unread image. */
    const int32_t b = args->in_channels > outputs ? args->batch - 1 - i : i;
    for (int32_t p = 0; p < plane; p += BLOCK) {
      const int32_t count = tinysdk_min(BLOCK, plane - p);
      float *const to = input_gradient + b * args->in_channels * plane + p;
      for (int32_t q = 0; q < count; q += PIXELS)
        load_columns(args, gradient + b * outputs * plane + p + q, tinysdk_min(PIXELS, count - q),
                     columns + q * outputs);
      if (learning > 0)
        multiply_tensor(args, trained, order, learning, columns, count, widened, to);
      multiply_tensor(args, weights, order ? order + learning : NULL, args->in_channels - learning, columns,
                      count, widened, to);
    }
  }
}

int32_t tinysdk_conv2d_1x1_input_gradient_f32_host_scratch(const tinysdk_conv2d_args *args) {
  return (args->out_channels * BLOCK + (args->out_channels + 1) * TILES * CHANNELS) * (int32_t)sizeof(float);
}

/* A sixth of an instruction for a product. */
int32_t tinysdk_conv2d_1x1_input_gradient_f32_host_instructions(const tinysdk_conv2d_args *args) {
  const int64_t sums = (int64_t)args->batch * args->in_channels * tinysdk_in_plane(args);
  return host_instructions(sums * (args->out_channels / 6 + 1));
}
