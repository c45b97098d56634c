#include "columns.h"
#include "depthwise_3x3.h"
#include "depthwise_halves.h"
#include "depthwise_strips.h"
#include "instructions.h"

extern __typeof__(tinysdk_depthwise_conv2d_s8) tinysdk_depthwise_conv2d_s8_dsp;
extern __typeof__(tinysdk_depthwise_conv2d_s8_scratch) tinysdk_depthwise_conv2d_s8_dsp_scratch;
extern __typeof__(tinysdk_depthwise_conv2d_s8_scratch) tinysdk_depthwise_conv2d_s8_dsp_instructions;

#define LARGEST_PAIRS (7 * 6)
#define LARGEST_BAND 8

/* A layer's way through its planes. A band of output rows at a time is computed from widened input rows, so
 * that the outputs may overwrite the plane. */
typedef struct {
  const tinysdk_conv2d_args *args;
  uint32_t *rows;
  int32_t *sums;     /* one row of them */
  int32_t row_words; /* of a widened row with its margins */
  int32_t band;      /* output rows */
  int32_t strips;    /* per row */
  int32_t read;      /* columns of the input that windows reach */
  uint32_t base;     /* minus the input's zero point, twice */
  int32_t way;       /* of channels that need nothing special */
  int8_t *output;
  uint8_t *mask;
} depthwise_layer;

/* What the whole strips read; odd row ends make one strip more. */
static int32_t row_words(const tinysdk_conv2d_args *args) {
  return ((args->out_width + 3) / 4 * 4 * args->stride_x + args->kernel_width + args->pad_left + 4) / 2 + 1;
}

static int32_t band_rows(const tinysdk_conv2d_args *args) {
  return tinysdk_min(args->stride_y == 1 ? LARGEST_BAND : 4, args->out_height);
}

static int32_t buffer_rows(const tinysdk_conv2d_args *args) {
  return (band_rows(args) - 1) * args->stride_y + args->kernel_height;
}

static void clear_words(uint32_t *to, int32_t count) {
#pragma GCC unroll 4
  for (uint32_t *const end = to + count; to < end; to++)
    *to = 0;
}

/* Forwards: the rows may overlap. */
static void move_words(uint32_t *to, const uint32_t *from, int32_t count) {
  uint32_t *const end = to + count;
  for (; end - to >= 4; to += 4, from += 4) {
    const uint32_t a = from[0], b = from[1], c = from[2], d = from[3];
    to[0] = a, to[1] = b, to[2] = c, to[3] = d;
  }
  for (; to < end; to++, from++)
    *to = *from;
}

static inline __attribute__((always_inline)) void widen_quad(const int8_t *from, int16_t *to, uint32_t base) {
  const uint32_t word = tinysdk_load_word(from);
  const uint32_t even = tinysdk_sxtab16(base, word), odd = tinysdk_sxtab16_odd(base, word);
  tinysdk_store_word(to, tinysdk_pack_low(even, odd));
  tinysdk_store_word(to + 2, tinysdk_pack_high(even, odd));
}

/* `quads` times four columns of each row. Rows of small planes hold but one or two. */
static __attribute__((noinline)) void widen_quads(const int8_t *bytes, int32_t width, int16_t *halves,
                                                  int32_t pitch, int32_t quads, int32_t rows, uint32_t base) {
  if (quads == 1) {
    for (; rows > 0; rows--, bytes += width, halves += pitch)
      widen_quad(bytes, halves, base);
    return;
  }
  for (; rows > 0; rows--, bytes += width, halves += pitch) {
    const int8_t *from = bytes;
    int16_t *to = halves;
    int32_t left = quads;
    for (; left >= 2; left -= 2, from += 8, to += 8) {
      widen_quad(from, to, base);
      widen_quad(from + 4, to + 4, base);
    }
    if (left > 0)
      widen_quad(from, to, base);
  }
}

/* The columns from `x` on, one by one. */
static __attribute__((noinline)) void widen_rest(const depthwise_layer *layer, const int8_t *bytes,
                                                 int16_t *halves, int32_t x, int32_t end, int32_t rows) {
  const tinysdk_conv2d_args *const args = layer->args;
  for (; rows > 0; rows--, bytes += args->in_width, halves += 2 * layer->row_words)
    for (int32_t i = x; i < end; i++)
      halves[i] = (int16_t)(bytes[i] - args->input_zero);
}

/* Rows [from, end) of the buffer, whose first row is row `top` of the image. Margins are zero already, and so
 * is padding where the buffer holds whole planes. */
static void widen_rows(const depthwise_layer *layer, const int8_t *input, int32_t top, int32_t from,
                       int32_t end) {
  const tinysdk_conv2d_args *const args = layer->args;
  const int32_t words = layer->row_words, width = args->in_width, read = layer->read;
  const int32_t first = tinysdk_max(from, -top), last = tinysdk_min(end, args->in_height - top);
  const int8_t *const bytes = input + (top + first) * width;
  int16_t *const halves = (int16_t *)(layer->rows + first * words) + args->pad_left;
  if (layer->band < args->out_height) {
    clear_words(layer->rows + from * words, (tinysdk_min(first, end) - from) * words);
    const int32_t below = tinysdk_max(last, from);
    clear_words(layer->rows + below * words, (end - below) * words);
  }
  widen_quads(bytes, width, halves, 2 * words, read >> 2, last - first, layer->base);
  if (read & 3)
    widen_rest(layer, bytes, halves, read & ~3, read, last - first);
}

/* Output rows through their 32-bit sums: odd widths, masks, narrow clamps, odd multipliers. */
static __attribute__((noinline)) void convolve_slowly(const depthwise_layer *layer, tinysdk_strips *strips,
                                                      const tinysdk_channel *channel, int32_t bias,
                                                      tinysdk_requantization scale, int32_t rows,
                                                      int32_t first) {
  const tinysdk_conv2d_args *const args = layer->args;
  const tinysdk_output_stage stage = tinysdk_conv2d_stage(args, bias, scale);
  const uint32_t *const input = strips->input;
  for (int32_t y = 0; y < rows; y++) {
    strips->input = input + y * args->stride_y * layer->row_words;
    strips->output = layer->sums;
    strips->end = layer->sums + 4 * layer->strips;
    strips->rows = 1;
    tinysdk_convolve_strips(strips, args->kernel_width, args->stride_x);
    for (int32_t x = 0; x < args->out_width; x += TINYSDK_BLOCK)
      tinysdk_finish_row(&stage, channel, layer->sums + x, tinysdk_min(TINYSDK_BLOCK, args->out_width - x),
                         first + y * args->out_width + x, layer->output, layer->mask);
  }
}

/* What is the same for all channels of a layer. */
static void start_strips(const depthwise_layer *layer, tinysdk_strips *strips) {
  const int32_t stride = layer->args->stride_x, words = layer->row_words;
  strips->mask = layer->mask;
  strips->base = layer->output;
  strips->row_bytes = layer->args->out_width;
  strips->pitch = 4 * words;
  strips->back = layer->args->kernel_width * strips->pitch - 8 * stride;
  strips->next = stride * strips->pitch - layer->strips * 8 * stride;
}

static int32_t way_of(const tinysdk_conv2d_args *args, const uint8_t *mask) {
  if (args->out_width % 4 != 0 || !tinysdk_is_plain(args->clamp_min, args->clamp_max, NULL))
    return TINYSDK_WAY_SUMS;
  if (mask == NULL)
    return args->rounding;
  return args->rounding == TINYSDK_ROUNDING_SINGLE ? TINYSDK_WAY_MASKED_SINGLE : TINYSDK_WAY_MASKED_TFLITE;
}

/* Whether planes are one band of which only some kernel rows meet the image. */
static int32_t is_clipped(const depthwise_layer *layer) {
  const tinysdk_conv2d_args *const args = layer->args;
  return args->stride_x == 1 && args->kernel_width > 3 && layer->band == args->out_height &&
         args->out_width % 4 == 0 && args->out_height <= LARGEST_BAND;
}

static void list_rows(const depthwise_layer *layer, const uint32_t *weights, tinysdk_clipped_row *table) {
  const tinysdk_conv2d_args *const args = layer->args;
  const int32_t size = args->kernel_width, words = layer->row_words;
  for (int32_t y = 0; y < args->out_height; y++) {
    const int32_t from = tinysdk_clamp(args->pad_top - y, 0, size);
    const int32_t to = tinysdk_clamp(args->in_height + args->pad_top - y, from, size);
    table[y] = (tinysdk_clipped_row){layer->rows + (y + from) * words, tinysdk_clipped_entry(size, to - from),
                                     weights + from * (size - 1), (to - from) * 4 * words - 8};
  }
  table[args->out_height].input = NULL;
}

static void convolve_plane(const depthwise_layer *layer, tinysdk_strips *strips, const int8_t *input,
                           int32_t bias, tinysdk_requantization scale, const tinysdk_channel *channel,
                           int32_t first) {
  const tinysdk_conv2d_args *const args = layer->args;
  const int32_t stride = args->stride_x, size = args->kernel_width, width = args->out_width;
  const int32_t way = channel->right >= 0 ? layer->way : TINYSDK_WAY_SUMS;
  const int32_t start = way == TINYSDK_WAY_SUMS ? 0 : channel->start;
  for (int32_t i = 0; i < 4; i++)
    strips->start[i] = start;
  strips->multiplier = channel->multiplier;
  strips->addend = channel->addend;
  strips->right = channel->right;
  strips->way = way;
  strips->output = layer->output + first;
  strips->end = layer->output + first;
  if (strips->table && way != TINYSDK_WAY_SUMS) {
    const tinysdk_clipped_row *const table = strips->table;
    widen_rows(layer, input, -args->pad_top, 0, args->out_height - 1 + size);
    tinysdk_convolve_clipped(strips, size);
    strips->table = table;
    return;
  }
  strips->end = layer->output + first + width;
  for (int32_t y = 0; y < args->out_height; y += layer->band) {
    const int32_t rows = tinysdk_min(layer->band, args->out_height - y), kept = y ? size - stride : 0;
    if (kept)
      move_words(layer->rows, layer->rows + layer->band * stride * layer->row_words, kept * layer->row_words);
    widen_rows(layer, input, y * stride - args->pad_top, kept, (rows - 1) * stride + size);
    strips->input = layer->rows;
    strips->rows = rows;
    if (way != TINYSDK_WAY_SUMS)
      tinysdk_convolve_strips(strips, size, stride);
    else
      convolve_slowly(layer, strips, channel, bias, scale, rows, first + y * width);
  }
}

static int32_t strip_words(const tinysdk_conv2d_args *args) {
  return buffer_rows(args) * row_words(args) + (args->out_width + 3) / 4 * 4;
}

/* The channels in turn. What they share is copied: stores to the planes might change it for all a compiler
 * knows. */
typedef struct {
  tinysdk_split split;
  const int8_t *input; /* the channel's plane */
  const int8_t *weights;
  const int32_t *bias;
  const tinysdk_requantization *scale;
  int32_t left;
  int32_t index;
  int32_t first; /* output element */
  int32_t in_plane;
  int32_t out_plane;
  int32_t taps;
  int32_t rounding;
  int32_t zero; /* of the output */
} depthwise_walk;

static inline tinysdk_channel take_channel(depthwise_walk *walk) {
  const tinysdk_place place = tinysdk_split_next(&walk->split, walk->index);
  walk->weights = place.base + place.own * walk->taps;
  return tinysdk_channel_of(walk->bias ? *walk->bias : 0, *walk->scale, walk->rounding, walk->zero,
                            walk->taps * 255 * 128, 0);
}

static inline void leave_channel(depthwise_walk *walk) {
  walk->input += walk->in_plane;
  walk->first += walk->out_plane;
  if (walk->bias)
    walk->bias++;
  walk->scale++;
  walk->index++;
  walk->left--;
}

/* A channel through strips. */
static inline __attribute__((always_inline)) void convolve_channel(const depthwise_layer *layer,
                                                                   tinysdk_strips *strips, uint32_t *pairs,
                                                                   const depthwise_walk *walk,
                                                                   const tinysdk_channel *channel) {
  tinysdk_pair_weights(walk->weights, layer->args->kernel_width, layer->args->stride_x, pairs);
  convolve_plane(layer, strips, walk->input, walk->bias ? *walk->bias : 0, *walk->scale, channel,
                 walk->first);
}

static __attribute__((noinline)) void convolve_by_strips(const depthwise_layer *layer,
                                                         const depthwise_walk *start) {
  uint32_t pairs[LARGEST_PAIRS];
  tinysdk_strips strips = {.weights = pairs};
  tinysdk_clipped_row rows[LARGEST_BAND + 1];
  start_strips(layer, &strips);
  if (is_clipped(layer)) {
    list_rows(layer, pairs, rows);
    strips.table = rows;
  }
  for (depthwise_walk walk = *start; walk.left > 0; leave_channel(&walk)) {
    const tinysdk_channel channel = take_channel(&walk);
    convolve_channel(layer, &strips, pairs, &walk, &channel);
  }
}

/* A channel that blocks cannot serve. Blocks and strips share their room: strips want zeros around their
 * rows. */
static inline void convolve_unusual(const depthwise_layer *layer, const depthwise_walk *walk) {
  depthwise_walk one = *walk;
  one.split = tinysdk_split_start(walk->weights, NULL, NULL, 0, 1);
  one.left = 1;
  clear_words(layer->rows, strip_words(layer->args));
  convolve_by_strips(layer, &one);
}

#define HALVES 0
#define BANDS 1
#define ONE_BAND 2

/* `kind` is a constant where this is inlined. */
static inline __attribute__((always_inline)) void
convolve_by_blocks(const depthwise_layer *layer, const depthwise_walk *start, int32_t kind) {
  const tinysdk_conv2d_args *const args = layer->args;
  const int32_t strips = args->out_width / 4, rows = args->out_height, input_zero = args->input_zero;
  const uint32_t pad = tinysdk_3x3_pad(args);
  uint32_t *const room = layer->rows;
  tinysdk_blocks blocks = {.mask = layer->mask, .base = layer->output};
  if (kind == ONE_BAND)
    tinysdk_start_3x3(args, &blocks, room);
  for (depthwise_walk walk = *start; walk.left > 0; leave_channel(&walk)) {
    const tinysdk_channel channel = take_channel(&walk);
    int8_t *const output = blocks.base + walk.first;
    if (!tinysdk_set_blocks(&blocks, &channel, walk.weights, walk.rounding, input_zero,
                            kind == HALVES ? 2 : 1)) {
      convolve_unusual(layer, &walk);
      if (kind == ONE_BAND)
        tinysdk_start_3x3(args, &blocks, room);
    } else if (kind == HALVES)
      tinysdk_convolve_halves(args, &blocks, walk.input, output, room);
    else if (kind == BANDS)
      tinysdk_convolve_bands(args, &blocks, walk.input, output, room);
    else {
      tinysdk_widen_band(walk.input, room + TINYSDK_STRIP_WORDS + TINYSDK_STRIP_ROW, strips, rows, pad,
                         walk.rounding);
      tinysdk_run_band(&blocks, output, walk.rounding);
    }
  }
}

static __attribute__((noinline)) void convolve_halves(const depthwise_layer *layer,
                                                      const depthwise_walk *walk) {
  convolve_by_blocks(layer, walk, HALVES);
}

static __attribute__((noinline)) void convolve_bands(const depthwise_layer *layer,
                                                     const depthwise_walk *walk) {
  convolve_by_blocks(layer, walk, BANDS);
}

static __attribute__((noinline)) void convolve_one_band(const depthwise_layer *layer,
                                                        const depthwise_walk *walk) {
  convolve_by_blocks(layer, walk, ONE_BAND);
}

void tinysdk_depthwise_conv2d_s8_dsp(const tinysdk_conv2d_args *args, const int8_t *input,
                                     const int8_t *weights, const int8_t *trained, const uint16_t *order,
                                     const int32_t *bias, const tinysdk_requantization *requantization,
                                     int8_t *output, uint8_t *mask, void *scratch) {
  const int32_t words = row_words(args);
  uint32_t *const rows = scratch;
  const depthwise_layer layer = {.args = args,
                                 .rows = rows,
                                 .sums = (int32_t *)(rows + buffer_rows(args) * words),
                                 .row_words = words,
                                 .band = band_rows(args),
                                 .strips = (args->out_width + 3) / 4,
                                 .read = tinysdk_min(args->in_width, 2 * words - args->pad_left),
                                 .base = tinysdk_zero_base(args->input_zero),
                                 .way = way_of(args, mask),
                                 .output = output,
                                 .mask = mask};
  clear_words(rows, strip_words(args));
  for (int32_t b = 0; b < args->batch; b++) {
    const depthwise_walk walk = {
        .split = tinysdk_split_start(weights, trained, order, args->trained_channels, args->in_channels),
        .input = input + b * args->in_channels * tinysdk_in_plane(args),
        .bias = bias,
        .scale = requantization,
        .left = args->in_channels,
        .first = b * args->in_channels * tinysdk_out_plane(args),
        .in_plane = tinysdk_in_plane(args),
        .out_plane = tinysdk_out_plane(args),
        .taps = tinysdk_taps(args),
        .rounding = args->rounding,
        .zero = args->output_zero};
    if (tinysdk_is_halved(args, mask))
      convolve_halves(&layer, &walk);
    else if (!tinysdk_is_3x3(args))
      convolve_by_strips(&layer, &walk);
    else if (tinysdk_is_one_band(args))
      convolve_one_band(&layer, &walk);
    else
      convolve_bands(&layer, &walk);
  }
}

int32_t tinysdk_depthwise_conv2d_s8_dsp_scratch(const tinysdk_conv2d_args *args) {
  const int32_t blocks = tinysdk_is_3x3(args)            ? tinysdk_3x3_words(args)
                         : tinysdk_is_halved(args, NULL) ? tinysdk_halves_words(args)
                                                         : 0;
  return tinysdk_max(strip_words(args), blocks) * (int32_t)sizeof(uint32_t);
}

int32_t tinysdk_depthwise_conv2d_s8_dsp_instructions(const tinysdk_conv2d_args *args) {
  const int32_t width = args->kernel_width, height = args->kernel_height, stride = args->stride_x;
  /* In place, a band of outputs must not reach rows that are still to be read. */
  if (args->weight_zero != 0 || args->out_channels != args->in_channels || args->dilation_x != 1 ||
      args->dilation_y != 1 || (width != 3 && width != 5 && width != 7) || height != width ||
      (stride != 1 && stride != 2) || args->stride_y != stride || args->out_width > args->in_width ||
      args->pad_top >= height)
    return -1;
  const int64_t planes = (int64_t)args->batch * args->in_channels;
  const int64_t strips = planes * args->out_height * ((args->out_width + 3) / 4);
  if (tinysdk_is_3x3(args)) {
    const int32_t strip = args->rounding == TINYSDK_ROUNDING_SINGLE ? 56 : 64;
    return tinysdk_instruction_count(strips * strip + planes * (150 + 12 * args->in_height));
  }
  if (tinysdk_is_halved(args, NULL)) {
    const int32_t strip = args->rounding == TINYSDK_ROUNDING_SINGLE ? 86 : 94;
    return tinysdk_instruction_count(strips * strip + planes * (200 + 10 * args->in_height));
  }
  const int64_t rows = planes * args->in_height, inputs = planes * tinysdk_in_plane(args);
  const int32_t each = 2 * width + width / 2 + 5;
  /* Kernel rows of small planes that lie in the padding take nothing. */
  const int32_t small =
      stride == 1 && width > 3 && args->out_height <= LARGEST_BAND && args->out_width % 4 == 0;
  const int32_t taken = small ? tinysdk_min(height, args->in_height * 7 / 8 + 1) : height;
  return tinysdk_instruction_count(strips * (taken * each + 27) + inputs * 5 / 2 + rows * 30 +
                                   planes * (120 + 3 * tinysdk_taps(args)));
}
