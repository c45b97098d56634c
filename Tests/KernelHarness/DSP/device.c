/* The least that a bare emulated board needs: vectors, floating point, semihosting output, a counter. */
#include "device.h"

#include <string.h>

extern uint8_t __bss_start[], __bss_end[], __data_start[], __data_end[], __data_load[], __stack_top[];

static uint32_t call(uint32_t operation, const void *parameters) {
  register uint32_t r0 __asm__("r0") = operation;
  register const void *r1 __asm__("r1") = parameters;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}

static _Noreturn void leave(uint32_t code) {
  const uint32_t parameters[2] = {0x20026u, code};
  for (;;)
    (void)call(0x20, parameters);
}

void harness_print(const char *text) {
  (void)call(0x04, text);
}

static volatile uint32_t *timer(uint32_t offset) {
  return (volatile uint32_t *)(0x40000000u + offset);
}

uint32_t harness_ticks(void) {
  return UINT32_MAX - *timer(4);
}

static void fault(void) {
  harness_print("fault\n");
  leave(3);
}

void harness_reset(void);
void harness_reset(void) {
  *(volatile uint32_t *)0xE000ED88u |= 0xFu << 20;
  __asm__ volatile("dsb\n isb" ::: "memory");
  memcpy(__data_start, __data_load, (size_t)(__data_end - __data_start));
  memset(__bss_start, 0, (size_t)(__bss_end - __bss_start));
  *timer(0) = 0;
  *timer(8) = UINT32_MAX;
  *timer(4) = UINT32_MAX;
  *timer(0) = 1;
  leave((uint32_t)harness_main());
}

__attribute__((section(".vectors"), used)) static const void *const vectors[16] = {
    __stack_top, harness_reset, fault, fault, fault, fault, fault,
};
