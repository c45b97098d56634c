#include "products.h"

extern __typeof__(tinysdk_conv2d_s8) tinysdk_conv2d_s8_host;
extern __typeof__(tinysdk_conv2d_s8_scratch) tinysdk_conv2d_s8_host_scratch,
    tinysdk_conv2d_s8_host_instructions;

/* What a tile may read past a plane's end. */
#define SLACK (2 * HOST_PIXELS)

static int32_t padded_width(const tinysdk_conv2d_args *args) {
  return (args->out_width - 1) * args->stride_x + (args->kernel_width - 1) * args->dilation_x + 1;
}

static int32_t padded_size(const tinysdk_conv2d_args *args) {
  const int32_t height =
      (args->out_height - 1) * args->stride_y + (args->kernel_height - 1) * args->dilation_y;
  return (height + 1) * padded_width(args);
}

/* Copies a plane with its padding, which reads as the input's zero point. */
static void pad_plane(const tinysdk_conv2d_args *args, const int8_t *input, int8_t *padded) {
  const int32_t width = padded_width(args), size = padded_size(args);
  const tinysdk_range rows = tinysdk_positions_inside(0, size / width, 1, -args->pad_top, args->in_height);
  const tinysdk_range columns = tinysdk_positions_inside(0, width, 1, -args->pad_left, args->in_width);
  memset(padded, args->input_zero, (uint32_t)size);
  for (int32_t y = rows.first; y < rows.end && columns.first < columns.end; y++)
    memcpy(padded + y * width + columns.first,
           input + (y - args->pad_top) * args->in_width + columns.first - args->pad_left,
           (uint32_t)(columns.end - columns.first));
}

/* Sixteen neighbouring pixels of the output, in scan order: where each one's window starts. */
typedef struct {
  int32_t start[HOST_PIXELS];
  int32_t count;
  int32_t neighbours; /* all of them in one row */
} tile;

static tile tile_at(const tinysdk_conv2d_args *args, int32_t pixel, int32_t count) {
  tile t = {.count = count};
  for (int32_t i = 0; i < HOST_PIXELS; i++) {
    /* Beyond the last pixel, that one again. */
    const int32_t p = pixel + tinysdk_min(i, count - 1);
    t.start[i] =
        p / args->out_width * args->stride_y * padded_width(args) + p % args->out_width * args->stride_x;
  }
  t.neighbours = count == HOST_PIXELS && pixel % args->out_width + count <= args->out_width;
  return t;
}

/* Copies one value of each pixel's window; `from` is that value's plane and tap. */
static void gather(const tile *t, const int8_t *from, int8_t *copies) {
  for (int32_t i = 0; i < HOST_PIXELS; i++)
    copies[i] = from[t->start[i]];
}

/* The columns of one tile: `offsets` leads from a window's start to each of its values. */
static void load_tile(const tinysdk_conv2d_args *args, const tile *t, const int8_t *planes,
                      const int32_t *offsets, int32_t values, int16_t *columns) {
  const int32_t stride = t->neighbours ? args->stride_x : 0, zero = args->input_zero;
  const int8_t *const start = planes + t->start[0];
  int8_t copies[2][HOST_PIXELS];
  for (int32_t k = 0; k < values; k += 2) {
    /* The second of the last pair may lie past the last value: its weight is zero. */
    const int32_t first = offsets[k], second = offsets[tinysdk_min(k + 1, values - 1)];
    int16_t *const pairs = columns + k * HOST_PIXELS;
    if (stride == 1) {
      host_store_pairs(start + first, start + second, 1, zero, pairs);
    } else if (stride == 2) {
      host_store_pairs(start + first, start + second, 2, zero, pairs);
    } else {
      gather(t, planes + first, copies[0]);
      gather(t, planes + second, copies[1]);
      host_store_pairs(copies[0], copies[1], 1, zero, pairs);
    }
  }
}

static void find_offsets(const tinysdk_conv2d_args *args, const uint16_t *order, int32_t *offsets) {
  for (int32_t k = 0; k < args->in_channels / args->groups; k++)
    for (int32_t ky = 0; ky < args->kernel_height; ky++)
      for (int32_t kx = 0; kx < args->kernel_width; kx++)
        *offsets++ = (order ? order[k] : k) * padded_size(args) + ky * args->dilation_y * padded_width(args) +
                     kx * args->dilation_x;
}

/* Scratch: the columns of a block, widened weights, the offsets, the padded planes of one group. */
void tinysdk_conv2d_s8_host(const tinysdk_conv2d_args *args, const int8_t *input, const int8_t *weights,
                            const int8_t *trained, const uint16_t *order, const int32_t *bias,
                            const tinysdk_requantization *requantization, int8_t *output, uint8_t *mask,
                            void *scratch) {
  const int32_t channels = args->in_channels / args->groups, outputs = args->out_channels / args->groups;
  const int32_t taps = tinysdk_taps(args), values = channels * taps, depth = host_depth(values);
  const int32_t plane = tinysdk_out_plane(args);
  const host_layer layer = {weights, trained, bias, requantization, output, mask};
  int16_t *const columns = scratch, *const widened = columns + depth * HOST_BLOCK;
  int32_t *const offsets = (int32_t *)(widened + depth * HOST_ROWS);
  int8_t *const planes = (int8_t *)(offsets + values);
  find_offsets(args, order, offsets);
  for (int32_t image = 0; image < args->batch * args->groups; image++) {
    const int32_t b = image / args->groups, o0 = image % args->groups * outputs;
    for (int32_t c = 0; c < channels; c++)
      pad_plane(args, input + (image * channels + c) * tinysdk_in_plane(args),
                planes + c * padded_size(args));
    for (int32_t p = 0; p < plane; p += HOST_BLOCK) {
      const int32_t count = tinysdk_min(HOST_BLOCK, plane - p);
      for (int32_t q = 0; q < count; q += HOST_PIXELS) {
        const tile t = tile_at(args, p + q, tinysdk_min(HOST_PIXELS, count - q));
        load_tile(args, &t, planes, offsets, values, columns + q * depth);
      }
      for (int32_t o = o0; o < o0 + outputs; o += HOST_ROWS)
        host_multiply_rows(args, &layer, o, tinysdk_min(HOST_ROWS, o0 + outputs - o), taps, columns, count,
                           b * args->out_channels * plane + p, widened);
    }
  }
}

int32_t tinysdk_conv2d_s8_host_scratch(const tinysdk_conv2d_args *args) {
  const int32_t channels = args->in_channels / args->groups, values = channels * tinysdk_taps(args);
  return host_products_bytes(values) + values * (int32_t)sizeof(int32_t) + channels * padded_size(args) +
         SLACK;
}

int32_t tinysdk_conv2d_s8_host_instructions(const tinysdk_conv2d_args *args) {
  return host_products_instructions(args);
}
