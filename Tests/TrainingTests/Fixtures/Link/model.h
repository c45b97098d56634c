/* A model small enough to check by hand: its state is a running sum and a table of bytes. */
#ifndef MODEL_H
#define MODEL_H

#include <stdint.h>

/* Smaller where the emulated serial port, which is slow, carries it. */
#ifdef SMALL_MODEL
#define MODEL_INPUT_BYTES 1024
#define MODEL_STATE_BYTES 604
#else
#define MODEL_INPUT_BYTES 49152
#define MODEL_STATE_BYTES 10004
#endif
#define MODEL_CLASSES 4

typedef struct {
  float loss;
  int32_t prediction;
} model_result;

void model_init(void);
int8_t *model_input(void);
int32_t model_infer(void);
const float *model_output(void);
model_result model_train_step(int32_t label);
void model_set_learning_rate(float rate);
void model_state_read(uint32_t offset, void *bytes, uint32_t count);
void model_state_write(uint32_t offset, const void *bytes, uint32_t count);
extern const uint8_t model_build_hash[16];

#endif
