/* Depthwise 3x3 convolution, stride 2, four outputs at a time, on the bytes of a plane's copy with a margin.
 * Constants, scaling and 128 on top are those of depthwise_blocks.h. On Arm written out; elsewhere in C. */
#ifndef TINYSDK_DSP_DEPTHWISE_HALVES_H
#define TINYSDK_DSP_DEPTHWISE_HALVES_H

#include "depthwise_blocks.h"

/* Bytes of the left margin. */
#define TINYSDK_HALVES_MARGIN 4

/* Output rows that one copy of input rows serves. */
#define TINYSDK_HALVES_ROWS 8

/* Laid out for depthwise_halves_arm.h, which counts on every offset. */
typedef struct {
  uint32_t weights[6];
  int32_t start;
  int32_t multiplier;
  int32_t addend;
  int32_t right; /* tflite */
  int8_t *output;
  int8_t *end;       /* of the output row */
  int32_t row_bytes; /* of the output */
  int32_t rows;
  int32_t next; /* bytes from behind a row's last strip to the next row's first */
  int32_t back; /* bytes from below a strip's window to the next strip's */
  int32_t pitch;
  const int8_t *input; /* the byte above and left of the first output's centre, plus one */
} tinysdk_halves_run;

#if defined(__ARM_FEATURE_DSP) && defined(__thumb__)
#include "depthwise_halves_arm.h"
#else
#include "depthwise_halves_host.h"
#endif

static inline int32_t tinysdk_is_halved(const tinysdk_conv2d_args *args, const uint8_t *mask) {
  return args->kernel_height == 3 && args->kernel_width == 3 && args->stride_y == 2 && args->stride_x == 2 &&
         args->pad_top == 1 && args->pad_left == 1 && args->in_height == 2 * args->out_height &&
         args->in_width == 2 * args->out_width && args->out_width % 4 == 0 &&
         tinysdk_is_plain(args->clamp_min, args->clamp_max, mask);
}

static inline int32_t tinysdk_halves_words(const tinysdk_conv2d_args *args) {
  const int32_t rows = 2 * tinysdk_min(TINYSDK_HALVES_ROWS, args->out_height) + 1;
  return rows * (args->in_width + TINYSDK_HALVES_MARGIN) / 4;
}

/* Copies rows of a multiple of eight bytes; the left margin is the zero point. */
static inline void tinysdk_copy_rows(const int8_t *from, int32_t width, int32_t rows, uint32_t pad,
                                     uint32_t *to) {
  const int32_t aligned = ((uintptr_t)from & 3) == 0;
  for (; rows > 0; rows--) {
    const int8_t *const end = from + width;
    *to++ = pad;
    for (; aligned && end - from >= 16; from += 16, to += 4) {
      const uint32_t *const words = (const uint32_t *)(const void *)from;
      const uint32_t a = words[0], b = words[1], c = words[2], d = words[3];
      to[0] = a, to[1] = b, to[2] = c, to[3] = d;
    }
    for (; from != end; from += 8, to += 2) {
      const uint32_t a = tinysdk_load_word(from), b = tinysdk_load_word(from + 4);
      to[0] = a, to[1] = b;
    }
  }
}

/* One plane. */
static inline void tinysdk_convolve_halves(const tinysdk_conv2d_args *args, const tinysdk_blocks *blocks,
                                           const int8_t *input, int8_t *output, uint32_t *room) {
  const int32_t width = args->in_width, pitch = width + TINYSDK_HALVES_MARGIN;
  const uint32_t pad = ((uint32_t)args->input_zero & 0xFFu) * 0x01010101u;
  tinysdk_halves_run run = {.start = blocks->start,
                            .multiplier = blocks->multiplier,
                            .addend = blocks->addend,
                            .right = blocks->right,
                            .row_bytes = args->out_width,
                            .next = 2 * pitch - width,
                            .back = 3 * pitch - 8,
                            .pitch = pitch,
                            .input = (const int8_t *)room + TINYSDK_HALVES_MARGIN};
  memcpy(run.weights, blocks->weights, sizeof(run.weights));
  for (int32_t i = 0; i < pitch / 4; i++)
    room[i] = pad;
  for (int32_t y = 0; y < args->out_height; y += TINYSDK_HALVES_ROWS) {
    run.rows = tinysdk_min(TINYSDK_HALVES_ROWS, args->out_height - y);
    if (y > 0)
      memcpy(room, room + 2 * TINYSDK_HALVES_ROWS * (pitch / 4), (uint32_t)pitch);
    tinysdk_copy_rows(input + 2 * y * width, width, 2 * run.rows, pad, room + pitch / 4);
    run.output = output + y * args->out_width;
    run.end = run.output + args->out_width;
    if (args->rounding == TINYSDK_ROUNDING_SINGLE)
      tinysdk_run_halves_single(&run);
    else
      tinysdk_run_halves_tflite(&run);
  }
}

#endif
