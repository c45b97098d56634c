/* Cost of each operator of the model, without what the measuring itself costs. */
#include "tinysdk_platform.h"

#define ENTRIES (TINYSDK_PROFILE_OPERATORS > 0u ? TINYSDK_PROFILE_OPERATORS : 1u)

/* A variable, for compilers that warn about comparing with a constant 0. */
static const uint32_t operators = TINYSDK_PROFILE_OPERATORS;

static tinysdk_profile_entry entries[ENTRIES];
static uint32_t current = UINT32_MAX;
static uint64_t current_start;
static uint64_t cost_of_mark;

/* Never inlined, so that it costs the same wherever it is called. */
__attribute__((noinline)) void tinysdk_profile_mark(uint32_t operator_index) {
  const uint64_t now = tinysdk_ticks();
  if (current < operators) {
    entries[current].cost += tinysdk_cost_until(now) - tinysdk_cost_until(current_start) - cost_of_mark;
    entries[current].calls += 1;
  }
  current = operator_index;
  /* Last, so that nothing of the above counts as the operator's. */
  current_start = tinysdk_ticks();
}

static void clear(void) {
  for (uint32_t i = 0; i < ENTRIES; ++i)
    entries[i] = (tinysdk_profile_entry){0, 0};
  current = UINT32_MAX;
}

void tinysdk_profile_start(void) {
  clear();
  if (operators == 0u)
    return;
  cost_of_mark = 0;
  tinysdk_profile_mark(0);
  tinysdk_profile_mark(UINT32_MAX);
  cost_of_mark = entries[0].cost;
  clear();
}

tinysdk_profile_entry tinysdk_profile_read(uint32_t operator_index) {
  return entries[operator_index];
}
