/* What the runtime needs from a board, and the seams between its parts. Internal: applications use tinysdk.h.
 *
 * tinysdk_board.h is generated from board.yml for each build and defines:
 *
 *   TINYSDK_REGIONS          initializer of the memory regions, ascending addresses, neighbours may touch:
 *                            {"flash", 0x00000000u, 0x00100000u, TINYSDK_READ | TINYSDK_EXECUTE}, ...
 *   TINYSDK_TRANSPORT        tinysdk_transport_semihosting or tinysdk_transport_uart
 *   TINYSDK_TIMER            tinysdk_timer_cmsdk, tinysdk_timer_systick or tinysdk_timer_none
 *   TINYSDK_GUARD            tinysdk_guard_v7m, tinysdk_guard_v8m or tinysdk_guard_none
 *   TINYSDK_SEMIHOSTING      1 where a debugger or an emulator answers semihosting calls, else 0
 *   TINYSDK_UART_BASE        with the uart: address, input clock and speed
 *   TINYSDK_UART_CLOCK_HZ
 *   TINYSDK_UART_BAUD
 *   TINYSDK_TIMER_BASE       with tinysdk_timer_cmsdk: address
 *   TINYSDK_TIMER_HZ         with any timer: ticks per second
 *   TINYSDK_FLASH            with a flash controller: tinysdk_flash_nrf51_nvmc, else tinysdk_flash_none
 *   TINYSDK_FLASH_BASE       and its address
 *   TINYSDK_INSTRUCTION_NS   in an emulator that counts instructions: nanoseconds each takes; else 0, and
 * costs are in ticks
 *
 * With profiling, the build defines TINYSDK_PROFILE_OPERATORS, the number of operators model.c marks.
 */
#ifndef TINYSDK_PLATFORM_H
#define TINYSDK_PLATFORM_H

#include <stdbool.h>
#include <stdint.h>

#include "tinysdk_board.h"

#ifndef TINYSDK_SEMIHOSTING
#define TINYSDK_SEMIHOSTING 0
#endif
#ifndef TINYSDK_UART_BASE
#define TINYSDK_UART_BASE 0u
#define TINYSDK_UART_CLOCK_HZ 0u
#define TINYSDK_UART_BAUD 1u
#endif
#ifndef TINYSDK_TIMER_BASE
#define TINYSDK_TIMER_BASE 0u
#endif
#ifndef TINYSDK_TIMER_HZ
#define TINYSDK_TIMER_HZ 0u
#endif
#ifndef TINYSDK_FLASH
#define TINYSDK_FLASH tinysdk_flash_none
#define TINYSDK_FLASH_BASE 0u
#endif
#ifndef TINYSDK_INSTRUCTION_NS
#define TINYSDK_INSTRUCTION_NS 0u
#endif
#ifndef TINYSDK_PROFILE_OPERATORS
#define TINYSDK_PROFILE_OPERATORS 0u
#endif

/* ---- memory */

#define TINYSDK_READ 1u
#define TINYSDK_WRITE 2u
#define TINYSDK_EXECUTE 4u
#define TINYSDK_DEVICE 8u

typedef struct {
  const char *name;
  uint32_t origin;
  uint32_t length;
  uint32_t access; /* TINYSDK_READ | ... */
} tinysdk_region;

extern const tinysdk_region tinysdk_regions[];
extern const uint32_t tinysdk_region_count;

extern uint32_t __tinysdk_stack_bottom[], __tinysdk_stack_top[];

static inline volatile uint32_t *tinysdk_register(uint32_t address) {
  return (volatile uint32_t *)address;
}

/* Lowest bytes of the stack, which the guard makes inaccessible. */
#define TINYSDK_STACK_GUARD_BYTES 32u

/* From now on every access outside the board's regions faults. */
void tinysdk_guard_v7m(void);
void tinysdk_guard_v8m(void);
void tinysdk_guard_none(void);

/* Fills the unused stack with a pattern, by which its use is measured later. */
void tinysdk_stack_paint(void);

/* ---- bytes to and from the host */

typedef struct {
  bool (*open)(void);                        /* false: nobody at the other end */
  bool (*read)(void *bytes, uint32_t count); /* waits for all of them; false: the host has gone */
  bool (*write)(const void *bytes, uint32_t count);
  bool carries_console; /* there is no other way to the console than a LOG frame */
} tinysdk_transport;

extern const tinysdk_transport tinysdk_transport_semihosting;
extern const tinysdk_transport tinysdk_transport_uart;

/* ---- flash that the program writes itself */

/* Addresses are those at which the processor reads the flash. False: the controller is not ready again in
 * time. Whether the flash took it is for the caller to check. */
typedef struct {
  bool (*erase_page)(uint8_t *page); /* all ones from now on */
  /* Words that were all ones become these; those that stay all ones are not touched. */
  bool (*program)(uint8_t *address, const uint32_t *words, uint32_t count);
} tinysdk_flash_driver;

extern const tinysdk_flash_driver tinysdk_flash_nrf51_nvmc;
extern const tinysdk_flash_driver tinysdk_flash_none;

/* ---- time */

typedef struct {
  void (*start)(void);
  uint32_t (*read)(void);               /* ticks since start, modulo 2^32 */
  uint64_t (*own_cost)(uint64_t ticks); /* what the timer's own interrupts took until then, in costs */
} tinysdk_timer;

extern const tinysdk_timer tinysdk_timer_cmsdk;
extern const tinysdk_timer tinysdk_timer_systick;
extern const tinysdk_timer tinysdk_timer_none;

/* Costs are instructions in an emulator that counts them, else timer ticks. */
#define TINYSDK_COST_NONE 0u
#define TINYSDK_COST_INSTRUCTIONS 1u
#define TINYSDK_COST_TICKS 2u

void tinysdk_cost_start(void);
uint32_t tinysdk_cost_unit(void);
/* Ticks since start, now. Always takes the same number of instructions; the timer must not run out twice
 * between calls. */
uint64_t tinysdk_ticks(void);
/* What so many ticks are worth: instructions where the emulator counts them. */
uint64_t tinysdk_cost_of_ticks(uint64_t ticks);
/* Cost of what ran until then, without the timer's own. */
uint64_t tinysdk_cost_until(uint64_t ticks);

typedef struct {
  uint64_t cost;
  uint32_t calls;
} tinysdk_profile_entry;

void tinysdk_profile_start(void);
void tinysdk_profile_mark(uint32_t operator_index); /* called by model.c */
tinysdk_profile_entry tinysdk_profile_read(uint32_t operator_index);

/* ---- the link, outside samples */

void tinysdk_link_log(const char *text);
void tinysdk_link_fail(uint32_t code, const char *text);
void tinysdk_link_close(int code);

#endif
