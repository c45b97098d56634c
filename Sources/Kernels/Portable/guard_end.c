#include <string.h>

#include "tinysdk_learning.h"

static uint64_t measured(const tinysdk_guard_args *args, const tinysdk_window *window) {
  return args->measure == TINYSDK_GUARD_WRONG ? (uint64_t)window->wrong << 16 : window->loss;
}

/* A threshold over the whole window. */
static uint64_t margin(const tinysdk_guard_args *args, int32_t of_one_step) {
  return (uint64_t)(uint32_t)of_one_step * (uint32_t)args->length;
}

static void restore(const tinysdk_guard_args *args, tinysdk_guard *guard, uint8_t *state,
                    const uint8_t *copy) {
  memcpy(state, copy, (uint32_t)args->state_bytes);
  guard->window = (tinysdk_window){0};
  guard->restored += 1;
  guard->last = TINYSDK_GUARD_RESTORED;
}

static void keep(const tinysdk_guard_args *args, tinysdk_guard *guard, const uint8_t *state, uint8_t *copy) {
  memcpy(copy, state, (uint32_t)args->state_bytes);
  guard->good = measured(args, &guard->window);
  guard->has_good = 1;
  guard->kept += 1;
  guard->last = TINYSDK_GUARD_KEPT;
}

void tinysdk_guard_end(const tinysdk_guard_args *args, const float *loss, const int32_t *wrong,
                       tinysdk_guard *guard, uint32_t *entries, uint8_t *state, uint8_t *copy) {
  guard->last = TINYSDK_GUARD_NOTHING;
  if (!(loss[0] - loss[0] == 0.0f)) {
    restore(args, guard, state, copy);
    return;
  }
  const tinysdk_window_args window = {args->length};
  tinysdk_window_push(&window, loss, wrong, &guard->window, entries);
  const uint64_t now = measured(args, &guard->window);
  if (guard->has_good != 0 && now > guard->good + margin(args, args->worse))
    restore(args, guard, state, copy);
  else if (guard->window.steps == (uint32_t)args->length &&
           (guard->has_good == 0 || now + margin(args, args->better) <= guard->good))
    keep(args, guard, state, copy);
}
