/* The application: takes samples, learns from them or tells their class.
 *
 * The samples come from the host, over the link that 'tinysdk train' opens. To run on your own, fill
 * model_input() from a sensor instead, and call model_infer() or model_train_step().
 */
#include "model.h"
#include "tinysdk.h"

int main(void) {
  tinysdk_sample sample;

  model_init();
  tinysdk_print("ready for samples\n");
  while (tinysdk_next_sample(model_input(), MODEL_INPUT_BYTES, &sample)) {
    if (sample.learn) {
      model_set_learning_rate(sample.rate);
      tinysdk_report(model_train_step(sample.label));
    } else {
      tinysdk_report_prediction(model_infer());
    }
  }
  tinysdk_print("no more samples\n");
  return 0;
}
