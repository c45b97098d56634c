/* Learns from, or classifies, every sample that the host sends. */
#include "tinysdk.h"

int main(void) {
  tinysdk_sample sample;
  model_init();
  while (tinysdk_next_sample(model_input(), MODEL_INPUT_BYTES, &sample)) {
    if (sample.learn) {
      model_set_learning_rate(sample.rate);
      tinysdk_report(model_train_step(sample.label));
    } else {
      tinysdk_report_prediction(model_infer());
    }
  }
  return 0;
}
