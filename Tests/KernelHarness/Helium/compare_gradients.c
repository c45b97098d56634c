#include "harness.h"

int compare_gradients(void) {
  return 0;
}
