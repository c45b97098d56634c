#include "columns.h"
#include "depthwise_strips.h"
#include "instructions.h"

extern __typeof__(tinysdk_depthwise_conv2d_s8) tinysdk_depthwise_conv2d_s8_dsp;
extern __typeof__(tinysdk_depthwise_conv2d_s8_scratch) tinysdk_depthwise_conv2d_s8_dsp_scratch;
extern __typeof__(tinysdk_depthwise_conv2d_s8_scratch) tinysdk_depthwise_conv2d_s8_dsp_instructions;

#define LARGEST_PAIRS (7 * 6)

/* A layer's way through its planes. A band of output rows at a time is computed from widened input rows, so
 * that the outputs may overwrite the plane. */
typedef struct {
  const tinysdk_conv2d_args *args;
  uint32_t *rows;
  int32_t *sums;     /* one row of them */
  int32_t row_words; /* of a widened row with its margins */
  int32_t band;      /* output rows */
  int32_t strips;    /* per row */
  int32_t plain;
  int8_t *output;
  uint8_t *mask;
} depthwise_layer;

/* What the whole strips read; odd row ends make one strip more. */
static int32_t row_words(const tinysdk_conv2d_args *args) {
  return ((args->out_width + 3) / 4 * 4 * args->stride_x + args->kernel_width + args->pad_left + 4) / 2 + 1;
}

static int32_t band_rows(const tinysdk_conv2d_args *args) {
  return tinysdk_min(args->stride_y == 1 ? 8 : 4, args->out_height);
}

static int32_t buffer_rows(const tinysdk_conv2d_args *args) {
  return (band_rows(args) - 1) * args->stride_y + args->kernel_height;
}

/* Rows [from, end) of the buffer, whose first row is row `top` of the image. Margins are zero already, and so
 * is padding where the buffer holds whole planes. */
static void widen_rows(const depthwise_layer *layer, const int8_t *input, int32_t top, int32_t from,
                       int32_t end) {
  const tinysdk_conv2d_args *const args = layer->args;
  const uint32_t base = tinysdk_zero_base(args->input_zero);
  const int32_t room = 2 * layer->row_words - args->pad_left, width = tinysdk_min(args->in_width, room);
  for (int32_t row = from; row < end; row++) {
    const int32_t y = top + row;
    uint32_t *const words = layer->rows + row * layer->row_words;
    if (y < 0 || y >= args->in_height) {
      if (layer->band < args->out_height)
        memset(words, 0, (uint32_t)layer->row_words * sizeof(uint32_t));
      continue;
    }
    const int8_t *bytes = input + y * args->in_width, *const stop = bytes + width;
    int16_t *halves = (int16_t *)words + args->pad_left;
    for (; stop - bytes >= 4; bytes += 4, halves += 4) {
      const uint32_t word = tinysdk_load_word(bytes);
      const uint32_t even = tinysdk_sxtab16(base, word), odd = tinysdk_sxtab16_odd(base, word);
      tinysdk_store_word(halves, tinysdk_pack_low(even, odd));
      tinysdk_store_word(halves + 2, tinysdk_pack_high(even, odd));
    }
    for (; bytes < stop; bytes++)
      *halves++ = (int16_t)(*bytes - args->input_zero);
  }
}

/* Output rows through their 32-bit sums: odd widths, masks, narrow clamps, odd multipliers. */
static void convolve_slowly(const depthwise_layer *layer, tinysdk_strips *strips,
                            const tinysdk_output_stage *stage, const tinysdk_channel *channel, int32_t rows,
                            int32_t first) {
  const tinysdk_conv2d_args *const args = layer->args;
  const uint32_t *const input = strips->input;
  for (int32_t y = 0; y < rows; y++) {
    strips->input = input + y * args->stride_y * layer->row_words;
    strips->output = layer->sums;
    strips->end = layer->sums + 4 * layer->strips;
    strips->rows = 1;
    tinysdk_convolve_strips(strips, args->kernel_width, args->stride_x);
    for (int32_t x = 0; x < args->out_width; x += TINYSDK_BLOCK)
      tinysdk_finish_row(stage, channel, layer->sums + x, tinysdk_min(TINYSDK_BLOCK, args->out_width - x),
                         first + y * args->out_width + x, layer->output, layer->mask);
  }
}

static void convolve_plane(const depthwise_layer *layer, const int8_t *input, const int8_t *weights,
                           int32_t bias, tinysdk_requantization scale, int32_t first) {
  const tinysdk_conv2d_args *const args = layer->args;
  const int32_t stride = args->stride_x, size = args->kernel_width, width = args->out_width;
  const tinysdk_channel channel =
      tinysdk_channel_of(bias, scale, args->rounding, args->output_zero, size * size * 255 * 128, 0);
  const int32_t plain = layer->plain && channel.right >= 0, start = plain ? channel.start : 0;
  uint32_t pairs[LARGEST_PAIRS];
  tinysdk_strips strips = {.start = {start, start, start, start},
                           .multiplier = channel.multiplier,
                           .addend = channel.addend,
                           .right = channel.right,
                           .way = plain ? args->rounding : TINYSDK_WAY_SUMS,
                           .output = layer->output + first,
                           .end = layer->output + first + width,
                           .row_bytes = width,
                           .weights = pairs,
                           .pitch = layer->row_words * 4};
  strips.back = size * strips.pitch - 8 * stride;
  strips.next = stride * strips.pitch - layer->strips * 8 * stride;
  tinysdk_pair_weights(weights, size, stride, pairs);
  for (int32_t y = 0; y < args->out_height; y += layer->band) {
    const int32_t rows = tinysdk_min(layer->band, args->out_height - y), kept = y ? size - stride : 0;
    if (kept)
      memmove(layer->rows, layer->rows + layer->band * stride * layer->row_words,
              (uint32_t)(kept * strips.pitch));
    widen_rows(layer, input, y * stride - args->pad_top, kept, (rows - 1) * stride + size);
    strips.input = layer->rows;
    strips.rows = rows;
    if (plain)
      tinysdk_convolve_strips(&strips, size, stride);
    else {
      const tinysdk_output_stage stage = tinysdk_conv2d_stage(args, bias, scale);
      convolve_slowly(layer, &strips, &stage, &channel, rows, first + y * width);
    }
  }
}

void tinysdk_depthwise_conv2d_s8_dsp(const tinysdk_conv2d_args *args, const int8_t *input,
                                     const int8_t *weights, const int8_t *trained, const uint16_t *order,
                                     const int32_t *bias, const tinysdk_requantization *requantization,
                                     int8_t *output, uint8_t *mask, void *scratch) {
  const int32_t taps = tinysdk_taps(args), words = row_words(args);
  uint32_t *const rows = scratch;
  const depthwise_layer layer = {.args = args,
                                 .rows = rows,
                                 .sums = (int32_t *)(rows + buffer_rows(args) * words),
                                 .row_words = words,
                                 .band = band_rows(args),
                                 .strips = (args->out_width + 3) / 4,
                                 .plain = args->out_width % 4 == 0 &&
                                          tinysdk_is_plain(args->clamp_min, args->clamp_max, mask),
                                 .output = output,
                                 .mask = mask};
  memset(scratch, 0, (uint32_t)tinysdk_depthwise_conv2d_s8_dsp_scratch(args));
  for (int32_t b = 0; b < args->batch; b++) {
    tinysdk_split split =
        tinysdk_split_start(weights, trained, order, args->trained_channels, args->in_channels);
    for (int32_t c = 0; c < args->in_channels; c++) {
      const tinysdk_place place = tinysdk_split_next(&split, c);
      const int32_t o = b * args->in_channels + c;
      convolve_plane(&layer, input + o * tinysdk_in_plane(args), place.base + place.own * taps,
                     bias ? bias[c] : 0, requantization[c], o * tinysdk_out_plane(args));
    }
  }
}

int32_t tinysdk_depthwise_conv2d_s8_dsp_scratch(const tinysdk_conv2d_args *args) {
  return (buffer_rows(args) * row_words(args) + (args->out_width + 3) / 4 * 4) * (int32_t)sizeof(uint32_t);
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
  const int64_t rows = planes * args->in_height, inputs = planes * tinysdk_in_plane(args);
  return tinysdk_instruction_count(strips * (height * (2 * width + 5) + 27) + inputs * 5 / 2 + rows * 30 +
                                   planes * (120 + 3 * tinysdk_taps(args)));
}
