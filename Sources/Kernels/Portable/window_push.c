#include "tinysdk_learning.h"

/* The comparison is false for a NaN. */
static uint32_t fixed(float loss) {
  const float scaled = loss * 65536.0f;
  if (scaled <= 0.0f)
    return 0;
  return scaled < 2147483648.0f ? (uint32_t)scaled : 0x7FFFFFFFu;
}

void tinysdk_window_push(const tinysdk_window_args *args, const float *loss, const int32_t *wrong,
                         tinysdk_window *window, uint32_t *entries) {
  const uint32_t length = (uint32_t)args->length;
  uint32_t *const entry = &entries[window->next];
  if (window->steps == length) {
    window->loss -= *entry >> 1;
    window->wrong -= *entry & 1u;
  } else {
    window->steps += 1;
  }
  *entry = fixed(loss[0]) << 1 | (wrong[0] != 0 ? 1u : 0u);
  window->loss += *entry >> 1;
  window->wrong += *entry & 1u;
  window->next = window->next + 1 < length ? window->next + 1 : 0;
}
