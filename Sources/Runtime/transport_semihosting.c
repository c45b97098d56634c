/* The link over two named pipes of the host, opened by semihosting. The emulator's command line says where:
 * `tinysdk-link TO_DEVICE FROM_DEVICE`. */
#include <string.h>

#include "semihosting.h"
#include "tinysdk_platform.h"

/* On the stack, whose use is measured: no more than two paths need. */
#define COMMAND_LINE_BYTES 192

static int32_t from_host = -1;
static int32_t to_host = -1;

static bool open_pipes(void) {
  char line[COMMAND_LINE_BYTES];
  if (!tinysdk_semihosting_command_line(line, sizeof line) || strncmp(line, "tinysdk-link ", 13) != 0)
    return false;
  char *to_device = line + 13;
  char *from_device = strchr(to_device, ' ');
  if (from_device == NULL)
    return false;
  *from_device++ = '\0';
  from_host = tinysdk_semihosting_open(to_device, TINYSDK_OPEN_READ_BINARY);
  to_host = tinysdk_semihosting_open(from_device, TINYSDK_OPEN_WRITE_BINARY);
  return from_host != -1 && to_host != -1;
}

static bool read_bytes(void *bytes, uint32_t count) {
  uint8_t *next = bytes;
  while (count > 0) {
    const uint32_t got = tinysdk_semihosting_read(from_host, next, count);
    if (got == 0)
      return false;
    next += got;
    count -= got;
  }
  return true;
}

static bool write_bytes(const void *bytes, uint32_t count) {
  const uint8_t *next = bytes;
  while (count > 0) {
    const uint32_t put = tinysdk_semihosting_write(to_host, next, count);
    if (put == 0)
      return false;
    next += put;
    count -= put;
  }
  return true;
}

const tinysdk_transport tinysdk_transport_semihosting = {open_pipes, read_bytes, write_bytes, false};
