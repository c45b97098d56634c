#include "check.h"

/* Sums that reach for the edges: powers of two and their neighbours, the bound, or anything. */
static int64_t edge_sum(int32_t kind) {
  const int64_t bound = (1 << 30) - 1;
  const int64_t power = (int64_t)1 << random_in(0, 30);
  int64_t value = kind == 0   ? random_in(-(int32_t)bound, (int32_t)bound)
                  : kind == 1 ? power + random_in(-2, 2)
                  : kind == 2 ? power - random_in(0, 1 << random_in(0, 20))
                              : random_in(-300, 300);
  value = value > bound ? bound : value;
  return kind != 0 && random_in(0, 1) ? -value : value;
}

/* Makes the elements in any order, widening the shift on the way. */
static int32_t grow(const int64_t *sums, const int32_t *order, int32_t count, int32_t bits,
                    int32_t *mantissas) {
  const int32_t limit = (1 << bits) - 1;
  int32_t shift = 0;
  for (int32_t made = 0; made < count; made++) {
    const int32_t i = order[made];
    const int64_t pattern = i % 2 ? 0xAAAAAAAA : 0x55555555;
    int64_t value = floor_shift(sums[i] + pattern % ((int64_t)1 << shift), shift);
    while (value < -limit || value > limit) {
      /* One bit more for what is there and for the new one. */
      for (int32_t j = 0; j < made; j++) {
        const int64_t other = order[j] % 2 ? 0xAAAAAAAA : 0x55555555;
        mantissas[order[j]] = (int32_t)floor_shift(mantissas[order[j]] + (other >> shift) % 2, 1);
      }
      value = floor_shift(value + (pattern >> shift) % 2, 1);
      shift++;
    }
    mantissas[i] = (int32_t)value;
  }
  return shift;
}

void check_narrowing(void) {
  for (int32_t round = 0; round < 20000; round++) {
    int64_t sums[40];
    int32_t order[40], expected[40], found[40];
    const int32_t count = random_in(1, 40), bits = random_in(1, 15), kind = random_in(0, 4);
    for (int32_t i = 0; i < count; i++) {
      sums[i] = edge_sum(kind == 4 ? random_in(0, 3) : kind);
      order[i] = i;
    }
    for (int32_t i = count - 1; i > 0; i--) {
      const int32_t j = random_in(0, i), kept = order[i];
      order[i] = order[j];
      order[j] = kept;
    }
    const int32_t shift = narrow_reference(sums, count, bits, expected);
    const int32_t grown = grow(sums, order, count, bits, found);
    expect(shift == grown, "narrowing: shift %d, grown to %d", shift, grown);
    expect(memcmp(expected, found, sizeof(int32_t) * (size_t)count) == 0, "narrowing: the order matters");
    expect(shift <= 31 - bits, "narrowing: shift %d for %d bits", shift, bits);
  }
  /* Half a unit up for one parity and down for the other: on average nothing. */
  double error = 0;
  const int32_t count = 200000;
  for (int32_t i = 0; i < count; i++) {
    const int64_t sum = random_in(-1000000, 1000000), pattern = i % 2 ? 0xAAAAAAAA : 0x55555555;
    error += (double)floor_shift(sum + pattern % 1024, 10) - (double)sum / 1024;
  }
  expect(fabs(error / count) < 0.005, "narrowing: mean error %g units", error / count);
}
