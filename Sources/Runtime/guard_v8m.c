/* The memory guard on Armv8-M's protection unit (PMSAv8, Armv8-M Architecture Reference Manual, B11): regions
 * are any multiple of 32 bytes and must not overlap. */
#include "guard.h"
#include "tinysdk_platform.h"

#define MPU_ATTRIBUTES_0 0xE000EDC0u
#define ATTRIBUTES_NORMAL 0xFFu /* index 0: write back, read and write allocate */
#define ATTRIBUTES_DEVICE 0x04u /* index 1: nGnRE */

#define BASE_EXECUTE_NEVER 1u
#define BASE_READ_WRITE (1u << 1)
#define BASE_READ_ONLY (3u << 1)
#define LIMIT_DEVICE (1u << 1)
#define LIMIT_ENABLE 1u

static void set_region(uint32_t number, tinysdk_span span) {
  if (number >= tinysdk_guard_hardware_regions())
    tinysdk_guard_impossible();
  const uint32_t execute = (span.access & TINYSDK_EXECUTE) != 0 ? 0 : BASE_EXECUTE_NEVER;
  const uint32_t write = (span.access & TINYSDK_WRITE) != 0 ? BASE_READ_WRITE : BASE_READ_ONLY;
  const uint32_t device = (span.access & TINYSDK_DEVICE) != 0 ? LIMIT_DEVICE : 0;
  *tinysdk_register(TINYSDK_MPU_NUMBER) = number;
  *tinysdk_register(TINYSDK_MPU_BASE) = span.start | write | execute;
  *tinysdk_register(TINYSDK_MPU_LIMIT) = ((span.end - 1u) & ~31u) | device | LIMIT_ENABLE;
}

/* The span without the stack's lowest bytes. Returns the next free region number. */
static uint32_t set_span(uint32_t number, tinysdk_span span) {
  const uint32_t hole = (uint32_t)__tinysdk_stack_bottom;
  if (hole - span.start >= span.end - span.start) {
    set_region(number, span);
    return number + 1;
  }
  if (hole != span.start)
    set_region(number++, (tinysdk_span){span.start, hole, span.access});
  if (hole + TINYSDK_STACK_GUARD_BYTES != span.end)
    set_region(number++, (tinysdk_span){hole + TINYSDK_STACK_GUARD_BYTES, span.end, span.access});
  return number;
}

void tinysdk_guard_v8m(void) {
  tinysdk_span spans[TINYSDK_SPANS_MAX];
  const uint32_t count = tinysdk_guard_spans(spans);
  *tinysdk_register(MPU_ATTRIBUTES_0) = ATTRIBUTES_NORMAL | (ATTRIBUTES_DEVICE << 8);
  uint32_t number = 0;
  for (uint32_t i = 0; i < count; ++i)
    number = set_span(number, spans[i]);
  tinysdk_guard_switch_on();
}
