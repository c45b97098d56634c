/* Sums of A, then of A + 256 B, lie from r4 on. An odd count of quads enters the loop in its middle. No sum
 * stands next to what it needs, so that a core may do two instructions at once. */
#ifndef TINYSDK_DSP_DENSE_GROUPS_ARM_H
#define TINYSDK_DSP_DENSE_GROUPS_ARM_H

#include "routine.h"

/* clang-format off */
#define TINYSDK_GROUP_SUM(sum, weights, x) "smlad " sum ", " weights ", " x ", " sum "\n"
#define TINYSDK_GROUP_A(both) "sxtb16 " both ", " both "\n"

/* The first words, and r2 and r3: the inputs (k, k + 2) and (k + 1, k + 3). */
#define TINYSDK_GROUP_START(words) \
  "ldr r3, [r0], #4\n" \
  "ldmia r1!, {" words "}\n" \
  "sxtb16 r2, r3\n" \
  "sxtb16 r3, r3, ror #8\n"

#define TINYSDK_GROUP_THREE(x) \
  TINYSDK_GROUP_SUM("r7", "r10", x) \
  TINYSDK_GROUP_SUM("r8", "r11", x) TINYSDK_GROUP_A("r10") \
  TINYSDK_GROUP_SUM("r9", "r12", x) TINYSDK_GROUP_A("r11") \
  TINYSDK_GROUP_SUM("r4", "r10", x) TINYSDK_GROUP_A("r12") \
  TINYSDK_GROUP_SUM("r5", "r11", x) \
  TINYSDK_GROUP_SUM("r6", "r12", x)
#define TINYSDK_QUAD_OF_THREE TINYSDK_GROUP_START("r10, r11, r12") \
  TINYSDK_GROUP_THREE("r2") \
  "ldmia r1!, {r10, r11, r12}\n" \
  TINYSDK_GROUP_THREE("r3")

#define TINYSDK_QUAD_OF_TWO TINYSDK_GROUP_START("r8-r11") \
  TINYSDK_GROUP_SUM("r6", "r8", "r2") \
  TINYSDK_GROUP_SUM("r7", "r9", "r2") TINYSDK_GROUP_A("r8") \
  TINYSDK_GROUP_SUM("r6", "r10", "r3") TINYSDK_GROUP_A("r9") \
  TINYSDK_GROUP_SUM("r7", "r11", "r3") TINYSDK_GROUP_A("r10") \
  TINYSDK_GROUP_SUM("r4", "r8", "r2") TINYSDK_GROUP_A("r11") \
  TINYSDK_GROUP_SUM("r5", "r9", "r2") \
  TINYSDK_GROUP_SUM("r4", "r10", "r3") \
  TINYSDK_GROUP_SUM("r5", "r11", "r3")

#define TINYSDK_QUAD_OF_ONE TINYSDK_GROUP_START("r8, r9") \
  TINYSDK_GROUP_SUM("r5", "r8", "r2") TINYSDK_GROUP_A("r8") \
  TINYSDK_GROUP_SUM("r5", "r9", "r3") TINYSDK_GROUP_A("r9") \
  TINYSDK_GROUP_SUM("r4", "r8", "r2") \
  TINYSDK_GROUP_SUM("r4", "r9", "r3")

#define TINYSDK_GROUP_VALUES(a, b) \
  "sub " b ", " b ", " a "\n" \
  "asr " b ", " b ", #8\n" \
  "strd " a ", " b ", [r3], #8\n"

/* quads >= 1. */
#define TINYSDK_GROUP(name, registers, quad, values) \
  TINYSDK_ROUTINE name(TINYSDK_IN const int8_t *input, TINYSDK_IN const int8_t *group, \
                       TINYSDK_IN int32_t quads, TINYSDK_IN int32_t *sums) { \
    __asm__("push {r3-r11, lr}\n" \
            "add lr, r0, r2, lsl #2\n" \
            "lsls r2, r2, #31\n" \
            "ldmia r1!, {" registers "}\n" \
            "bne 2f\n" \
            "1:\n" quad \
            "2:\n" quad \
            "cmp r0, lr\n" \
            "bne 1b\n" \
            "ldr r3, [sp]\n" \
            values \
            "pop {r3-r11, pc}\n"); \
  }
TINYSDK_GROUP(tinysdk_multiply_three_pairs, "r4-r9", TINYSDK_QUAD_OF_THREE,
              TINYSDK_GROUP_VALUES("r4", "r7") TINYSDK_GROUP_VALUES("r5", "r8")
              TINYSDK_GROUP_VALUES("r6", "r9"))
TINYSDK_GROUP(tinysdk_multiply_two_pairs, "r4-r7", TINYSDK_QUAD_OF_TWO,
              TINYSDK_GROUP_VALUES("r4", "r6") TINYSDK_GROUP_VALUES("r5", "r7"))
TINYSDK_GROUP(tinysdk_multiply_one_pair, "r4, r5", TINYSDK_QUAD_OF_ONE, TINYSDK_GROUP_VALUES("r4", "r5"))
/* clang-format on */

/* Up to three inputs past whole quads; `last` is their weights. */
static __attribute__((noinline)) void
tinysdk_multiply_last(const int8_t *input, int32_t count, const int8_t *last, int32_t pairs, int32_t *sums) {
  uint32_t a[TINYSDK_DENSE_GROUP] = {0}, c[TINYSDK_DENSE_GROUP] = {0};
  tinysdk_multiply_quad(tinysdk_load_tail(input, count), last, pairs, a, c);
  for (int32_t i = 0; i < pairs; i++) {
    sums[2 * i] += (int32_t)a[i];
    sums[2 * i + 1] += (int32_t)(c[i] - a[i]) >> 8;
  }
}

/* The assembly loads whole words of weights. */
static inline void tinysdk_multiply_group(const int8_t *input, int32_t inputs, const int8_t *group,
                                          int32_t pairs, int32_t *sums) {
  const int32_t quads = inputs >> 2, rest = inputs & 3;
  if (((uintptr_t)group & 3) || quads == 0) {
    tinysdk_multiply_group_plainly(input, inputs, group, pairs, sums);
    return;
  }
  if (pairs == 3)
    tinysdk_multiply_three_pairs(input, group, quads, sums);
  else if (pairs == 2)
    tinysdk_multiply_two_pairs(input, group, quads, sums);
  else
    tinysdk_multiply_one_pair(input, group, quads, sums);
  if (rest > 0)
    tinysdk_multiply_last(input + 4 * quads, rest, group + 8 * pairs * (quads + 1), pairs, sums);
}

#endif
