#include "check.h"

#include <stdarg.h>

long cases;

void expect(int holds, const char *format, ...) {
  cases++;
  if (holds)
    return;
  va_list values;
  va_start(values, format);
  fprintf(stderr, "case %ld: ", cases);
  vfprintf(stderr, format, values);
  fprintf(stderr, "\n");
  va_end(values);
  exit(1);
}

uint64_t random_bits(void) {
  static uint64_t state = 20;
  state += 0x9E3779B97F4A7C15u;
  uint64_t z = state;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

int32_t random_in(int32_t low, int32_t high) {
  return (int32_t)(low + (int64_t)(random_bits() % (uint64_t)((int64_t)high - low + 1)));
}

double random_real(double low, double high) {
  return low + (high - low) * ldexp((double)(random_bits() >> 11), -53);
}

void *cells(int64_t count, size_t size) {
  void *const memory = calloc(count > 0 ? (size_t)count : 1, size);
  if (!memory)
    abort();
  return memory;
}

tensor new_tensor(int32_t width, int64_t count) {
  const tensor t = {width, 0, cells(count, (size_t)width / 8)};
  return t;
}

int32_t mantissa(const tensor *t, int64_t index) {
  return t->width == 16 ? ((const int16_t *)t->mantissas)[index] : ((const int8_t *)t->mantissas)[index];
}

void set_mantissa(tensor *t, int64_t index, int32_t value) {
  if (t->width == 16)
    ((int16_t *)t->mantissas)[index] = (int16_t)value;
  else
    ((int8_t *)t->mantissas)[index] = (int8_t)value;
}

void fill_tensor(tensor *t, int64_t count, int32_t bits) {
  const int32_t limit = (1 << bits) - 1, kind = random_in(0, 7);
  t->exponent = random_in(-30, 10);
  for (int64_t i = 0; i < count; i++) {
    /* Growing magnitudes make a kernel widen its shift many times. */
    const int32_t bound = kind == 0 ? 0 : kind == 1 ? 1 + (int32_t)(limit * i / count) : limit;
    set_mantissa(t, i, kind == 2 ? (random_in(0, 1) ? limit : -limit) : random_in(-bound, bound));
    if (kind == 3 && i < count - 1)
      set_mantissa(t, i, random_in(-1, 1));
  }
}

float *tensor_floats(const tensor *t, int64_t count) {
  float *const values = cells(count, sizeof(float));
  for (int64_t i = 0; i < count; i++)
    values[i] = ldexpf((float)mantissa(t, i), t->exponent);
  return values;
}

int64_t floor_shift(int64_t value, int32_t shift) {
  const int64_t divisor = (int64_t)1 << shift;
  return value >= 0 ? value / divisor : -((-value + divisor - 1) / divisor);
}

static int64_t dither(int64_t index, int32_t shift) {
  const int64_t pattern = index % 2 ? 0xAAAAAAAA : 0x55555555;
  return pattern % ((int64_t)1 << shift);
}

int32_t narrow_reference(const int64_t *sums, int64_t count, int32_t bits, int32_t *mantissas) {
  const int64_t limit = ((int64_t)1 << bits) - 1;
  for (int32_t shift = 0;; shift++) {
    int fits = 1;
    for (int64_t i = 0; i < count && fits; i++) {
      const int64_t value = floor_shift(sums[i] + dither(i, shift), shift);
      fits = value >= -limit && value <= limit;
      mantissas[i] = (int32_t)value;
    }
    if (fits)
      return shift;
  }
}

void expect_narrowed(const char *what, const tensor *found, const int64_t *sums, int64_t count, int32_t bits,
                     int32_t exponent) {
  int32_t *const expected = cells(count, sizeof(int32_t));
  const int32_t shift = narrow_reference(sums, count, bits, expected);
  for (int64_t i = 0; i < count; i++)
    if (mantissa(found, i) != expected[i])
      expect(0, "%s_g%d: element %ld of %ld is %d, not %d (sum %ld, shift %d)", what, found->width, (long)i,
             (long)count, mantissa(found, i), expected[i], (long)sums[i], shift);
  expect(found->exponent == exponent + shift, "%s_g%d: exponent %d, not %d", what, found->width,
         found->exponent, exponent + shift);
  free(expected);
}

void expect_near(const char *what, const tensor *found, const float *expected, int64_t count, double units,
                 double slack) {
  for (int64_t i = 0; i < count; i++) {
    const double value = ldexp(mantissa(found, i), found->exponent);
    if (fabs(value - (double)expected[i]) > ldexp(units, found->exponent) + slack)
      expect(0, "%s_g%d: element %ld is worth %g, the float kernel says %g (unit %g)", what, found->width,
             (long)i, value, (double)expected[i], ldexp(1, found->exponent));
  }
  cases++;
}

int main(void) {
  check_narrowing();
  check_input_gradients();
  check_weights();
  check_elementwise();
  check_pooling();
  check_rules();
  check_random();
  printf("%ld cases equal\n", cases);
  return 0;
}
