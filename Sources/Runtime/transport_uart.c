/* The link over Arm's CMSDK APB UART, polled: no interrupt, no buffer of our own. */
#include "tinysdk_platform.h"

enum { DATA = 0x00, STATE = 0x04, CONTROL = 0x08, BAUD_DIVIDER = 0x10 };

#define STATE_TRANSMIT_FULL 1u
#define STATE_RECEIVE_FULL 2u
#define CONTROL_TRANSMIT_AND_RECEIVE 3u

static volatile uint32_t *uart(uint32_t offset) {
  return tinysdk_register(TINYSDK_UART_BASE + offset);
}

static bool open_uart(void) {
  const uint32_t divider = TINYSDK_UART_CLOCK_HZ / TINYSDK_UART_BAUD;
  *uart(BAUD_DIVIDER) = divider < 16 ? 16 : divider;
  *uart(CONTROL) = CONTROL_TRANSMIT_AND_RECEIVE;
  return true;
}

static bool read_bytes(void *bytes, uint32_t count) {
  uint8_t *next = bytes;
  for (uint32_t i = 0; i < count; ++i) {
    while ((*uart(STATE) & STATE_RECEIVE_FULL) == 0) {
    }
    next[i] = (uint8_t)*uart(DATA);
  }
  return true;
}

static bool write_bytes(const void *bytes, uint32_t count) {
  const uint8_t *next = bytes;
  for (uint32_t i = 0; i < count; ++i) {
    while ((*uart(STATE) & STATE_TRANSMIT_FULL) != 0) {
    }
    *uart(DATA) = next[i];
  }
  return true;
}

const tinysdk_transport tinysdk_transport_uart = {open_uart, read_bytes, write_bytes, true};
