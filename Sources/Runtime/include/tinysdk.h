/* What an application sees of TinySDK's runtime, beside its own model.h.
 *
 * An application owns main(). It takes samples from wherever it wants: the functions below take them from the
 * host over the link, which is how a network is trained and measured in the emulator. Replace
 * tinysdk_next_sample() by a sensor to run on your own.
 */
#ifndef TINYSDK_H
#define TINYSDK_H

#include <stdbool.h>
#include <stdint.h>

#include "model.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  bool learn;    /* train on this sample; otherwise only predict */
  int32_t label; /* its class, 0 <= label < MODEL_CLASSES; -1 when the host does not tell it */
  float rate;    /* learning rate of this step */
} tinysdk_sample;

/* Waits for the host's next sample and writes its `count` bytes to `input`. Everything else the host may ask
 * for (state, reset, profile, stack) is answered meanwhile. False: no more samples; return from main. */
bool tinysdk_next_sample(void *input, uint32_t count, tinysdk_sample *sample);

/* Tells the host what became of the sample last taken: one call for each, of one or the other. */
void tinysdk_report(model_result result);
void tinysdk_report_prediction(int32_t prediction);

/* Writes text to the console: the debugger's, or the host's log where the serial port carries the link. */
void tinysdk_print(const char *text);

/* Bytes of stack used at most since reset, and bytes there are. */
uint32_t tinysdk_stack_used(void);
uint32_t tinysdk_stack_size(void);

/* Ends the program as returning `code` from main does. */
_Noreturn void tinysdk_exit(int code);

/* Called once before main with memory ready and the guard on. The default does nothing; define it to set up
 * clocks, caches and pins. */
void tinysdk_board_init(void);

#ifdef __cplusplus
}
#endif

#endif
