/* The memory guard on Armv7-M's protection unit (PMSAv7, Armv7-M Architecture Reference Manual, B3.5):
 * regions are powers of two, aligned to their size, in eight parts that can be left out. */
#include "guard.h"
#include "tinysdk_platform.h"

#define SMALLEST_LOG2 5u
#define SMALLEST_WITH_PARTS_LOG2 8u

#define ATTRIBUTE_EXECUTE_NEVER (1u << 28)
#define ATTRIBUTE_READ_WRITE (3u << 24)
#define ATTRIBUTE_READ_ONLY (6u << 24)
#define ATTRIBUTE_NORMAL_RAM ((1u << 19) | (1u << 17) | (1u << 16)) /* write back, write allocate */
#define ATTRIBUTE_NORMAL_FLASH (1u << 17)                           /* write through */
#define ATTRIBUTE_DEVICE (1u << 16)
#define REGION_ENABLE 1u

typedef struct {
  uint32_t base;
  uint32_t log2;
  uint32_t left_out; /* one bit for each eighth */
  uint32_t end;      /* where the covered part ends */
} block;

static uint32_t attributes(uint32_t access) {
  const uint32_t execute = (access & TINYSDK_EXECUTE) != 0 ? 0 : ATTRIBUTE_EXECUTE_NEVER;
  if ((access & TINYSDK_DEVICE) != 0)
    return execute | ATTRIBUTE_READ_WRITE | ATTRIBUTE_DEVICE;
  if ((access & TINYSDK_WRITE) != 0)
    return execute | ATTRIBUTE_READ_WRITE | ATTRIBUTE_NORMAL_RAM;
  return execute | ATTRIBUTE_READ_ONLY | ATTRIBUTE_NORMAL_FLASH;
}

/* The block of 2^log2 bytes around `start` as far as it lies in [start, end); covers nothing when parts
 * cannot express that. */
static block block_around(uint32_t start, uint32_t end, uint32_t log2) {
  const uint32_t size = 1u << log2;
  const uint32_t part = log2 >= SMALLEST_WITH_PARTS_LOG2 ? size / 8u : size;
  block result = {start & ~(size - 1u), log2, 0, start};
  if ((start & (part - 1u)) != 0)
    return result;
  const uint32_t room = end - start;
  const uint32_t ahead = size - (start - result.base);
  result.end = start + (room < ahead ? room & ~(part - 1u) : ahead);
  for (uint32_t i = 0; part < size && i < 8u; ++i) {
    const uint32_t at = result.base + i * part;
    if (at < start || at - start >= result.end - start)
      result.left_out |= 1u << i;
  }
  return result;
}

static block largest_block(uint32_t start, uint32_t end) {
  block best = {start, SMALLEST_LOG2, 0, start};
  for (uint32_t log2 = SMALLEST_LOG2; log2 < 32u; ++log2) {
    const block candidate = block_around(start, end, log2);
    if (candidate.end - start > best.end - start)
      best = candidate;
  }
  return best;
}

static void set_region(uint32_t number, uint32_t base, uint32_t value) {
  *tinysdk_register(TINYSDK_MPU_NUMBER) = number;
  *tinysdk_register(TINYSDK_MPU_BASE) = base;
  *tinysdk_register(TINYSDK_MPU_LIMIT) = value;
}

void tinysdk_guard_v7m(void) {
  tinysdk_span spans[TINYSDK_SPANS_MAX];
  const uint32_t count = tinysdk_guard_spans(spans);
  const uint32_t available = tinysdk_guard_hardware_regions();
  uint32_t number = 0;
  for (uint32_t i = 0; i < count; ++i) {
    for (uint32_t start = spans[i].start; start != spans[i].end;) {
      const block next = largest_block(start, spans[i].end);
      if (next.end == start || number + 1 >= available)
        tinysdk_guard_impossible();
      set_region(number++, next.base,
                 attributes(spans[i].access) | (next.left_out << 8) | ((next.log2 - 1u) << 1) |
                     REGION_ENABLE);
      start = next.end;
    }
  }
  /* Without any access right, and before the others because its number is the highest. */
  set_region(number, (uint32_t)__tinysdk_stack_bottom,
             ATTRIBUTE_EXECUTE_NEVER | ((SMALLEST_LOG2 - 1u) << 1) | REGION_ENABLE);
  tinysdk_guard_switch_on();
}
