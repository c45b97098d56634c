/* From reset to main and back. */
#include <string.h>

#include "semihosting.h"
#include "tinysdk.h"
#include "tinysdk_platform.h"

#define COPROCESSOR_ACCESS 0xE000ED88u
#define SYSTEM_HANDLER_CONTROL 0xE000ED24u

#ifdef __ARM_FP
#define COPROCESSORS (0xFu << 20) /* 10 and 11: floating point, and the vector extension with it */
#else
#define COPROCESSORS 0u
#endif

/* Armv6-M has the HardFault alone. */
#if __ARM_ARCH >= 7
#define MEMORY_BUS_USAGE_FAULTS (7u << 16)
#else
#define MEMORY_BUS_USAGE_FAULTS 0u
#endif

extern uint8_t __tinysdk_data_load[], __tinysdk_data_start[], __tinysdk_data_end[];
extern uint8_t __tinysdk_bss_start[], __tinysdk_bss_end[];

int main(void);
void Reset_Handler(void);
void tinysdk_fault_entry(void);
void tinysdk_systick_interrupt(void);

typedef union {
  void (*handler)(void);
  const void *address;
} vector;

__attribute__((section(".vectors"), used)) static const vector vectors[16] = {
    {.address = __tinysdk_stack_top},
    {.handler = Reset_Handler},
    {.handler = tinysdk_fault_entry}, /* NMI */
    {.handler = tinysdk_fault_entry}, /* HardFault */
    {.handler = tinysdk_fault_entry}, /* MemManage */
    {.handler = tinysdk_fault_entry}, /* BusFault */
    {.handler = tinysdk_fault_entry}, /* UsageFault */
    {.handler = tinysdk_fault_entry}, /* SecureFault */
    {.address = NULL},
    {.address = NULL},
    {.address = NULL},
    {.handler = tinysdk_fault_entry}, /* SVCall */
    {.handler = tinysdk_fault_entry}, /* DebugMonitor */
    {.address = NULL},
    {.handler = tinysdk_fault_entry}, /* PendSV */
    {.handler = tinysdk_systick_interrupt},
};

__attribute__((weak)) void tinysdk_board_init(void) {
}

void Reset_Handler(void) {
  /* First, because the compiler may use floating-point registers anywhere below. */
  if (COPROCESSORS != 0)
    *tinysdk_register(COPROCESSOR_ACCESS) |= COPROCESSORS;
  __asm__ volatile("dsb\n isb" ::: "memory");
  tinysdk_stack_paint();
  memcpy(__tinysdk_data_start, __tinysdk_data_load, (size_t)(__tinysdk_data_end - __tinysdk_data_start));
  memset(__tinysdk_bss_start, 0, (size_t)(__tinysdk_bss_end - __tinysdk_bss_start));
  if (MEMORY_BUS_USAGE_FAULTS != 0)
    *tinysdk_register(SYSTEM_HANDLER_CONTROL) |= MEMORY_BUS_USAGE_FAULTS;
  TINYSDK_GUARD();
  tinysdk_board_init();
  tinysdk_exit(main());
}

_Noreturn void tinysdk_exit(int code) {
  tinysdk_link_close(code);
  if (TINYSDK_SEMIHOSTING)
    tinysdk_semihosting_exit(code);
  for (;;)
    __asm__ volatile("wfi");
}
