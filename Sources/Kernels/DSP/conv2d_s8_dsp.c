#include "columns.h"
#include "instructions.h"

extern __typeof__(tinysdk_conv2d_s8) tinysdk_conv2d_s8_dsp;
extern __typeof__(tinysdk_conv2d_s8_scratch) tinysdk_conv2d_s8_dsp_scratch;
extern __typeof__(tinysdk_conv2d_s8_scratch) tinysdk_conv2d_s8_dsp_instructions;
extern __typeof__(tinysdk_conv2d_s8_scratch) tinysdk_conv2d_s8_dsp_cycles;

/* Four neighbouring outputs of a row, as seen from the first plane of a group. */
typedef struct {
  const int8_t *planes;
  int32_t y;
  int32_t x;
  int32_t count;
} pixel_block;

/* Whether no window of the block reaches into the padding. */
static int32_t is_inside(const tinysdk_conv2d_args *args, const pixel_block *block) {
  const int32_t last_x = block->x + (TINYSDK_PIXELS - 1) * args->stride_x;
  return block->count == TINYSDK_PIXELS && block->y >= 0 && block->x >= 0 &&
         block->y + (args->kernel_height - 1) * args->dilation_y < args->in_height &&
         last_x + (args->kernel_width - 1) * args->dilation_x < args->in_width;
}

/* Where each weight's input lies, seen from the window's first element. */
static void list_offsets(const tinysdk_conv2d_args *args, const uint16_t *positions, int32_t channels,
                         int32_t *offsets) {
  for (int32_t k = 0; k < channels; k++)
    for (int32_t ky = 0; ky < args->kernel_height; ky++)
      for (int32_t kx = 0; kx < args->kernel_width; kx++)
        *offsets++ = (positions ? positions[k] : k) * tinysdk_in_plane(args) +
                     ky * args->dilation_y * args->in_width + kx * args->dilation_x;
}

/* Four neighbouring weights' inputs for one pixel: two words of a quad. */
static inline void gather_four(const int8_t *window, const int32_t *offsets, int32_t zero, uint32_t *quad) {
  const int32_t a = window[offsets[0]] - zero, b = window[offsets[1]] - zero;
  const int32_t c = window[offsets[2]] - zero, d = window[offsets[3]] - zero;
  quad[0] = tinysdk_pack_low((uint32_t)a, (uint32_t)c);
  quad[4] = tinysdk_pack_low((uint32_t)b, (uint32_t)d);
}

/* Element t of pixel p in the columns. */
static inline int16_t *element(uint32_t *columns, int32_t t, int32_t p) {
  return (int16_t *)(columns + t / 4 * 8 + (t & 1) * 4 + p) + (t >> 1 & 1);
}

static void gather_inside(const tinysdk_conv2d_args *args, const pixel_block *block, const int32_t *offsets,
                          int32_t weights, uint32_t *columns) {
  const int8_t *const window = block->planes + block->y * args->in_width + block->x;
  const int32_t zero = args->input_zero, stride = args->stride_x;
  int32_t t = 0;
  for (; t + 4 <= weights; t += 4)
    for (int32_t p = 0; p < TINYSDK_PIXELS; p++)
      gather_four(window + p * stride, offsets + t, zero, columns + t * 2 + p);
  for (; t < weights; t++)
    for (int32_t p = 0; p < TINYSDK_PIXELS; p++)
      *element(columns, t, p) = (int16_t)(window[offsets[t] + p * stride] - zero);
}

static void gather_border(const tinysdk_conv2d_args *args, const pixel_block *block, const int32_t *offsets,
                          int32_t weights, uint32_t *columns) {
  const int32_t first = block->y * args->in_width + block->x;
  for (int32_t t = 0, ky = 0, kx = 0; t < weights; t++) {
    const int32_t y = block->y + ky * args->dilation_y;
    for (int32_t p = 0; p < TINYSDK_PIXELS; p++) {
      const int32_t x = block->x + p * args->stride_x + kx * args->dilation_x;
      const int32_t inside =
          p < block->count && y >= 0 && y < args->in_height && x >= 0 && x < args->in_width;
      *element(columns, t, p) =
          inside ? (int16_t)(block->planes[first + offsets[t] + p * args->stride_x] - args->input_zero) : 0;
    }
    kx = kx + 1 < args->kernel_width ? kx + 1 : 0;
    if (kx == 0)
      ky = ky + 1 < args->kernel_height ? ky + 1 : 0;
  }
}

static void gather(const tinysdk_conv2d_args *args, const pixel_block *block, const int32_t *offsets,
                   int32_t weights, uint32_t *columns) {
  if (is_inside(args, block))
    gather_inside(args, block, offsets, weights, columns);
  else
    gather_border(args, block, offsets, weights, columns);
}

/* One group of one image: `first` is the group's first output element. */
static void convolve_group(const tinysdk_layer *layer, const int8_t *planes, const int32_t *offsets,
                           uint32_t *columns, int32_t first) {
  const tinysdk_conv2d_args *const args = layer->args;
  for (int32_t oy = 0; oy < args->out_height; oy++) {
    for (int32_t ox = 0; ox < args->out_width; ox += TINYSDK_PIXELS) {
      const pixel_block block = {planes, oy * args->stride_y - args->pad_top,
                                 ox * args->stride_x - args->pad_left,
                                 tinysdk_min(TINYSDK_PIXELS, args->out_width - ox)};
      gather(args, &block, offsets, layer->learning, columns);
      gather(args, &block, offsets + layer->learning, layer->rest,
             columns + 8 * tinysdk_quads(layer->learning));
      tinysdk_convolve_columns(layer, columns, block.count, first + oy * args->out_width + ox,
                               tinysdk_out_plane(args));
    }
  }
}

void tinysdk_conv2d_s8_dsp(const tinysdk_conv2d_args *args, const int8_t *input, const int8_t *weights,
                           const int8_t *trained, const uint16_t *order, const int32_t *bias,
                           const tinysdk_requantization *requantization, int8_t *output, uint8_t *mask,
                           void *scratch) {
  const int32_t taps = tinysdk_taps(args), own = args->in_channels / args->groups;
  const int32_t learning = args->trained_channels * taps, rest = own * taps - learning;
  const int32_t outputs = args->out_channels / args->groups;
  tinysdk_channel *const channels = scratch;
  uint32_t *const columns = (uint32_t *)(channels + args->out_channels);
  int32_t *const offsets = (int32_t *)(columns + tinysdk_column_words(learning, learning + rest));
  tinysdk_prepare_channels(args, own * taps, bias, requantization, channels);
  memset(columns, 0, sizeof(uint32_t) * (uint32_t)tinysdk_column_words(learning, learning + rest));
  if (learning > 0)
    list_offsets(args, order, args->trained_channels, offsets);
  list_offsets(args, order ? order + args->trained_channels : NULL, own - args->trained_channels,
               offsets + learning);
  for (int32_t image = 0; image < args->batch * args->groups; image++) {
    const int32_t o = image % args->groups * outputs;
    const tinysdk_layer layer = {args,
                                 learning > 0 ? trained + o * learning : NULL,
                                 rest > 0 ? weights + o * rest : NULL,
                                 learning,
                                 rest,
                                 bias ? bias + o : NULL,
                                 requantization + o,
                                 channels + o,
                                 outputs,
                                 output,
                                 mask};
    convolve_group(&layer, input + image * own * tinysdk_in_plane(args), offsets, columns,
                   image * outputs * tinysdk_out_plane(args));
  }
}

int32_t tinysdk_conv2d_s8_dsp_scratch(const tinysdk_conv2d_args *args) {
  const int32_t taps = tinysdk_taps(args), own = args->in_channels / args->groups * taps;
  return args->out_channels * (int32_t)sizeof(tinysdk_channel) +
         (tinysdk_column_words(args->trained_channels * taps, own) + own) * (int32_t)sizeof(uint32_t);
}

int32_t tinysdk_conv2d_s8_dsp_instructions(const tinysdk_conv2d_args *args) {
  const int64_t own = (int64_t)(args->in_channels / args->groups) * tinysdk_taps(args);
  if (!tinysdk_is_packable(args, own))
    return -1;
  const int64_t blocks = (int64_t)args->batch * args->out_height * ((args->out_width + 3) / 4);
  return tinysdk_instruction_count(blocks * (own * args->groups * 40 + args->out_channels * (own * 4 + 40)) +
                                   args->out_channels * 24 + own * 12);
}

/* Modelled on cortex-m7, ten instructions take about nine cycles. */
int32_t tinysdk_conv2d_s8_dsp_cycles(const tinysdk_conv2d_args *args) {
  const int32_t instructions = tinysdk_conv2d_s8_dsp_instructions(args);
  return instructions - instructions / 10;
}
