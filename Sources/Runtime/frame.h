/* Frames on the link: tinysdk_protocol.h has the format. */
#ifndef TINYSDK_FRAME_H
#define TINYSDK_FRAME_H

#include <stdbool.h>
#include <stdint.h>

typedef struct tinysdk_frame {
  uint32_t type;
  uint32_t sequence;
  uint32_t length;
} tinysdk_frame;

typedef enum { TINYSDK_FRAME_OK, TINYSDK_FRAME_CORRUPT, TINYSDK_FRAME_GONE } tinysdk_frame_status;

/* Waits for the next header. Sends one NAK when it meets bytes that are none. False: the host has gone. */
bool tinysdk_frame_receive(tinysdk_frame *frame);
/* The next `count` bytes of the payload of the frame received last; NULL throws them away. */
bool tinysdk_frame_receive_bytes(void *bytes, uint32_t count);
/* Throws away what is left of the payload, and checks its sum. */
tinysdk_frame_status tinysdk_frame_receive_end(void);

/* A header; exactly `length` payload bytes follow in any number of pieces, then the end. */
void tinysdk_frame_send_begin(uint32_t type, uint32_t sequence, uint32_t length);
void tinysdk_frame_send_bytes(const void *bytes, uint32_t count);
void tinysdk_frame_send_end(void);
void tinysdk_frame_send(uint32_t type, uint32_t sequence, const void *bytes, uint32_t count);

#endif
