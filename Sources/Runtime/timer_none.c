/* For boards without a timer: nothing costs anything. */
#include "tinysdk_platform.h"

static void start(void) {
}

static uint32_t read(void) {
  return 0;
}

static uint64_t own_cost(uint64_t ticks) {
  (void)ticks;
  return 0;
}

const tinysdk_timer tinysdk_timer_none = {start, read, own_cost};
