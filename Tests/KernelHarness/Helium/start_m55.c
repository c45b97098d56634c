/* Starts the harness on the emulated mps3-an547: vectors, the vector unit, semihosting, the timer. */
#include "harness.h"

#include <stddef.h>

extern uint8_t __stack_top[], __bss_start[], __bss_end[], __data_load[], __data_start[], __data_end[];

void reset(void);
int main(void);

static uint32_t semihosting(uint32_t operation, const void *parameters) {
  register uint32_t r0 __asm__("r0") = operation;
  register const void *r1 __asm__("r1") = parameters;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}

static _Noreturn void leave(uint32_t code) {
  const uint32_t parameters[2] = {0x20026u, code};
  for (;;)
    (void)semihosting(0x20, parameters);
}

void say(const char *text) {
  (void)semihosting(0x04, text);
}

static volatile uint32_t *device(uint32_t address) {
  return (volatile uint32_t *)address;
}

/* SysTick counts 24 bits down at the processor's 32 MHz: with -icount shift=6 about two ticks an instruction.
 */
uint32_t ticks(void) {
  if (!(*device(0xE000E010u) & 1)) {
    *device(0xE000E014u) = 0xFFFFFF;
    *device(0xE000E018u) = 0;
    *device(0xE000E010u) = 5;
  }
  return 0xFFFFFF - *device(0xE000E018u);
}

static void fault(void) {
  say("fault\n");
  leave(99);
}

void reset(void) {
  *device(0xE000ED88u) |= 0xFu << 20;
  __asm__ volatile("dsb\n isb" ::: "memory");
  for (uint8_t *to = __data_start, *from = __data_load; to < __data_end;)
    *to++ = *from++;
  for (uint8_t *to = __bss_start; to < __bss_end;)
    *to++ = 0;
  leave((uint32_t)main());
}

typedef union {
  void (*handler)(void);
  const void *address;
} vector;

__attribute__((section(".vectors"), used)) static const vector vectors[16] = {
    {.address = __stack_top}, {reset}, {fault}, {fault}, {fault}, {fault}, {fault}, {fault},
    {.address = NULL},        {fault}, {fault}, {fault}, {fault}, {fault}, {fault}, {fault},
};
