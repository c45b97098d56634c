/* Arm's CMSDK APB timer: 32 bits, counting down. */
#include "tinysdk_platform.h"

enum { CONTROL = 0x0, VALUE = 0x4, RELOAD = 0x8 };

static volatile uint32_t *timer(uint32_t offset) {
  return tinysdk_register(TINYSDK_TIMER_BASE + offset);
}

static void start(void) {
  *timer(CONTROL) = 0;
  *timer(RELOAD) = UINT32_MAX;
  *timer(VALUE) = UINT32_MAX;
  *timer(CONTROL) = 1;
}

static uint32_t read(void) {
  return UINT32_MAX - *timer(VALUE);
}

static uint64_t own_cost(uint64_t ticks) {
  (void)ticks;
  return 0;
}

const tinysdk_timer tinysdk_timer_cmsdk = {start, read, own_cost};
