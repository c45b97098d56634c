/* What the checks share: random numbers, tensors of either width, the two-pass definition of narrowing. */
#ifndef CHECK_H
#define CHECK_H

#include "tinysdk_kernels.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Counts one comparison; at the first that fails, says so and ends the program. */
void expect(int holds, const char *format, ...) __attribute__((format(printf, 2, 3)));
extern long cases;

uint64_t random_bits(void);
int32_t random_in(int32_t low, int32_t high);
double random_real(double low, double high);

/* Zeroed memory of exactly this many elements, so that the sanitizer sees any access beyond. */
void *cells(int64_t count, size_t size);

/* A gradient of `width` 8 or 16 bits. */
typedef struct {
  int32_t width;
  int32_t exponent;
  void *mantissas;
} tensor;

tensor new_tensor(int32_t width, int64_t count);
int32_t mantissa(const tensor *t, int64_t index);
void set_mantissa(tensor *t, int64_t index, int32_t value);
/* Random mantissas of at most `bits` bits; now and then zeros, or one large one among small ones. */
void fill_tensor(tensor *t, int64_t count, int32_t bits);
float *tensor_floats(const tensor *t, int64_t count);

int64_t floor_shift(int64_t value, int32_t shift);
/* Finds the shift over all sums first, then narrows each. */
int32_t narrow_reference(const int64_t *sums, int64_t count, int32_t bits, int32_t *mantissas);
/* The tensor must be the sums, narrowed. */
void expect_narrowed(const char *what, const tensor *found, const int64_t *sums, int64_t count, int32_t bits,
                     int32_t exponent);
/* Every element within `units` units of the tensor's last place, or `slack`, of the float result. */
void expect_near(const char *what, const tensor *found, const float *expected, int64_t count, double units,
                 double slack);

/* A layer with its weights, whole and as its kernels take them. */
typedef struct {
  tinysdk_conv2d_args args;
  int32_t axis; /* positions on the weights' channel axis */
  int8_t *whole;
  int8_t *frozen;
  int8_t *trained;
  uint16_t *order;
  int32_t products; /* at most so many make an input element */
} layer;

enum layer_kind { GENERAL, POINTWISE, DEPTHWISE };
layer random_layer(enum layer_kind kind, int32_t split);
void free_layer(layer *l);
int64_t input_count(const layer *l);
int64_t output_count(const layer *l);
/* The element of `whole` between output channel o and input channel c of the whole layer; -1 between groups.
 */
int64_t weight_at(const layer *l, int32_t o, int32_t c, int32_t ky, int32_t kx);
/* The bits that gradients may have so that `products` products with up to `factor` stay below 2^limit. */
int32_t bits_for(int32_t width, double products, double factor, int32_t limit);

void check_narrowing(void);
void check_input_gradients(void);
void check_weights(void);
void check_elementwise(void);
void check_pooling(void);
void check_rules(void);
void check_random(void);

#endif
