#include "check.h"

static void check_scale(int32_t width, int32_t in_place) {
  const tinysdk_scale_gradient_args a = {random_in(1, 3), random_in(1, 5),
                                         random_in(0, 1) ? random_in(1, 150) : 1, random_in(2, width - 1),
                                         random_in(-30, 5)};
  const int32_t count = a.batch * a.channels * a.plane;
  int16_t *const factor = cells(a.channels, 2);
  float *const scale = cells(a.channels, 4);
  uint8_t *const bits = cells((count + 7) / 8, 1), *const mask = random_in(0, 2) ? bits : NULL;
  int64_t *const sums = cells(count, 8);
  tensor in = new_tensor(width, count), out = in_place ? in : new_tensor(width, count);
  fill_tensor(&in, count, width - 1);
  for (int32_t c = 0; c < a.channels; c++) {
    factor[c] = (int16_t)(c ? random_in(0, 32767) : random_in(1 << 14, 32767));
    scale[c] = ldexpf(factor[c], a.factor_exponent);
  }
  for (int32_t i = 0; i < (count + 7) / 8; i++)
    bits[i] = (uint8_t)random_bits();
  for (int32_t i = 0; i < count; i++)
    sums[i] =
        !mask || mask[i / 8] >> i % 8 & 1 ? (int64_t)mantissa(&in, i) * factor[i / a.plane % a.channels] : 0;
  float *const values = tensor_floats(&in, count);
  const int32_t exponent = in.exponent;
  out.exponent = exponent;
  int32_t *const from = in_place ? &out.exponent : &in.exponent;
  if (width == 16)
    tinysdk_scale_g16(&a, in.mantissas, from, mask, factor, out.mantissas, &out.exponent);
  else
    tinysdk_scale_g8(&a, in.mantissas, from, mask, factor, out.mantissas, &out.exponent);
  expect_narrowed("scale", &out, sums, count, a.bits, exponent + a.factor_exponent);
  const tinysdk_planes_args planes = {a.batch, a.channels, a.plane};
  tinysdk_scale_f32(&planes, values, mask, scale, values);
  expect_near("scale", &out, values, count, 1, ldexp(1, 30 - 23 + exponent + a.factor_exponent));
  if (!in_place)
    free(out.mantissas);
  free(in.mantissas);
  free(factor);
  free(scale);
  free(bits);
  free(sums);
  free(values);
}

/* place: 0 apart, 1 over the first operand, 2 over the second, 3 twice one tensor, over itself */
static void check_accumulate(int32_t width, int32_t place) {
  const tinysdk_count_args a = {random_in(1, 300)};
  tensor in[2] = {new_tensor(width, a.count), new_tensor(width, a.count)};
  fill_tensor(&in[0], a.count, random_in(1, width - 1));
  fill_tensor(&in[1], a.count, random_in(1, width - 1));
  in[1].exponent = in[0].exponent + (random_in(0, 1) ? random_in(-16, 16) : random_in(-70, 70));
  const tensor *const second = place == 3 ? &in[0] : &in[1];
  tensor out = place == 0 ? new_tensor(width, a.count) : in[place == 2];
  int64_t *const sums = cells(a.count, 8);
  float *const values = tensor_floats(&in[0], a.count), *const others = tensor_floats(second, a.count);
  const int32_t above = in[0].exponent - second->exponent, apart = abs(above);
  const int32_t left = apart < 14 ? apart : 14, right = apart - left < 30 ? apart - left : 30;
  for (int32_t i = 0; i < a.count; i++) {
    const int64_t larger = mantissa(above > 0 ? &in[0] : second, i);
    const int64_t smaller = mantissa(above > 0 ? second : &in[0], i);
    const int64_t pattern = i % 2 ? 0xAAAAAAAA : 0x55555555;
    sums[i] = larger * (1 << left) + floor_shift(smaller + pattern % ((int64_t)1 << right), right);
  }
  const int32_t exponent = (above > 0 ? in[0].exponent : second->exponent) - left;
  if (width == 16)
    tinysdk_accumulate_g16(&a, in[0].mantissas, &in[0].exponent, second->mantissas, &second->exponent,
                           out.mantissas, &out.exponent);
  else
    tinysdk_accumulate_g8(&a, in[0].mantissas, &in[0].exponent, second->mantissas, &second->exponent,
                          out.mantissas, &out.exponent);
  expect_narrowed("accumulate", &out, sums, a.count, width - 1, exponent);
  tinysdk_accumulate_f32(&a, values, others, values);
  /* One unit where the smaller operand is shifted down, one where the sum is. */
  expect_near("accumulate", &out, values, a.count, 2, ldexp(1, 31 - 23 + exponent));
  if (place == 0)
    free(out.mantissas);
  free(in[0].mantissas);
  free(in[1].mantissas);
  free(sums);
  free(values);
  free(others);
}

static float awkward_float(int32_t kind, double size) {
  const uint32_t bits = (uint32_t)random_bits();
  float any;
  memcpy(&any, &bits, sizeof(any));
  const float special[] = {NAN, INFINITY, -INFINITY, 0, -0.0f, 3.4028235e38f, 1e-40f, -1.1754944e-38f};
  if (kind == 0)
    return 0;
  if (kind == 1)
    return random_in(0, 3) ? any : special[random_in(0, 7)];
  if (kind == 2)
    return ldexpf((float)random_in(-70000, 70000), -1);
  if (kind == 3)
    return random_in(0, 9) ? 0 : special[random_in(0, 4)];
  return (float)random_real(-size, size);
}

/* The smallest exponent whose rounded mantissas fit, by trying. */
static int32_t exponent_reference(const float *values, int32_t count, int32_t bits) {
  for (int32_t exponent = -126;; exponent++) {
    int fits = 1;
    for (int32_t i = 0; i < count; i++)
      fits =
          fits && (!isfinite(values[i]) || fabs(rint(ldexp((double)values[i], -exponent))) < ldexp(1, bits));
    if (fits)
      return exponent;
  }
}

static void check_quantize(int32_t width, int32_t in_place) {
  const tinysdk_quantize_gradient_args a = {random_in(1, 60), random_in(4, width - 1)};
  const int32_t kind = random_in(0, 6);
  const double size = pow(10, random_real(-45, 38)), limit = ldexp(1, a.bits) - 1;
  float *const values = cells(a.count, 4), *const kept = cells(a.count, 4);
  for (int32_t i = 0; i < a.count; i++)
    kept[i] = values[i] = awkward_float(kind, size);
  tensor out = in_place ? (tensor){width, 0, values} : new_tensor(width, a.count);
  if (width == 16)
    tinysdk_quantize_gradient_g16(&a, values, out.mantissas, &out.exponent);
  else
    tinysdk_quantize_gradient_g8(&a, values, out.mantissas, &out.exponent);
  const int32_t exponent = exponent_reference(kept, a.count, a.bits);
  expect(out.exponent == exponent, "quantize_gradient_g%d: exponent %d, not %d", width, out.exponent,
         exponent);
  for (int32_t i = 0; i < a.count; i++) {
    const double exact = isnan(kept[i])   ? 0
                         : isinf(kept[i]) ? copysign(limit, (double)kept[i])
                                          : rint(ldexp((double)kept[i], -exponent));
    expect(mantissa(&out, i) == (int32_t)exact, "quantize_gradient_g%d: %g became %d, not %g", width,
           (double)kept[i], mantissa(&out, i), exact);
  }
  if (!in_place)
    free(out.mantissas);
  free(values);
  free(kept);
}

void check_elementwise(void) {
  for (int32_t round = 0; round < 4000; round++) {
    const int32_t width = round % 2 ? 16 : 8;
    check_scale(width, round / 2 % 2);
    check_accumulate(width, round / 2 % 4);
    check_quantize(width, round / 2 % 2);
  }
}
