/* Runs every kernel of the benchmark once for each sample that the host sends. */
#include "tinysdk.h"

int main(void) {
  tinysdk_sample sample;
  model_init();
  while (tinysdk_next_sample(model_input(), MODEL_INPUT_BYTES, &sample))
    tinysdk_report_prediction(model_infer());
  return 0;
}
