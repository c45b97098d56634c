/* What a stretch of program costs: instructions where the emulator counts them, else timer ticks.
 *
 * The emulator's timer shows floor(instructions * t), with t > 1 ticks an instruction. So the count nearest
 * to the middle of the tick since the start is the exact one, with room to spare for a start inside a tick;
 * it is only differences of ticks that would be ambiguous. */
#include "tinysdk_platform.h"

#define BLOCK 1000000000ull

static uint64_t ticks_so_far;
static uint32_t last_ticks;

void tinysdk_cost_start(void) {
  ticks_so_far = 0;
  last_ticks = 0;
  TINYSDK_TIMER.start();
}

uint32_t tinysdk_cost_unit(void) {
  if (TINYSDK_TIMER_HZ == 0)
    return TINYSDK_COST_NONE;
  return TINYSDK_INSTRUCTION_NS != 0 ? TINYSDK_COST_INSTRUCTIONS : TINYSDK_COST_TICKS;
}

/* Both in units of 1000000000 instructions, which is a whole number of ticks and keeps the product below
 * 2^64. */
uint64_t tinysdk_cost_of_ticks(uint64_t ticks) {
  if (TINYSDK_TIMER_HZ == 0 || TINYSDK_INSTRUCTION_NS == 0)
    return ticks;
  /* Never 0: without a timer the compiler sees the division all the same. */
  const uint64_t product = (uint64_t)TINYSDK_TIMER_HZ * TINYSDK_INSTRUCTION_NS;
  const uint64_t ticks_of_block = product != 0 ? product : 1;
  const uint64_t blocks = ticks / ticks_of_block;
  const uint64_t rest = ticks % ticks_of_block;
  return blocks * BLOCK + ((2u * rest + 1u) * BLOCK + ticks_of_block) / (2u * ticks_of_block);
}

uint64_t tinysdk_ticks(void) {
  const uint32_t ticks = TINYSDK_TIMER.read();
  ticks_so_far += ticks - last_ticks;
  last_ticks = ticks;
  return ticks_so_far;
}

uint64_t tinysdk_cost_until(uint64_t ticks) {
  return tinysdk_cost_of_ticks(ticks) - TINYSDK_TIMER.own_cost(ticks);
}
