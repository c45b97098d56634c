#include "device.h"

#include <stdio.h>

void harness_print(const char *text) {
  fputs(text, stdout);
}

uint32_t harness_ticks(void) {
  return 0;
}

int main(void) {
  return harness_main();
}
