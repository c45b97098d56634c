/* What the comparison and the measurement share. The same sources run on a host and on the emulated device.
 */
#ifndef TINYSDK_HELIUM_HARNESS_H
#define TINYSDK_HELIUM_HARNESS_H

#include "tinysdk_kernels.h"

#include <stdint.h>

/* Console and time of the target: start_host.c or start_m55.c. */
void say(const char *text);
uint32_t ticks(void);

void say_number(int64_t value);

uint32_t random_bits(void);
int32_t random_between(int32_t low, int32_t high);
float random_float(void);
/* Now and then with subnormal, tiny or infinite values, which vectors would not treat alike. */
void random_gradient(float *gradient, int32_t count);
void random_bytes(int8_t *bytes, int32_t count, int32_t low);

/* Memory that every case overwrites: `pool_take` hands out the next bytes, aligned to 16, with a guard behind
 * them that `pool_intact` checks. */
void pool_reset(void);
void *pool_take(int32_t bytes);
int32_t pool_intact(void);

/* Variants under test. */
#define VARIANT(kernel, word, args)                                                                          \
  extern __typeof__(kernel) kernel##_##word;                                                                 \
  int32_t kernel##_##word##_instructions(const args *)
#define VARIANT_SCRATCH(kernel, word, args)                                                                  \
  VARIANT(kernel, word, args);                                                                               \
  int32_t kernel##_##word##_scratch(const args *)

VARIANT_SCRATCH(tinysdk_conv2d_1x1_s8, mve, tinysdk_conv2d_args);
VARIANT_SCRATCH(tinysdk_conv2d_s8, mve, tinysdk_conv2d_args);
VARIANT_SCRATCH(tinysdk_depthwise_conv2d_s8, mve, tinysdk_conv2d_args);
VARIANT_SCRATCH(tinysdk_depthwise_conv2d_s8, mve_small, tinysdk_conv2d_args);
VARIANT(tinysdk_dense_s8, mve, tinysdk_dense_args);
VARIANT(tinysdk_add_s8, mve, tinysdk_add_args);
VARIANT_SCRATCH(tinysdk_conv2d_1x1_input_gradient_f32, mve, tinysdk_conv2d_args);
VARIANT_SCRATCH(tinysdk_depthwise_input_gradient_f32, mve, tinysdk_conv2d_args);

VARIANT(tinysdk_conv2d_weight_update_s8, mve, tinysdk_conv2d_args);
VARIANT(tinysdk_conv2d_bias_update_s32, mve, tinysdk_conv2d_args);
VARIANT(tinysdk_scale_f32, mve, tinysdk_planes_args);
VARIANT(tinysdk_average_pool2d_s8, mve, tinysdk_pool2d_args);
VARIANT(tinysdk_max_pool2d_s8, mve, tinysdk_pool2d_args);

/* Fills `order` with some positions that learn, then the others, and sets how many learn. */
void random_split(tinysdk_conv2d_args *args, int32_t positions, uint16_t *order);

int report(const char *name, int32_t equal, int32_t failed);

int compare_int8(void);
int compare_gradients(void);
int compare_updates(void);
int compare_integer(void);
void measure(void);

#endif
