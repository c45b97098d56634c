#include "CImageCodecs.h"
// jpeglib.h needs FILE to be declared before it.
#include <stdio.h>

#include <jerror.h>
#include <jpeglib.h>
#include <setjmp.h>
#include <string.h>

_Static_assert(TINYSDK_CODEC_MESSAGE_BYTES >= JMSG_LENGTH_MAX, "libjpeg's messages must fit");

/// libjpeg's error handler, extended by the place to return to. `manager` comes first, so that libjpeg's
/// pointer to it is a pointer to the whole.
struct failure {
  struct jpeg_error_mgr manager;
  jmp_buf target;
  char *message;
};

static void fail(j_common_ptr info) {
  struct failure *failure = (struct failure *)info->err;
  failure->manager.format_message(info, failure->message);
  longjmp(failure->target, 1);
}

/// libjpeg fills what a damaged file lacks with grey and calls that a warning. For training data it is an
/// error.
static void note(j_common_ptr info, int level) {
  int code = info->err->msg_code;
  if (level < 0 && (code == JWRN_JPEG_EOF || code == JWRN_HIT_MARKER || code == JWRN_HUFF_BAD_CODE))
    fail(info);
}

/// Everything that must outlive a jump: it belongs to the caller of the function that calls setjmp.
struct decoder {
  struct jpeg_decompress_struct info;
  struct failure failure;
};

static void prepare(struct decoder *decoder, char *message) {
  memset(decoder, 0, sizeof *decoder);
  decoder->info.err = jpeg_std_error(&decoder->failure.manager);
  decoder->failure.manager.error_exit = fail;
  decoder->failure.manager.emit_message = note;
  decoder->failure.message = message;
  message[0] = '\0';
}

static void start(struct jpeg_decompress_struct *info, const uint8_t *bytes, size_t count) {
  jpeg_create_decompress(info);
  jpeg_mem_src(info, bytes, (unsigned long)count);
  jpeg_read_header(info, TRUE);
}

static int32_t read_size(struct decoder *decoder, const uint8_t *bytes, size_t count) {
  if (setjmp(decoder->failure.target))
    return 0;
  start(&decoder->info, bytes, count);
  return 1;
}

static int32_t read_pixels(struct decoder *decoder, const uint8_t *bytes, size_t count, uint8_t *rgb,
                           size_t capacity) {
  struct jpeg_decompress_struct *info = &decoder->info;
  if (setjmp(decoder->failure.target))
    return 0;
  start(info, bytes, count);
  info->out_color_space = JCS_RGB;
  jpeg_start_decompress(info);
  size_t stride = (size_t)info->output_width * 3;
  if (info->output_components != 3 || stride * info->output_height > capacity) {
    snprintf(decoder->failure.message, TINYSDK_CODEC_MESSAGE_BYTES,
             "the buffer is too small for the picture");
    return 0;
  }
  while (info->output_scanline < info->output_height) {
    JSAMPROW row = rgb + stride * info->output_scanline;
    jpeg_read_scanlines(info, &row, 1);
  }
  jpeg_finish_decompress(info);
  return 1;
}

int32_t tinysdk_jpeg_size(const uint8_t *bytes, size_t count, uint32_t *width, uint32_t *height,
                          char message[TINYSDK_CODEC_MESSAGE_BYTES]) {
  struct decoder decoder;
  prepare(&decoder, message);
  int32_t is_read = read_size(&decoder, bytes, count);
  if (is_read) {
    *width = decoder.info.image_width;
    *height = decoder.info.image_height;
  }
  jpeg_destroy_decompress(&decoder.info);
  return is_read;
}

int32_t tinysdk_jpeg_decode(const uint8_t *bytes, size_t count, uint8_t *rgb, size_t capacity,
                            char message[TINYSDK_CODEC_MESSAGE_BYTES]) {
  struct decoder decoder;
  prepare(&decoder, message);
  int32_t is_read = read_pixels(&decoder, bytes, count, rgb, capacity);
  jpeg_destroy_decompress(&decoder.info);
  return is_read;
}
