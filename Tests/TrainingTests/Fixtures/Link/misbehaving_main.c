/* Does as the first byte of each sample says: what a broken application might. */
#include "tinysdk.h"

static uint32_t fall(uint32_t depth) {
  volatile uint32_t frame[32];
  frame[0] = depth;
  return depth == UINT32_MAX ? 0 : fall(depth + 1) + frame[0];
}

static int32_t misbehave(const int8_t *sample) {
  uint32_t address;
  __builtin_memcpy(&address, sample + 4, sizeof address);
  switch (sample[0]) {
  case 1:
    *(volatile uint32_t *)address = 1;
    return 1;
  case 2:
    return (int32_t)fall(0);
  case 3:
    __asm__ volatile("udf #0");
    return 3;
  case 4:
    tinysdk_print("leaving\n");
    tinysdk_exit(42);
  default:
    return 0;
  }
}

int main(void) {
  tinysdk_sample sample;
  model_init();
  while (tinysdk_next_sample(model_input(), MODEL_INPUT_BYTES, &sample))
    tinysdk_report_prediction(misbehave(model_input()));
  return 0;
}
