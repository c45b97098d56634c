#include "harness.h"

#include <string.h>

#define POOL (1 << 20)
#define GUARD 32

static int8_t pool[POOL] __attribute__((aligned(16)));
static int32_t used;
static int32_t guards[64], guard_count;
static uint32_t state = 12345;

void say_number(int64_t value) {
  char text[24];
  char *at = text + sizeof(text) - 1;
  uint64_t rest = value < 0 ? (uint64_t)-value : (uint64_t)value;
  *at = 0;
  do
    *--at = (char)('0' + rest % 10);
  while (rest /= 10);
  if (value < 0)
    *--at = '-';
  say(at);
}

uint32_t random_bits(void) {
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state;
}

int32_t random_between(int32_t low, int32_t high) {
  return low + (int32_t)(random_bits() % (uint32_t)(high - low + 1));
}

float random_float(void) {
  return (float)(int32_t)random_bits() * (1.0f / 2147483648.0f);
}

void random_gradient(float *gradient, int32_t count) {
  static const uint32_t odd[] = {1u,          0x00400000u, 0x00800000u, 0x80000000u,
                                 0x0C000000u, 0x0BFFFFFFu, 0x7F800000u, 0x7F7FFFFFu};
  const int32_t kind = random_between(0, 7);
  const float scale = kind == 0 ? 1e-36f : kind == 1 ? 1e-30f : 1.0f;
  for (int32_t i = 0; i < count; i++) {
    gradient[i] = random_between(0, 3) ? random_float() * scale : 0;
    if (kind == 2 && random_between(0, 15) == 0)
      memcpy(&gradient[i], &odd[random_between(0, 7)], 4);
  }
}

void random_bytes(int8_t *bytes, int32_t count, int32_t low) {
  /* Now and then only extremes. */
  const int32_t extremes = random_between(0, 7) == 0;
  for (int32_t i = 0; i < count; i++)
    bytes[i] = (int8_t)(extremes ? (random_bits() & 1 ? 127 : low) : random_between(low, 127));
}

void pool_reset(void) {
  used = 0;
  guard_count = 0;
}

void *pool_take(int32_t bytes) {
  int8_t *const taken = pool + used;
  memset(taken + bytes, 0x5A, GUARD);
  guards[guard_count++] = used + bytes;
  used += (bytes + GUARD + 15) & ~15;
  if (used > POOL - 64) {
    say("the pool is too small\n");
    __builtin_trap();
  }
  return taken;
}

int32_t pool_intact(void) {
  for (int32_t g = 0; g < guard_count; g++)
    for (int32_t i = 0; i < GUARD; i++)
      if (pool[guards[g] + i] != 0x5A)
        return 0;
  return 1;
}
