#include "model.h"

#include <string.h>

const uint8_t model_build_hash[16] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

static struct {
  int32_t sum;
  uint8_t table[MODEL_STATE_BYTES - 4];
} state __attribute__((section(".tinysdk_state")));

static int8_t input[MODEL_INPUT_BYTES] __attribute__((section(".tinysdk_arena")));
static float output[MODEL_CLASSES] __attribute__((section(".tinysdk_arena")));
static float learning_rate;

void model_init(void) {
  state.sum = 0;
  for (uint32_t i = 0; i < sizeof state.table; ++i)
    state.table[i] = (uint8_t)(i * 7u);
}

int8_t *model_input(void) {
  return input;
}

const float *model_output(void) {
  return output;
}

void model_set_learning_rate(float rate) {
  learning_rate = rate;
}

static int32_t input_sum(void) {
  int32_t sum = 0;
  for (uint32_t i = 0; i < MODEL_INPUT_BYTES; ++i)
    sum += input[i];
  return sum;
}

/* The class is the sum modulo the number of classes; the outputs are the sum plus the class. */
int32_t model_infer(void) {
  const int32_t sum = state.sum + input_sum();
  for (int32_t i = 0; i < MODEL_CLASSES; ++i)
    output[i] = (float)(sum + i);
  return (int32_t)((uint32_t)sum % MODEL_CLASSES);
}

model_result model_train_step(int32_t label) {
  const int32_t prediction = model_infer();
  state.sum += input_sum();
  state.table[(uint32_t)label] = (uint8_t)(state.table[(uint32_t)label] + 1u);
  return (model_result){learning_rate * (float)label, prediction};
}

void model_state_read(uint32_t offset, void *bytes, uint32_t count) {
  memcpy(bytes, (const uint8_t *)&state + offset, count);
}

void model_state_write(uint32_t offset, const void *bytes, uint32_t count) {
  memcpy((uint8_t *)&state + offset, bytes, count);
}
