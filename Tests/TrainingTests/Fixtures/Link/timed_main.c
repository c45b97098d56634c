/* Marks three operators of known length: nothing, a loop of two instructions, and nothing again. */
#include "tinysdk.h"

void tinysdk_profile_mark(uint32_t operator_index);

/* 2 * pairs instructions. */
static inline __attribute__((always_inline)) void spin(uint32_t pairs) {
  __asm__ volatile("1: subs %0, %0, #1\n"
                   "bne 1b\n"
                   : "+r"(pairs)::"cc");
}

int main(void) {
  tinysdk_sample sample;
  model_init();
  while (tinysdk_next_sample(model_input(), MODEL_INPUT_BYTES, &sample)) {
    uint32_t pairs;
    __builtin_memcpy(&pairs, model_input(), sizeof pairs);
    tinysdk_profile_mark(0);
    tinysdk_profile_mark(1);
    spin(pairs);
    tinysdk_profile_mark(2);
    tinysdk_profile_mark(UINT32_MAX);
    tinysdk_report_prediction(0);
  }
  return 0;
}
