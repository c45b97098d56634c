/* The runtime's fmaf and sqrtf against the C library's. */
#include <math.h>
#include <string.h>

#include "check.h"

float runtime_fmaf(float x, float y, float z);
float runtime_sqrtf(float x);

static float float_of(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static uint32_t bits_of(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

static void expect_same(const char *what, float found, float expected, float x, float y, float z) {
  const int both_nan = found != found && expected != expected;
  expect(both_nan || bits_of(found) == bits_of(expected), "%s(%a, %a, %a) is %a, should be %a", what,
         (double)x, (double)y, (double)z, (double)found, (double)expected);
}

static void check_fmaf(float x, float y, float z) {
  expect_same("fmaf", runtime_fmaf(x, y, z), fmaf(x, y, z), x, y, z);
}

/* Any bits, and now and then a value from the edges. */
static float any_float(void) {
  static const uint32_t edges[] = {0,           0x80000000u, 1,           0x007FFFFFu,
                                   0x00800000u, 0x3F800000u, 0xBF800000u, 0x3F800001u,
                                   0x7F7FFFFFu, 0x7F800000u, 0xFF800000u, 0x7FC00000u};
  const uint32_t pick = random_in(0, 47);
  return float_of(pick < sizeof edges / sizeof edges[0] ? edges[pick] : random_bits());
}

void check_floats(void) {
  for (int round = 0; round < 2000000; ++round) {
    const float x = any_float(), y = any_float();
    check_fmaf(x, y, any_float());
    /* An addend near the product, or near half a unit of its last place, is where rounding twice shows. */
    const float product = x * y;
    check_fmaf(x, y, -product);
    check_fmaf(x, y, product * float_of((random_in(90, 160) << 23) | (random_in(0, 1) << 31)));
    /* Few bits: products and sums that end in ties. */
    const float a = float_of((random_in(100, 150) << 23) | (random_bits() & 0x7FF000u));
    const float b = float_of((random_in(100, 150) << 23) | (random_bits() & 0x7FFu));
    check_fmaf(a, b, a * b * float_of(random_in(100, 155) << 23));
    check_fmaf(a, b, float_of(random_in(60, 200) << 23 | (random_in(0, 1) << 31)));
    expect_same("sqrtf", runtime_sqrtf(x), sqrtf(x), x, 0, 0);
    expect_same("sqrtf", runtime_sqrtf(fabsf(y)), sqrtf(fabsf(y)), y, 0, 0);
  }
}
