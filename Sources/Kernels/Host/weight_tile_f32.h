/* Tiles of float weight gradients: weights side by side, pixels in order. */
#ifndef TINYSDK_HOST_WEIGHT_TILE_H
#define TINYSDK_HOST_WEIGHT_TILE_H

#include "gradient_f32.h"
#include "transpose.h"
#include "weight_plan.h"

/* What a tile holds of the saved planes: values[p][i] of pixel p and weight i. */
typedef float host_tile_value;

/* values[p][i] = saved plane i, pixel p; planes past the last read as that one. */
HOST_INLINE void host_turn_planes(const int8_t *saved, int32_t inputs, int32_t plane, int32_t pixels,
                                  int32_t zero, float *values) {
  for (int32_t v = 0; v < HOST_TILE_INPUTS; v += HOST_LANES) {
    int32_t p = 0;
    for (; p + HOST_LANES <= pixels; p += HOST_LANES) {
      host_f32 rows[HOST_LANES];
      for (int32_t i = 0; i < HOST_LANES; i++)
        rows[i] = __builtin_convertvector(
            host_widen_s8(saved + tinysdk_min(v + i, inputs - 1) * plane + p) - zero, host_f32);
      host_transpose(rows);
      for (int32_t i = 0; i < HOST_LANES; i++)
        host_store_f32(values + (p + i) * HOST_TILE_INPUTS + v, rows[i]);
    }
    for (; p < pixels; p++)
      for (int32_t i = v; i < v + HOST_LANES; i++)
        values[p * HOST_TILE_INPUTS + i] = (float)(saved[tinysdk_min(i, inputs - 1) * plane + p] - zero);
  }
}

/* values[p][i] = what weight i of the row reads at output pixel `first` + p; not a number outside the image.
 */
HOST_INLINE void host_gather_windows(const host_weight_plan *plan, const int8_t *saved, int32_t weight,
                                     int32_t inputs, int32_t first, int32_t pixels, float *restrict values) {
  const tinysdk_conv2d_args a = *plan->args;
  const int32_t taps = a.kernel_height * a.kernel_width;
  for (int32_t i = 0; i < inputs; i++) {
    const int32_t tap = (weight + i) % taps;
    const int8_t *restrict const plane = saved + (weight + i) / taps * a.in_height * a.in_width;
    const int32_t dy = tap / a.kernel_width * a.dilation_y - a.pad_top;
    const int32_t dx = tap % a.kernel_width * a.dilation_x - a.pad_left;
    int32_t oy = first / a.out_width, ox = first % a.out_width;
    for (int32_t p = 0; p < pixels; p++) {
      const int32_t y = oy * a.stride_y + dy, x = ox * a.stride_x + dx;
      const int32_t inside = y >= 0 && y < a.in_height && x >= 0 && x < a.in_width;
      values[p * HOST_TILE_INPUTS + i] =
          inside ? (float)(plane[y * a.in_width + x] - a.input_zero) : __builtin_nanf("");
      ox++;
      oy += ox == a.out_width;
      ox = ox == a.out_width ? 0 : ox;
    }
  }
}

/* The sums of some output channels go on over `pixels` pixels. `vectors` of their weights are wanted; where
 * `padded`, what is not a number is skipped. */
HOST_INLINE void host_add_pixels(const float *const gradient[HOST_TILE_OUTPUTS], const float *values,
                                 int32_t pixels, int32_t vectors, int32_t padded,
                                 float sums[HOST_TILE_OUTPUTS][HOST_TILE_INPUTS]) {
  host_f32 acc[HOST_TILE_OUTPUTS][HOST_TILE_VECTORS];
  memcpy(acc, sums, sizeof(acc));
  for (int32_t p = 0; p < pixels; p++)
    for (int32_t v = 0; v < vectors; v++) {
      const host_f32 value = host_load_f32(values + p * HOST_TILE_INPUTS + v * HOST_LANES);
      const host_s32 inside = value == value;
      for (int32_t j = 0; j < HOST_TILE_OUTPUTS; j++) {
        const host_f32 next = host_fma(host_splat_f32(gradient[j][p]), value, acc[j][v]);
        acc[j][v] = padded ? (host_f32)host_select_s32(inside, (host_s32)next, (host_s32)acc[j][v]) : next;
      }
    }
  memcpy(sums, acc, sizeof(acc));
}

/* As many vectors as `inputs` weights fill, each number of them with a loop of its own. */
HOST_OUTLINE void host_add_block(const float *const gradient[HOST_TILE_OUTPUTS], const float *values,
                                 int32_t pixels, int32_t inputs, int32_t padded,
                                 float sums[HOST_TILE_OUTPUTS][HOST_TILE_INPUTS]) {
  if (padded)
    host_add_pixels(gradient, values, pixels, HOST_TILE_VECTORS, 1, sums);
  else if (inputs <= HOST_LANES)
    host_add_pixels(gradient, values, pixels, 1, 0, sums);
  else if (inputs <= 2 * HOST_LANES)
    host_add_pixels(gradient, values, pixels, 2, 0, sums);
  else
    host_add_pixels(gradient, values, pixels, 3, 0, sums);
}

#endif
