/* Compares the kernels of integer gradients with their Portable twins on random layers, bit for bit. */
#include "harness.h"

/* One set of tests for each width of a mantissa. */
#define BITS 16
#include "equal_integer.h"
#undef BITS
#define BITS 8
#include "equal_integer.h"

int harness_main(void) {
  test_1x1_g16(2500);
  test_1x1_g8(2500);
  test_pairs_g16(1500);
  test_pairs_g8(1500);
  test_depthwise_g16(2000);
  test_depthwise_g8(2000);
  test_disjoint_g16(1500);
  test_disjoint_g8(1500);
  test_overlapping_g16(2500);
  test_overlapping_g8(2500);
  test_accumulate_g16(1500);
  test_accumulate_g8(1500);
  test_pool_g16(1000);
  test_pool_g8(1000);
  test_bias_update_g16(1500);
  test_bias_update_g8(1500);
  test_scale_g16(5000);
  test_scale_g8(5000);
  test_weight_update_g16(1500);
  test_weight_update_g8(1500);
  return failures > 0;
}
