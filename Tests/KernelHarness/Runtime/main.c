#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "check.h"

static long cases;

void expect(int holds, const char *format, ...) {
  ++cases;
  if (holds)
    return;
  va_list arguments;
  va_start(arguments, format);
  vprintf(format, arguments);
  va_end(arguments);
  printf("\n");
  exit(1);
}

/* Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014. */
uint32_t random_bits(void) {
  static uint64_t state = 3;
  uint64_t z = state += 0x9E3779B97F4A7C15u;
  z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
  z = (z ^ z >> 27) * 0x94D049BB133111EBu;
  return (uint32_t)((z ^ z >> 31) >> 32);
}

uint32_t random_in(uint32_t low, uint32_t high) {
  return low + (uint32_t)((uint64_t)random_bits() * (high - low + 1u) >> 32);
}

int main(void) {
  check_flash();
  check_floats();
  printf("%ld cases equal\n", cases);
  return 0;
}
