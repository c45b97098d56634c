/* The convolution from weights in layout `pairs`, for any of its loops. */
#ifndef TINYSDK_DSP_CONV2D_PAIRS_H
#define TINYSDK_DSP_CONV2D_PAIRS_H

#include "instructions.h"
#include "pairs.h"

#include "gather.h"

/* Scratch behind the columns. Blocks whose windows reach into the padding are copied to the patch first:
 * `image` and `patch_taps` say where each weight's input lies in either, up to a whole quad. */
typedef struct {
  int32_t *image;
  int32_t *patch_taps;
  int8_t *patch;
  int32_t width; /* of the patch: what four windows of a row cover */
  int32_t quads;
} tinysdk_gather_tables;

static inline int32_t tinysdk_patch_width(const tinysdk_conv2d_args *args) {
  return (TINYSDK_PIXELS - 1) * args->stride_x + (args->kernel_width - 1) * args->dilation_x + 1;
}

static inline void tinysdk_list_taps(const tinysdk_conv2d_args *args, const tinysdk_gather_tables *tables) {
  int32_t t = 0;
  for (int32_t k = 0; k < args->in_channels; k++)
    for (int32_t ky = 0; ky < args->kernel_height; ky++)
      for (int32_t kx = 0; kx < args->kernel_width; kx++, t++) {
        tables->image[t] =
            k * tinysdk_in_plane(args) + ky * args->dilation_y * args->in_width + kx * args->dilation_x;
        tables->patch_taps[t] = (k * args->kernel_height + ky) * tables->width + kx * args->dilation_x;
      }
  /* Weights that pad the last quad are zero. */
  for (; t < 4 * tables->quads; t++)
    tables->image[t] = tables->patch_taps[t] = 0;
}

/* The windows of the block at (y, x), the input's zero point where they lie outside. */
static inline void tinysdk_copy_patch(const tinysdk_conv2d_args *args, const int8_t *planes, int32_t y,
                                      int32_t x, const tinysdk_gather_tables *tables) {
  const int32_t width = tables->width, height = args->kernel_height, plane = tinysdk_in_plane(args);
  const int32_t from = tinysdk_min(tinysdk_max(0, -x), width);
  const int32_t to = tinysdk_clamp(args->in_width - x, from, width);
  int8_t *row = tables->patch;
  memset(row, args->input_zero, (uint32_t)(args->in_channels * height * width));
  for (int32_t k = 0; k < args->in_channels; k++, planes += plane)
    for (int32_t ky = 0, line = y; ky < height; ky++, line += args->dilation_y, row += width) {
      if (line < 0 || line >= args->in_height)
        continue;
      const int8_t *const source = planes + line * args->in_width + x;
      int32_t i = from;
      for (; i + 4 <= to; i += 4)
        tinysdk_store_word(row + i, tinysdk_load_word(source + i));
      for (; i < to; i++)
        row[i] = source[i];
    }
}

/* Four neighbouring outputs' inputs, `stride` apart. */
static inline void tinysdk_gather(const int8_t *window, const int32_t *offsets, int32_t stride, int32_t zero,
                                  int32_t quads, uint32_t *columns) {
  const uint32_t base = tinysdk_zero_base(zero);
  if (stride == 2) {
    tinysdk_gather_stride2(window, offsets, base, columns, quads);
    return;
  }
  for (int32_t q = 0; q < quads; q++, offsets += 4, columns += 8) {
    uint32_t bytes[4];
    for (int32_t i = 0; i < 4; i++) {
      const int8_t *const at = window + offsets[i];
      bytes[i] = stride == 1 ? tinysdk_load_word(at)
                             : tinysdk_pack_bytes(at[0], at[stride], at[2 * stride], at[3 * stride]);
    }
    tinysdk_widen_quad(bytes, base, columns);
  }
}

/* One image; `first` is its first output element. */
static inline void tinysdk_convolve_image(tinysdk_paired_layer *layer, const tinysdk_gather_tables *tables,
                                          uint32_t *columns, const int8_t *planes, int32_t first) {
  const tinysdk_conv2d_args *const args = layer->args;
  const int32_t last_y = args->in_height - (args->kernel_height - 1) * args->dilation_y;
  const int32_t last_x = args->in_width - tables->width, stride = args->stride_x, zero = args->input_zero;
  for (int32_t oy = 0; oy < args->out_height; oy++)
    for (int32_t ox = 0; ox < args->out_width; ox += TINYSDK_PIXELS) {
      const int32_t y = oy * args->stride_y - args->pad_top, x = ox * stride - args->pad_left;
      const int32_t count = tinysdk_min(TINYSDK_PIXELS, args->out_width - ox);
      if (y >= 0 && y < last_y && x >= 0 && x <= last_x)
        tinysdk_gather(planes + y * args->in_width + x, tables->image, stride, zero, tables->quads, columns);
      else {
        tinysdk_copy_patch(args, planes, y, x, tables);
        tinysdk_gather(tables->patch, tables->patch_taps, stride, zero, tables->quads, columns);
      }
      tinysdk_convolve_pairs(layer, count, first + oy * args->out_width + ox);
    }
}

static inline void tinysdk_convolve_window_pairs(tinysdk_paired_layer *layer, const int8_t *input) {
  const tinysdk_conv2d_args *const args = layer->args;
  const int32_t quads = tinysdk_quads(layer->taps);
  uint32_t *const columns = (uint32_t *)(layer->pairs + tinysdk_pair_room(args));
  int32_t *const image = (int32_t *)(columns + 8 * quads);
  const tinysdk_gather_tables tables = {image, image + 4 * quads, (int8_t *)(image + 8 * quads),
                                        tinysdk_patch_width(args), quads};
  tinysdk_prepare_pairs(layer);
  tinysdk_list_taps(args, &tables);
  for (int32_t b = 0; b < args->batch; b++)
    tinysdk_convolve_image(layer, &tables, columns, input + b * args->in_channels * tinysdk_in_plane(args),
                           b * args->out_channels * tinysdk_out_plane(args));
}

static inline int32_t tinysdk_window_pairs_scratch(const tinysdk_conv2d_args *args) {
  return tinysdk_pair_room(args) * (int32_t)sizeof(tinysdk_pair) +
         16 * tinysdk_quads(tinysdk_pair_taps(args)) * (int32_t)sizeof(uint32_t) +
         args->in_channels * args->kernel_height * tinysdk_patch_width(args);
}

static inline int32_t tinysdk_window_pairs_cost(const tinysdk_conv2d_args *args,
                                                const tinysdk_pair_costs *costs) {
  if (!tinysdk_is_pairable(args))
    return -1;
  const int64_t rows = (int64_t)args->batch * args->out_height, whole = args->out_width / TINYSDK_PIXELS;
  const int64_t rest = args->out_width % TINYSDK_PIXELS > 0, quads = tinysdk_quads(tinysdk_pair_taps(args));
  const int64_t patch =
      (int64_t)args->in_channels * args->kernel_height * (tinysdk_patch_width(args) * 6 + 20);
  const int32_t quad = args->stride_x == 2 ? 29 : args->stride_x == 1 ? 34 : 60;
  /* About two blocks of a row, and a whole row in all, touch the padding. */
  const int64_t blocks = rows * (whole + rest), patched = tinysdk_min(2, args->pad_left + args->pad_top);
  const int64_t gathered = blocks * (quads * quad + 45) +
                           (rows * patched + whole) * patch / (patched ? 1 : whole + 1) + quads * 60;
  return tinysdk_instruction_count(gathered * costs->gathered / 100 +
                                   tinysdk_pair_cost(args, costs, rows * whole, rows * rest));
}

#endif
