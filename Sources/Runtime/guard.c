#include "guard.h"
#include "tinysdk.h"
#include "tinysdk_platform.h"
#include "tinysdk_protocol.h"

#define PERIPHERAL_BYTES 0x1000u

static uint32_t append(tinysdk_span *spans, uint32_t count, uint32_t start, uint32_t length,
                       uint32_t access) {
  if (count > 0 && spans[count - 1].end == start && spans[count - 1].access == access) {
    spans[count - 1].end += length;
    return count;
  }
  if (count == TINYSDK_SPANS_MAX)
    tinysdk_guard_impossible();
  spans[count] = (tinysdk_span){start, start + length, access};
  return count + 1;
}

uint32_t tinysdk_guard_spans(tinysdk_span spans[TINYSDK_SPANS_MAX]) {
  const uint32_t peripheral = TINYSDK_READ | TINYSDK_WRITE | TINYSDK_DEVICE;
  uint32_t count = 0;
  for (uint32_t i = 0; i < tinysdk_region_count; ++i)
    count =
        append(spans, count, tinysdk_regions[i].origin, tinysdk_regions[i].length, tinysdk_regions[i].access);
  if (TINYSDK_TIMER_BASE != 0)
    count = append(spans, count, TINYSDK_TIMER_BASE, PERIPHERAL_BYTES, peripheral);
  if (TINYSDK_UART_BASE != 0)
    count = append(spans, count, TINYSDK_UART_BASE, PERIPHERAL_BYTES, peripheral);
  if (TINYSDK_FLASH_BASE != 0)
    count = append(spans, count, TINYSDK_FLASH_BASE, PERIPHERAL_BYTES, peripheral);
  return count;
}

uint32_t tinysdk_guard_hardware_regions(void) {
  return (*tinysdk_register(TINYSDK_MPU_TYPE) >> 8) & 0xFFu;
}

void tinysdk_guard_switch_on(void) {
  __asm__ volatile("dmb" ::: "memory");
  *tinysdk_register(TINYSDK_MPU_CONTROL) = TINYSDK_MPU_CONTROL_ENABLE;
  __asm__ volatile("dsb\n isb" ::: "memory");
}

_Noreturn void tinysdk_guard_impossible(void) {
  tinysdk_print("memory guard: the protection unit has too few regions for this board's memory; "
                "turn `guard` off in board.yml or make region sizes rounder\n");
  tinysdk_exit(TINYSDK_EXIT_BOARD);
}

void tinysdk_guard_none(void) {
}
