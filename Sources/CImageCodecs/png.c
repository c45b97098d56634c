#include "CImageCodecs.h"
#include <png.h>
#include <stdio.h>
#include <string.h>

/// Opens the picture with libpng's simplified reader, which catches its own errors.
static int begin(png_image *image, const uint8_t *bytes, size_t count, char *message) {
  memset(image, 0, sizeof *image);
  image->version = PNG_IMAGE_VERSION;
  message[0] = '\0';
  if (png_image_begin_read_from_memory(image, bytes, count))
    return 1;
  snprintf(message, TINYSDK_CODEC_MESSAGE_BYTES, "%s", image->message);
  return 0;
}

int32_t tinysdk_png_size(const uint8_t *bytes, size_t count, uint32_t *width, uint32_t *height,
                         char message[TINYSDK_CODEC_MESSAGE_BYTES]) {
  png_image image;
  if (!begin(&image, bytes, count, message))
    return 0;
  *width = image.width;
  *height = image.height;
  png_image_free(&image);
  return 1;
}

int32_t tinysdk_png_decode(const uint8_t *bytes, size_t count, uint8_t *rgb, size_t capacity,
                           char message[TINYSDK_CODEC_MESSAGE_BYTES]) {
  png_image image;
  if (!begin(&image, bytes, count, message))
    return 0;
  image.format = PNG_FORMAT_RGB;
  if (PNG_IMAGE_SIZE(image) > capacity) {
    snprintf(message, TINYSDK_CODEC_MESSAGE_BYTES, "the buffer is too small for the picture");
    png_image_free(&image);
    return 0;
  }
  const png_color black = {0, 0, 0};
  if (png_image_finish_read(&image, &black, rgb, 0, NULL))
    return 1;
  snprintf(message, TINYSDK_CODEC_MESSAGE_BYTES, "%s", image.message);
  png_image_free(&image);
  return 0;
}
