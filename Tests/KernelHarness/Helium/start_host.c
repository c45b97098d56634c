#include "harness.h"

#include <stdio.h>

void say(const char *text) {
  fputs(text, stdout);
  fflush(stdout);
}

uint32_t ticks(void) {
  return 0;
}
