#pragma once
#include <stddef.h>
#include <stdint.h>

/// Decoders of JPEG and PNG files held in memory. They print nothing, never end the process, and write only
/// to the caller's buffers. Each returns 1, or 0 with the reason in `message`.

#define TINYSDK_CODEC_MESSAGE_BYTES 256

/// Reads the picture's size from its header.
int32_t tinysdk_jpeg_size(const uint8_t *bytes, size_t count, uint32_t *width, uint32_t *height,
                          char message[TINYSDK_CODEC_MESSAGE_BYTES]);

/// Decodes into `rgb`: rows from the top, 3 bytes a pixel, `capacity` = 3 * width * height.
int32_t tinysdk_jpeg_decode(const uint8_t *bytes, size_t count, uint8_t *rgb, size_t capacity,
                            char message[TINYSDK_CODEC_MESSAGE_BYTES]);

/// Reads the picture's size from its header.
int32_t tinysdk_png_size(const uint8_t *bytes, size_t count, uint32_t *width, uint32_t *height,
                         char message[TINYSDK_CODEC_MESSAGE_BYTES]);

/// Decodes into `rgb`: rows from the top, 3 bytes a pixel, `capacity` = 3 * width * height. Transparent
/// pixels are laid over black, 16-bit channels are reduced to 8.
int32_t tinysdk_png_decode(const uint8_t *bytes, size_t count, uint8_t *rgb, size_t capacity,
                           char message[TINYSDK_CODEC_MESSAGE_BYTES]);
