/* SysTick, which every Cortex-M has: 24 bits, counting down, so an interrupt counts how often it ran out.
 * What the interrupt itself costs is measured at the start and taken off. */
#include "tinysdk_platform.h"

#define CONTROL 0xE000E010u
#define RELOAD 0xE000E014u
#define VALUE 0xE000E018u
#define CONTROL_ENABLE_INTERRUPT_CORE_CLOCK 7u

#define PERIOD_LOG2 24u
/* Short, so that a loop of moderate length is interrupted often enough to tell what one interrupt costs. */
#define CALIBRATION_PERIOD_LOG2 12u
#define CALIBRATION_ROUNDS 40000u

static volatile uint32_t periods;
static uint32_t period_log2;
static uint64_t cost_of_interrupt;

void tinysdk_systick_interrupt(void);

void tinysdk_systick_interrupt(void) {
  periods = periods + 1u;
}

static uint32_t read(void) {
  const uint32_t mask = (1u << period_log2) - 1u;
  uint32_t before, value;
  do {
    before = periods;
    value = *tinysdk_register(VALUE);
  } while (before != periods);
  /* It starts at 0, and is at 0 again, for one tick, when the interrupt comes. */
  return (before << period_log2) + ((0u - value) & mask);
}

static void restart(uint32_t log2) {
  *tinysdk_register(CONTROL) = 0;
  periods = 0;
  period_log2 = log2;
  *tinysdk_register(RELOAD) = (1u << log2) - 1u;
  *tinysdk_register(VALUE) = 0;
  *tinysdk_register(CONTROL) = CONTROL_ENABLE_INTERRUPT_CORE_CLOCK;
}

/* What one and the same loop costs when the timer runs out every 2^log2 ticks. */
static uint64_t cost_of_loop(uint32_t log2) {
  uint32_t rounds = CALIBRATION_ROUNDS;
  restart(log2);
  const uint32_t begin = read();
  __asm__ volatile(".syntax unified\n"
                   "1: subs %0, %0, #1\n"
                   "bne 1b\n"
                   : "+l"(rounds)::"cc");
  const uint32_t end = read();
  return tinysdk_cost_of_ticks(end) - tinysdk_cost_of_ticks(begin);
}

static void start(void) {
  const uint64_t undisturbed = cost_of_loop(PERIOD_LOG2);
  const uint64_t disturbed = cost_of_loop(CALIBRATION_PERIOD_LOG2);
  cost_of_interrupt = (disturbed - undisturbed + periods / 2u) / periods;
  restart(PERIOD_LOG2);
}

static uint64_t own_cost(uint64_t ticks) {
  return (ticks >> PERIOD_LOG2) * cost_of_interrupt;
}

const tinysdk_timer tinysdk_timer_systick = {start, read, own_cost};
