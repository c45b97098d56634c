#include "random.h"
#include "reference_rules.h"

static uint32_t mix(uint32_t x) {
  x ^= x >> 16;
  x *= 1779033703u;
  x ^= x >> 15;
  x *= 3144134277u;
  x ^= x >> 16;
  return x;
}

uint32_t reference_random(const uint32_t *counter, uint32_t stream, uint32_t index) {
  const uint32_t seed = mix(counter[1] + 2654435769u), step = mix(seed ^ counter[0]);
  return mix(mix(step + stream) + index * 2654435769u);
}

int32_t residual_at(int32_t rule, const uint8_t *residuals, int64_t index) {
  if (rule == 1)
    return (int8_t)residuals[index];
  const int32_t half = residuals[index / 2] >> (index % 2 * 4) & 15;
  return half > 7 ? half - 16 : half;
}

/* In doubles, bounded far beyond any weight; 0 for NaN. */
static int64_t rounded(float change, double unit) {
  const double units = (double)change * unit, bound = 1000 * unit;
  return isnan(units) ? 0 : (int64_t)rint(fmax(-bound, fmin(bound, units)));
}

static int64_t bounded(int64_t value, int64_t limit) {
  return value > limit ? limit : value < -limit ? -limit : value;
}

ruled apply_rule(int32_t rule, int32_t weight, const uint8_t *residuals, int64_t index, float change,
                 uint32_t random) {
  ruled result = {0, 0};
  if (rule == 0) {
    result.weight = (int32_t)bounded(weight - rounded(change, 1), 127);
  } else if (rule == 3) {
    const int64_t unit = 1 << 24;
    const int64_t moved = weight * unit - rounded(change, (double)unit) + (random >> 8);
    result.weight = (int32_t)bounded(floor_shift(moved, 24), 127);
  } else {
    const int64_t unit = rule == 1 ? 256 : 16;
    const int64_t fine = bounded(
        weight * unit + residual_at(rule, residuals, index) - rounded(change, (double)unit), 127 * unit);
    result.weight = (int32_t)floor_shift(fine + unit / 2, rule == 1 ? 8 : 4);
    result.residual = (int32_t)(fine - result.weight * unit);
  }
  return result;
}

/* Runs the whole-gradient kernel of a rule on one output channel per `inner` weights. */
static void run(int32_t rule, const tinysdk_update_args *args, const float *g, const float *scale, float rate,
                int8_t *w, uint8_t *rest, const uint32_t *counter) {
  const uint16_t stream[1] = {3};
  if (rule < 2)
    tinysdk_update_s8(args, g, scale, &rate, w, rule == 1 ? (int8_t *)rest : NULL);
  else if (rule == 2)
    tinysdk_update_s8_r4(args, g, scale, &rate, w, rest);
  else
    tinysdk_update_s8_stochastic(args, g, scale, &rate, w, stream, counter);
}

static void check_definition(int32_t rule) {
  const float scale[3] = {1, 0.25f, 4};
  const tinysdk_update_args args = {3, 2001};
  const int32_t count = 3 * 2001;
  const uint32_t counter[2] = {12, 34};
  const float special[] = {NAN,     INFINITY, -INFINITY, 1e30f, -1e30f, 0,     1e-30f,
                           -1e-30f, 8,        4,         12,    -4,     1e-7f, -1e-7f};
  const int32_t specials = sizeof(special) / sizeof(special[0]);
  int8_t *const w = cells(count, 1), *const before = cells(count, 1);
  uint8_t *const rest = cells(count, 1), *const rest_before = cells(count, 1);
  float *const g = cells(count, sizeof(float));
  for (int32_t i = 0; i < count; i++) {
    w[i] = before[i] = (int8_t)random_in(-127, 127);
    rest[i] = rest_before[i] = (uint8_t)random_bits();
    const double size = pow(10, random_real(-6, 4));
    g[i] = i % 5 == 0 ? special[random_in(0, specials - 1)] : (float)random_real(-size, size);
  }
  run(rule, &args, g, scale, 0.125f, w, rest, counter);
  for (int32_t i = 0; i < count; i++) {
    const float change = (0.125f * scale[i / 2001]) * g[i];
    const ruled expected =
        apply_rule(rule, before[i], rest_before, i, change, reference_random(counter, 3, (uint32_t)i));
    expect(w[i] == expected.weight, "rule %d: weight %d of %d by %g is %d, not %d", rule, i, before[i],
           (double)change, w[i], expected.weight);
    if (rule == 1 || rule == 2)
      expect(residual_at(rule, rest, i) == expected.residual, "rule %d: residual %d", rule, i);
  }
  free(w);
  free(before);
  free(rest);
  free(rest_before);
  free(g);
}

/* A million updates: the mean of (found - exact) must vanish beside its own spread, five times over. */
static void check_mean(int32_t rule, double spread) {
  const int32_t count = 1000000;
  const tinysdk_update_args args = {1, count};
  const float scale[1] = {1};
  const uint32_t counter[2] = {1, 99};
  int8_t *const w = cells(count, 1);
  uint8_t *const rest = cells(count, 1);
  float *const g = cells(count, sizeof(float));
  const double unit = rule == 1 ? 256 : rule == 2 ? 16 : 1;
  double error = 0;
  for (int32_t i = 0; i < count; i++) {
    w[i] = (int8_t)(i % 201 - 100);
    g[i] = (float)random_real(-0.5, 0.5);
    error -= w[i] - (double)g[i];
  }
  run(rule, &args, g, scale, 1, w, rest, counter);
  for (int32_t i = 0; i < count; i++)
    error += w[i] + (rule == 3 ? 0 : residual_at(rule, rest, i) / unit);
  const double bound = 5 * spread / 1000;
  expect(fabs(error / count) < bound, "rule %d: mean error %g, bound %g", rule, error / count, bound);
  free(w);
  free(rest);
  free(g);
}

/* Rounding to nearest is right on average only where steps lie evenly about 0: of a million steps of 0.1 to
 * 0.4 it keeps nothing, which is its bias. The other rules keep their mean. */
static void check_one_sided(int32_t rule, double spread, double bias) {
  const int32_t count = 1000000;
  const tinysdk_update_args args = {1, count};
  const float scale[1] = {1};
  const uint32_t counter[2] = {2, 98};
  int8_t *const w = cells(count, 1);
  uint8_t *const rest = cells(count, 1);
  float *const g = cells(count, sizeof(float));
  const double unit = rule == 1 ? 256 : rule == 2 ? 16 : 1;
  double error = 0;
  for (int32_t i = 0; i < count; i++) {
    w[i] = (int8_t)(i % 201 - 100);
    g[i] = (float)random_real(0.1, 0.4);
    error -= w[i] - (double)g[i];
  }
  run(rule, &args, g, scale, 1, w, rest, counter);
  for (int32_t i = 0; i < count; i++)
    error += w[i] + (rule == 1 || rule == 2 ? residual_at(rule, rest, i) / unit : 0);
  expect(fabs(error / count - bias) < 5 * spread / 1000, "rule %d: mean error %g, expected %g", rule,
         error / count, bias);
  free(w);
  free(rest);
  free(g);
}

/* A million updates against either end: a weight stops at +-127, stays there, and comes back. */
static void check_ends(int32_t rule) {
  enum { COUNT = 1000 };
  const tinysdk_update_args args = {1, COUNT};
  const tinysdk_count_args one = {1};
  const float scale[1] = {1};
  uint32_t counter[2] = {0, 3};
  int8_t w[COUNT];
  uint8_t rest[COUNT] = {0};
  float g[COUNT];
  for (int32_t i = 0; i < COUNT; i++) {
    w[i] = (int8_t)random_in(-127, 127);
    g[i] = (i % 2 ? 1.0f : -1.0f) * (float)(1 + i % 7);
  }
  for (int32_t step = 0; step < 1000; step++) {
    run(rule, &args, g, scale, 1, w, rest, counter);
    tinysdk_advance_counter(&one, counter);
    for (int32_t i = 0; i < COUNT; i++)
      expect(w[i] >= -127 && w[i] <= 127, "rule %d: weight %d", rule, w[i]);
  }
  for (int32_t i = 0; i < COUNT; i++) {
    expect(w[i] == (i % 2 ? -127 : 127), "rule %d: %d at its end", rule, w[i]);
    g[i] = -g[i];
  }
  run(rule, &args, g, scale, 1, w, rest, counter);
  for (int32_t i = 0; i < COUNT; i++)
    expect(w[i] == (i % 2 ? -127 : 127) - (int32_t)g[i], "rule %d: %d behind its end", rule, w[i]);
}

/* Tiny steps, far below what one rounding could keep, still add up; zero ones never move a weight. */
static void check_drift(float change, double spread) {
  enum { COUNT = 2000, STEPS = 500 };
  const tinysdk_update_args args = {1, COUNT};
  const tinysdk_count_args one = {1};
  const float scale[1] = {1};
  uint32_t counter[2] = {UINT32_MAX - 100, 5};
  int8_t w[COUNT] = {0};
  float g[COUNT];
  double moved = 0;
  for (int32_t i = 0; i < COUNT; i++) {
    g[i] = change;
    w[i] = (int8_t)(i % 2 ? 110 : -60);
  }
  for (int32_t step = 0; step < STEPS; step++) {
    run(3, &args, g, scale, 1, w, NULL, counter);
    tinysdk_advance_counter(&one, counter);
  }
  expect(counter[0] == STEPS - 101 && counter[1] == 5, "advance_counter: %u, %u", counter[0], counter[1]);
  for (int32_t i = 0; i < COUNT; i++)
    moved += (i % 2 ? 110 : -60) - w[i];
  expect(fabs(moved / COUNT - (double)change * STEPS) <= 5 * spread, "stochastic: moved %g in %d steps of %g",
         moved / COUNT, STEPS, (double)change);
}

void check_rules(void) {
  for (int32_t rule = 0; rule < 4; rule++)
    check_definition(rule);
  check_mean(1, 1 / sqrt(12) / 256);
  check_mean(2, 1 / sqrt(12) / 16);
  check_mean(3, 0.5);
  check_one_sided(0, 0.09, 0.25);
  check_one_sided(1, 1 / sqrt(12) / 256, 0);
  check_one_sided(2, 1 / sqrt(12) / 16, 0);
  check_one_sided(3, 0.5, 0);
  for (int32_t rule = 0; rule < 4; rule++)
    check_ends(rule);
  check_drift(0, 0);
  check_drift(0.001f, sqrt(500 * 0.001 / 2000));
  check_drift(-0.003f, sqrt(500 * 0.003 / 2000));
  check_drift(0.07f, sqrt(500 * 0.07 * 0.93 / 2000));
}

/* Correlation of the numbers of two keys, the second `apart` elements on. */
static double correlation(uint32_t key1, uint32_t key2, int32_t apart, int32_t count) {
  double sum = 0;
  for (int32_t i = 0; i < count; i++)
    sum += (ldexp(tinysdk_random(key1, i), -32) - 0.5) * (ldexp(tinysdk_random(key2, i + apart), -32) - 0.5);
  return sum / count * 12;
}

static void check_balance(uint32_t key, int32_t count) {
  double mean = 0, chi = 0;
  int32_t ones[32] = {0}, bins[256] = {0};
  for (int32_t i = 0; i < count; i++) {
    const uint32_t bits = tinysdk_random(key, i);
    mean += ldexp(bits >> 8, -24) / count;
    bins[bits >> 24]++;
    for (int32_t bit = 0; bit < 32; bit++)
      ones[bit] += bits >> bit & 1;
  }
  const double expected = count / 256.0;
  for (int32_t i = 0; i < 256; i++)
    chi += (bins[i] - expected) * (bins[i] - expected) / expected;
  expect(fabs(mean - 0.5) < 5 * sqrt(1.0 / 12 / count), "random: mean %g", mean);
  expect(chi > 150 && chi < 370, "random: chi square %g over 255", chi);
  for (int32_t bit = 0; bit < 32; bit++)
    expect(fabs(ones[bit] - count / 2.0) < 2.5 * sqrt(count), "random: bit %d set %d of %d", bit, ones[bit],
           count);
}

/* A flipped bit of what is mixed flips each result bit about half of the time. */
static void check_avalanche(void) {
  const int32_t count = 20000;
  for (int32_t in = 0; in < 32; in++) {
    int32_t flips[32] = {0};
    for (int32_t i = 0; i < count; i++) {
      const uint32_t x = (uint32_t)random_bits(), changed = tinysdk_mixed(x) ^ tinysdk_mixed(x ^ 1u << in);
      for (int32_t out = 0; out < 32; out++)
        flips[out] += changed >> out & 1;
    }
    for (int32_t out = 0; out < 32; out++)
      expect(fabs((double)flips[out] / count - 0.5) < 0.08, "random: bit %d flips bit %d %d of %d times", in,
             out, flips[out], count);
  }
}

void check_random(void) {
  const int32_t count = 200000;
  const double bound = 5 / sqrt(count);
  for (uint32_t step = 0; step < 4; step++) {
    const uint32_t counter[2] = {step, 1}, next[2] = {step + 1, 1}, seeded[2] = {step, 2};
    const uint32_t key = tinysdk_random_key(counter, 0);
    check_balance(key, 1 << 18);
    const double found[] = {correlation(key, key, 1, count), correlation(key, key, 9, count),
                            correlation(key, tinysdk_random_key(counter, 1), 0, count),
                            correlation(key, tinysdk_random_key(next, 0), 0, count),
                            correlation(key, tinysdk_random_key(seeded, 0), 0, count)};
    for (int32_t i = 0; i < 5; i++)
      expect(fabs(found[i]) < bound, "random: correlation %d is %g in step %u", i, found[i], step);
  }
  check_avalanche();
  /* One weight over many steps, and many tensors' first weights. */
  double sum = 0, product = 0, last = 0;
  for (uint32_t i = 0; i < (uint32_t)count; i++) {
    const uint32_t counter[2] = {i / 100, 7};
    const double u = ldexp(tinysdk_random(tinysdk_random_key(counter, i % 100), 0), -32) - 0.5;
    sum += u;
    product += u * last;
    last = u;
  }
  expect(fabs(sum / count) < bound / sqrt(12) && fabs(product / count * 12) < bound,
         "random: over steps and streams, mean %g, correlation %g", sum / count, product / count * 12);
}
