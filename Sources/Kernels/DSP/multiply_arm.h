/* Two output channels by four pixels; quads of columns as columns.h lays them out. Sixteen registers' worth
 * of work in fourteen: the end of the loop and the second row's distance live on the stack, and an odd count
 * of quads enters the loop in its middle. */
#ifndef TINYSDK_DSP_MULTIPLY_ARM_H
#define TINYSDK_DSP_MULTIPLY_ARM_H

#include <stdint.h>

#define TINYSDK_ROUTINE static __attribute__((naked, noinline, unused)) void

/* r4-r7 += r12 * four pixels, r8-r11 += `second` * the same. */
#define TINYSDK_EIGHT_PRODUCTS(first, second)                                                                \
  "ldrd r2, r3, [r0], #8\n"                                                                                  \
  "smlad r4, " first ", r2, r4\n"                                                                            \
  "smlad r8, " second ", r2, r8\n"                                                                           \
  "smlad r5, " first ", r3, r5\n"                                                                            \
  "smlad r9, " second ", r3, r9\n"                                                                           \
  "ldrd r2, r3, [r0], #8\n"                                                                                  \
  "smlad r6, " first ", r2, r6\n"                                                                            \
  "smlad r10, " second ", r2, r10\n"                                                                         \
  "smlad r7, " first ", r3, r7\n"                                                                            \
  "smlad r11, " second ", r3, r11\n"

#define TINYSDK_QUAD_OF_ROWS                                                                                 \
  "ldr lr, [sp]\n"                                                                                           \
  "ldr r12, [r1]\n"                                                                                          \
  "ldr lr, [r1, lr]\n"                                                                                       \
  "sxtb16 r12, r12\n"                                                                                        \
  "sxtb16 lr, lr\n" TINYSDK_EIGHT_PRODUCTS("r12", "lr") "ldr lr, [sp]\n"                                     \
                                                        "ldr lr, [r1, lr]\n"                                 \
                                                        "ldr r12, [r1], #4\n"                                \
                                                        "sxtb16 lr, lr, ror #8\n"                            \
                                                        "sxtb16 r12, r12, ror #8\n" TINYSDK_EIGHT_PRODUCTS(  \
                                                            "r12", "lr")

#define TINYSDK_HALF_OF_PAIRS                                                                                \
  "ldr r12, [r1], #4\n"                                                                                      \
  "sxtb16 lr, r12\n" TINYSDK_EIGHT_PRODUCTS("lr", "r12")

/* sums[0..3] += row a, sums[4..7] += row b; quads >= 1. */
TINYSDK_ROUTINE tinysdk_multiply_quads(const uint32_t *x, const int8_t *a, const int8_t *b, int32_t quads,
                                       int32_t sums[8]) {
  __asm__("push {r4-r11, lr}\n"
          "ldr r12, [sp, #36]\n"
          "sub r2, r2, r1\n"
          "lsls lr, r3, #31\n"
          "add r3, r0, r3, lsl #5\n"
          "ldm r12, {r4-r11}\n"
          "push {r2, r3}\n"
          "bne 2f\n"
          "1:\n" TINYSDK_QUAD_OF_ROWS "2:\n" TINYSDK_QUAD_OF_ROWS "ldr r2, [sp, #4]\n"
          "cmp r0, r2\n"
          "bne 1b\n"
          "ldr r12, [sp, #44]\n"
          "add sp, sp, #8\n"
          "stm r12, {r4-r11}\n"
          "pop {r4-r11, pc}\n");
}

/* sums[0..3] += first channel, sums[4..7] += first + 256 * second channel; quads >= 1. */
TINYSDK_ROUTINE tinysdk_multiply_pairs(const uint32_t *x, const int8_t *packed, int32_t quads,
                                       int32_t sums[8]) {
  __asm__("push {r3-r11, lr}\n"
          "lsls lr, r2, #31\n"
          "add r2, r0, r2, lsl #5\n"
          "ldm r3, {r4-r11}\n"
          "push {r2, r3}\n"
          "bne 2f\n"
          "1:\n" TINYSDK_HALF_OF_PAIRS TINYSDK_HALF_OF_PAIRS
          "2:\n" TINYSDK_HALF_OF_PAIRS TINYSDK_HALF_OF_PAIRS "ldr r2, [sp]\n"
          "cmp r0, r2\n"
          "bne 1b\n"
          "pop {r2, r3}\n"
          "stm r3, {r4-r11}\n"
          "pop {r3-r11, pc}\n");
}

#endif
