#include "products.h"

extern __typeof__(tinysdk_conv2d_1x1_s8) tinysdk_conv2d_1x1_s8_host;
extern __typeof__(tinysdk_conv2d_1x1_s8_scratch) tinysdk_conv2d_1x1_s8_host_scratch;
extern __typeof__(tinysdk_conv2d_1x1_s8_scratch) tinysdk_conv2d_1x1_s8_host_instructions;

/* The columns of at most sixteen pixels. */
static void load_tile(const tinysdk_conv2d_args *args, const int8_t *input, const uint16_t *order,
                      int32_t count, int16_t *columns) {
  const int32_t plane = tinysdk_in_plane(args), channels = args->in_channels;
  int8_t partial[2][HOST_PIXELS] = {{0}};
  for (int32_t k = 0; k < channels; k += 2) {
    /* The second of the last pair may lie past the last channel: its weight is zero. */
    const int32_t next = tinysdk_min(k + 1, channels - 1);
    const int8_t *first = input + (order ? order[k] : k) * plane;
    const int8_t *second = input + (order ? order[next] : next) * plane;
    if (count < HOST_PIXELS) {
      memcpy(partial[0], first, (uint32_t)count);
      memcpy(partial[1], second, (uint32_t)count);
      first = partial[0];
      second = partial[1];
    }
    host_store_pairs(first, second, 1, args->input_zero, columns + k * HOST_PIXELS);
  }
}

void tinysdk_conv2d_1x1_s8_host(const tinysdk_conv2d_args *args, const int8_t *input, const int8_t *weights,
                                const int8_t *trained, const uint16_t *order, const int32_t *bias,
                                const tinysdk_requantization *requantization, int8_t *output, uint8_t *mask,
                                void *scratch) {
  const int32_t plane = tinysdk_in_plane(args), depth = host_depth(args->in_channels);
  const host_layer layer = {weights, trained, bias, requantization, output, mask};
  int16_t *const columns = scratch, *const widened = columns + depth * HOST_BLOCK;
  for (int32_t i = 0; i < args->batch; i++) {
    /* Where the images grow, the last one goes first: in place, no output may reach an unread image. */
    const int32_t b = args->out_channels > args->in_channels ? args->batch - 1 - i : i;
    /* Copied out, the inputs of a block may be overwritten by its outputs. */
    for (int32_t p = 0; p < plane; p += HOST_BLOCK) {
      const int32_t count = tinysdk_min(HOST_BLOCK, plane - p);
      for (int32_t q = 0; q < count; q += HOST_PIXELS)
        load_tile(args, input + b * args->in_channels * plane + p + q, order,
                  tinysdk_min(HOST_PIXELS, count - q), columns + q * depth);
      for (int32_t o = 0; o < args->out_channels; o += HOST_ROWS)
        host_multiply_rows(args, &layer, o, tinysdk_min(HOST_ROWS, args->out_channels - o), 1, columns, count,
                           b * args->out_channels * plane + p, widened);
    }
  }
}

int32_t tinysdk_conv2d_1x1_s8_host_scratch(const tinysdk_conv2d_args *args) {
  return host_products_bytes(args->in_channels);
}

int32_t tinysdk_conv2d_1x1_s8_host_instructions(const tinysdk_conv2d_args *args) {
  return host_products_instructions(args);
}
