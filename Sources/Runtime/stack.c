#include "tinysdk.h"
#include "tinysdk_platform.h"

#define PATTERN 0xA5C35A3Cu

static uint32_t *lowest_usable(void) {
  return __tinysdk_stack_bottom + TINYSDK_STACK_GUARD_BYTES / sizeof(uint32_t);
}

void tinysdk_stack_paint(void) {
  uint32_t *here = __builtin_frame_address(0);
  /* This function's own frame, and whatever it spills, lies right below. */
  for (uint32_t *word = lowest_usable(); word < here - 16; ++word)
    *(volatile uint32_t *)word = PATTERN;
}

uint32_t tinysdk_stack_used(void) {
  const uint32_t *word = lowest_usable();
  while (word < __tinysdk_stack_top && *word == PATTERN)
    ++word;
  return (uint32_t)((const uint8_t *)__tinysdk_stack_top - (const uint8_t *)word);
}

uint32_t tinysdk_stack_size(void) {
  return (uint32_t)((const uint8_t *)__tinysdk_stack_top - (const uint8_t *)__tinysdk_stack_bottom);
}
