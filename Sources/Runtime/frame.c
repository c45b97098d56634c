#include "frame.h"

#include <string.h>

#include "crc32.h"
#include "tinysdk_platform.h"
#include "tinysdk_protocol.h"

#define HEADER_BYTES 16u

/* As on the wire: Cortex-M is little-endian. */
typedef struct {
  uint32_t magic;
  uint8_t type;
  uint8_t reserved;
  uint16_t sequence;
  uint32_t length;
  uint32_t crc;
} header;

_Static_assert(sizeof(header) == HEADER_BYTES, "the header is 16 bytes on the wire");

static uint32_t receive_left;
static uint32_t receive_crc;
static uint32_t send_crc;

static bool is_header(const header *candidate) {
  return candidate->magic == TINYSDK_FRAME_MAGIC &&
         candidate->crc == tinysdk_crc32(0, candidate, HEADER_BYTES - 4u);
}

/* Drops bytes up to the next that could begin a magic. Returns how many are kept. */
static uint32_t skip(uint8_t *bytes) {
  uint32_t from = 1;
  while (from < HEADER_BYTES && bytes[from] != (uint8_t)TINYSDK_FRAME_MAGIC)
    ++from;
  memmove(bytes, bytes + from, HEADER_BYTES - from);
  return HEADER_BYTES - from;
}

bool tinysdk_frame_receive(tinysdk_frame *frame) {
  header next;
  uint32_t have = 0;
  bool complained = false;
  for (;;) {
    if (!TINYSDK_TRANSPORT.read((uint8_t *)&next + have, HEADER_BYTES - have))
      return false;
    if (is_header(&next))
      break;
    if (!complained)
      tinysdk_frame_send(TINYSDK_FRAME_NAK, 0, NULL, 0);
    complained = true;
    have = skip((uint8_t *)&next);
  }
  *frame = (tinysdk_frame){next.type, next.sequence, next.length};
  receive_left = next.length;
  receive_crc = 0;
  return true;
}

static bool discard(uint32_t count) {
  uint8_t piece[64];
  while (count > 0) {
    const uint32_t now = count < sizeof piece ? count : sizeof piece;
    if (!tinysdk_frame_receive_bytes(piece, now))
      return false;
    count -= now;
  }
  return true;
}

bool tinysdk_frame_receive_bytes(void *bytes, uint32_t count) {
  if (bytes == NULL)
    return discard(count);
  if (count > receive_left || !TINYSDK_TRANSPORT.read(bytes, count))
    return false;
  receive_left -= count;
  receive_crc = tinysdk_crc32(receive_crc, bytes, count);
  return true;
}

tinysdk_frame_status tinysdk_frame_receive_end(void) {
  uint32_t crc;
  if (!discard(receive_left) || !TINYSDK_TRANSPORT.read(&crc, sizeof crc))
    return TINYSDK_FRAME_GONE;
  return crc == receive_crc ? TINYSDK_FRAME_OK : TINYSDK_FRAME_CORRUPT;
}

void tinysdk_frame_send_begin(uint32_t type, uint32_t sequence, uint32_t length) {
  header next = {TINYSDK_FRAME_MAGIC, (uint8_t)type, 0, (uint16_t)sequence, length, 0};
  next.crc = tinysdk_crc32(0, &next, HEADER_BYTES - 4u);
  send_crc = 0;
  (void)TINYSDK_TRANSPORT.write(&next, sizeof next);
}

/* A host that has gone is noticed at the next read. */
void tinysdk_frame_send_bytes(const void *bytes, uint32_t count) {
  send_crc = tinysdk_crc32(send_crc, bytes, count);
  (void)TINYSDK_TRANSPORT.write(bytes, count);
}

void tinysdk_frame_send_end(void) {
  (void)TINYSDK_TRANSPORT.write(&send_crc, sizeof send_crc);
}

void tinysdk_frame_send(uint32_t type, uint32_t sequence, const void *bytes, uint32_t count) {
  tinysdk_frame_send_begin(type, sequence, count);
  if (count > 0)
    tinysdk_frame_send_bytes(bytes, count);
  tinysdk_frame_send_end();
}
