/* Tiles of integer weight gradients: weights side by side, two pixels in a word, so that one instruction does
 * two products per lane. lanes_g16.h or lanes_g8.h comes first. */
#ifndef TINYSDK_HOST_WEIGHT_TILE_H
#define TINYSDK_HOST_WEIGHT_TILE_H

#include "transpose.h"
#include "weight_plan.h"

/* What a tile holds of the saved planes: values[p / 2][i][p % 2] of pixel p and weight i; where a window
 * leaves the image, 0. */
typedef int16_t host_tile_value;

/* Planes past the last read as that one. */
HOST_INLINE void host_turn_planes(const int8_t *saved, int32_t inputs, int32_t plane, int32_t pixels,
                                  int32_t zero, int16_t *values) {
  const int16_t z = (int16_t)zero;
  for (int32_t v = 0; v < inputs; v += HOST_LANES)
    for (int32_t p = 0; p < pixels; p += 2 * HOST_LANES) {
      const int32_t count = tinysdk_min(2 * HOST_LANES, pixels - p);
      host_f32 rows[HOST_LANES];
      for (int32_t i = 0; i < HOST_LANES; i++) {
        const int8_t *from = saved + tinysdk_min(v + i, inputs - 1) * plane + p;
        int8_t bytes[2 * HOST_LANES];
        if (count < 2 * HOST_LANES) {
          memset(bytes, zero, sizeof(bytes));
          from = memcpy(bytes, from, (uint32_t)count);
        }
        rows[i] = (host_f32)(host_widen_sixteen_s8(from) - z);
      }
      host_transpose(rows);
      for (int32_t i = 0; i < HOST_LANES; i++)
        memcpy(values + ((p / 2 + i) * HOST_TILE_INPUTS + v) * 2, &rows[i], sizeof(rows[i]));
    }
}

/* What weights `weight` ... `weight` + inputs - 1 of the row read at output pixels `first` and on. */
HOST_INLINE void host_gather_windows(const host_weight_plan *plan, const int8_t *saved, int32_t weight,
                                     int32_t inputs, int32_t first, int32_t pixels,
                                     int16_t *restrict values) {
  const tinysdk_conv2d_args a = *plan->args;
  const int32_t taps = a.kernel_height * a.kernel_width;
  for (int32_t i = 0; i < inputs; i++) {
    const int32_t tap = (weight + i) % taps;
    const int8_t *restrict const plane = saved + (weight + i) / taps * a.in_height * a.in_width;
    const int32_t dy = tap / a.kernel_width * a.dilation_y - a.pad_top;
    const int32_t dx = tap % a.kernel_width * a.dilation_x - a.pad_left;
    int32_t oy = first / a.out_width, ox = first % a.out_width;
    for (int32_t p = 0; p < host_round_up(pixels, 2); p++) {
      const int32_t y = oy * a.stride_y + dy, x = ox * a.stride_x + dx;
      const int32_t inside = p < pixels && y >= 0 && y < a.in_height && x >= 0 && x < a.in_width;
      values[(p / 2 * HOST_TILE_INPUTS + i) * 2 + p % 2] =
          inside ? tinysdk_difference(plane[y * a.in_width + x], a.input_zero) : 0;
      ox++;
      oy += ox == a.out_width;
      ox = ox == a.out_width ? 0 : ox;
    }
  }
}

/* One output channel's pixels, up to an even number. */
HOST_INLINE void host_widen_pixels(const tinysdk_gradient *from, int32_t pixels, int16_t *to) {
  int32_t p = 0;
  for (; p + HOST_LANES <= pixels; p += HOST_LANES)
    host_narrow_s16(to + p, host_load_mantissas(from + p));
  for (; p < pixels; p++)
    to[p] = from[p];
  if (p % 2 != 0)
    to[p] = 0;
}

HOST_INLINE void host_add_pairs(const int16_t (*gradient)[HOST_TILE_PIXELS], const int16_t *values,
                                int32_t pairs, int32_t vectors,
                                int32_t sums[HOST_TILE_OUTPUTS][HOST_TILE_INPUTS]) {
  host_s32 acc[HOST_TILE_OUTPUTS][HOST_TILE_VECTORS];
  memcpy(acc, sums, sizeof(acc));
  for (int32_t p = 0; p < pairs; p++)
    for (int32_t v = 0; v < vectors; v++) {
      host_s16 value;
      memcpy(&value, values + (p * HOST_TILE_INPUTS + v * HOST_LANES) * 2, sizeof(value));
      for (int32_t j = 0; j < HOST_TILE_OUTPUTS; j++) {
        int32_t both;
        memcpy(&both, gradient[j] + 2 * p, sizeof(both));
        acc[j][v] += host_dot_pairs((host_s16)host_splat_s32(both), value);
      }
    }
  memcpy(sums, acc, sizeof(acc));
}

/* As many vectors as `inputs` weights fill, each number of them with a loop of its own. */
HOST_OUTLINE void host_add_block(const tinysdk_gradient *const gradient[HOST_TILE_OUTPUTS],
                                 const int16_t *values, int32_t pixels, int32_t inputs, int32_t padded,
                                 int32_t sums[HOST_TILE_OUTPUTS][HOST_TILE_INPUTS]) {
  const int32_t pairs = (pixels + 1) / 2;
  int16_t widened[HOST_TILE_OUTPUTS][HOST_TILE_PIXELS];
  (void)padded;
  for (int32_t j = 0; j < HOST_TILE_OUTPUTS; j++)
    host_widen_pixels(gradient[j], pixels, widened[j]);
  if (inputs <= HOST_LANES)
    host_add_pairs(widened, values, pairs, 1, sums);
  else if (inputs <= 2 * HOST_LANES)
    host_add_pairs(widened, values, pairs, 2, sums);
  else
    host_add_pairs(widened, values, pairs, 3, sums);
}

#endif
