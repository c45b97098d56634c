#include "harness.h"

int main(void) {
#ifdef MEASURE
  measure();
  return 0;
#else
  return compare_int8() || compare_gradients() || compare_updates() || compare_integer();
#endif
}
