/* r4-r7 hold the first channel's sums, r8-r11 the second's. The weights' stride and the end of the columns
 * live on the stack, and an odd count of pairs enters the loop in its middle. */
#ifndef TINYSDK_DSP_INTEGER_TILE_ARM_H
#define TINYSDK_DSP_INTEGER_TILE_ARM_H

/* Two weights of an output channel and of the next: r12 the first input channel's, lr the second's. */
#define TINYSDK_PAIR_OF_OUTPUTS                                                                              \
  "ldr r2, [sp]\n"                                                                                           \
  "ldrh r12, [r1]\n"                                                                                         \
  "ldrh lr, [r1, r2]\n"                                                                                      \
  "add r1, r1, r2, lsl #1\n"                                                                                 \
  "ldrd r2, r3, [r0], #8\n"                                                                                  \
  "orr r12, r12, lr, lsl #16\n"                                                                              \
  "sxtb16 lr, r12, ror #8\n"                                                                                 \
  "sxtb16 r12, r12\n"                                                                                        \
  "smlad r8, lr, r2, r8\n"                                                                                   \
  "smlad r4, r12, r2, r4\n"                                                                                  \
  "smlad r9, lr, r3, r9\n"                                                                                   \
  "smlad r5, r12, r3, r5\n"                                                                                  \
  "ldrd r2, r3, [r0], #8\n"                                                                                  \
  "smlad r10, lr, r2, r10\n"                                                                                 \
  "smlad r6, r12, r2, r6\n"                                                                                  \
  "smlad r11, lr, r3, r11\n"                                                                                 \
  "smlad r7, r12, r3, r7\n"

/* sums[0..3] of weights[0], sums[4..7] of weights[1] go on by 2 * pairs output channels, `stride` bytes from
 * one to the next; pairs >= 1. */
static __attribute__((naked, noinline, used)) void
tinysdk_integer_tile(__attribute__((unused)) const uint32_t *columns,
                     __attribute__((unused)) const int8_t *weights, __attribute__((unused)) int32_t stride,
                     __attribute__((unused)) int32_t pairs, __attribute__((unused)) int32_t *sums) {
  __asm__("push {r4-r11, lr}\n"
          "ldr r12, [sp, #36]\n"
          "lsls lr, r3, #31\n"
          "add r3, r0, r3, lsl #4\n"
          "ldm r12, {r4-r11}\n"
          "push {r2, r3}\n"
          "bne 2f\n"
          "1:\n" TINYSDK_PAIR_OF_OUTPUTS "2:\n" TINYSDK_PAIR_OF_OUTPUTS "ldr r2, [sp, #4]\n"
          "cmp r0, r2\n"
          "bne 1b\n"
          "ldr r12, [sp, #44]\n"
          "add sp, sp, #8\n"
          "stm r12, {r4-r11}\n"
          "pop {r4-r11, pc}\n");
}

#endif
