#include "../Portable/pooling.h"
#include "instructions.h"
#include "simd.h"

extern __typeof__(tinysdk_max_pool2d_s8) tinysdk_max_pool2d_s8_dsp;
int32_t tinysdk_max_pool2d_s8_dsp_instructions(const tinysdk_pool2d_args *args);

#define HIGH_BYTES 0xFF00FF00u

/* Two neighbouring windows' values out of bytes 0 and 1, 2 and 3, as bytes 0 and 2. */
static inline uint32_t max_of_pairs(uint32_t bytes) {
  return tinysdk_max_bytes(bytes, bytes >> 8) & 0x00FF00FFu;
}

/* Bytes 0 and 2 side by side. */
static inline uint32_t join_bytes(uint32_t word) {
  return (word | word >> 8) & 0xFFFFu;
}

/* Two rows of a plane become a row of outputs. */
static void pool_row(const int8_t *from, int32_t width, int32_t count, int8_t *to) {
  for (; count >= 4; count -= 4, from += 8, to += 4) {
    const uint32_t left = tinysdk_max_bytes(tinysdk_load_word(from), tinysdk_load_word(from + width));
    const uint32_t right =
        tinysdk_max_bytes(tinysdk_load_word(from + 4), tinysdk_load_word(from + width + 4));
    tinysdk_store_word(to, tinysdk_pack_low(join_bytes(max_of_pairs(left)), join_bytes(max_of_pairs(right))));
  }
  for (; count > 0; count--, from += 2)
    *to++ = (int8_t)tinysdk_max(tinysdk_max(from[0], from[1]), tinysdk_max(from[width], from[width + 1]));
}

/* A value above its rank, by which the first one of equal ones wins. */
static inline int32_t key_of(int32_t value, int32_t rank) {
  return value * 256 + rank;
}

/* The same with the largest pixels' places; `first` is the row's first pixel in its plane. */
static void pool_row_with_places(const int8_t *from, int32_t width, int32_t count, int32_t first, int8_t *to,
                                 uint16_t *places) {
  const int32_t distance[4] = {first + width + 1, first + width, first + 1, first}; /* by rank */
  int32_t x = 0;
  for (; x + 2 <= count; x += 2, from += 4) {
    const uint32_t above = tinysdk_load_word(from), below = tinysdk_load_word(from + width);
    const uint32_t upper =
        tinysdk_max_halves((above << 8 & HIGH_BYTES) | 0x00030003u, (above & HIGH_BYTES) | 0x00020002u);
    const uint32_t lower = tinysdk_max_halves((below << 8 & HIGH_BYTES) | 0x00010001u, below & HIGH_BYTES);
    const uint32_t keys = tinysdk_max_halves(upper, lower);
    const uint32_t values = keys >> 8 & 0x00FF00FFu;
    to[x] = (int8_t)(uint8_t)values;
    to[x + 1] = (int8_t)(uint8_t)(values >> 16);
    places[x] = (uint16_t)(distance[keys & 3] + 2 * x);
    places[x + 1] = (uint16_t)(distance[keys >> 16 & 3] + 2 * x + 2);
  }
  if (x < count) {
    const int32_t key = tinysdk_max(tinysdk_max(key_of(from[0], 3), key_of(from[1], 2)),
                                    tinysdk_max(key_of(from[width], 1), key_of(from[width + 1], 0)));
    to[x] = (int8_t)(key >> 8);
    places[x] = (uint16_t)(distance[key & 3] + 2 * x);
  }
}

/* Outputs clamped, and their bits of the mask. */
static __attribute__((noinline)) void clamp_outputs(const tinysdk_pool2d_args *args, int32_t count,
                                                    int8_t *output, uint8_t *mask) {
  for (int32_t i = 0; i < count; i++) {
    const int32_t value = output[i];
    tinysdk_write_outputs(&value, 1, args->clamp_min, args->clamp_max, i, output, mask);
  }
}

/* Windows of 2x2 that neither overlap nor reach into padding. */
void tinysdk_max_pool2d_s8_dsp(const tinysdk_pool2d_args *args, const int8_t *input, int8_t *output,
                               uint16_t *argmax, uint8_t *mask) {
  const int32_t width = args->in_width, count = args->out_width;
  const int32_t rows = args->batch * args->channels * args->out_height;
  for (int32_t row = 0; row < rows; row++) {
    const int32_t plane = row / args->out_height, first = row % args->out_height * 2 * width;
    const int8_t *const from = input + plane * args->in_height * width + first;
    if (argmax)
      pool_row_with_places(from, width, count, first, output + row * count, argmax + row * count);
    else
      pool_row(from, width, count, output + row * count);
  }
  if (mask || args->clamp_min > -128 || args->clamp_max < 127)
    clamp_outputs(args, rows * count, output, mask);
}

int32_t tinysdk_max_pool2d_s8_dsp_instructions(const tinysdk_pool2d_args *args) {
  if (args->kernel_height != 2 || args->kernel_width != 2 || args->stride_y != 2 || args->stride_x != 2 ||
      args->pad_top != 0 || args->pad_left != 0 || args->dilation_y != 1 || args->dilation_x != 1 ||
      2 * args->out_height > args->in_height || 2 * args->out_width > args->in_width)
    return -1;
  const int64_t rows = (int64_t)args->batch * args->channels * args->out_height;
  return tinysdk_instruction_count(rows * (args->out_width * 18 + 60));
}
