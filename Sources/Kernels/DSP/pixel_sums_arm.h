/* r4-r7 hold the first channel's sums, r8-r11 the second's; r0 walks the columns, r1 the weights. The stack
 * holds the weights, their end, the groups left and where their sums go. The first four pairs start the sums;
 * the loop of sixteen is entered where the rest is whole. */
#ifndef TINYSDK_DSP_PIXEL_SUMS_ARM_H
#define TINYSDK_DSP_PIXEL_SUMS_ARM_H

_Static_assert(TINYSDK_BLOCK_PIXELS == 32, "the assembly counts on it");

#define TINYSDK_PAIR_OF_OUTPUTS(smlad, r4, r5, r6, r7, r8, r9, r10, r11)                                     \
  "ldrd r2, r3, [r1], #16\n"                                                                                 \
  "ldrd r12, lr, [r0], #8\n" smlad " r4, r2, r12" r4 "\n" smlad " r8, r3, r12" r8 "\n" smlad                 \
  " r5, r2, lr" r5 "\n" smlad " r9, r3, lr" r9 "\n"                                                          \
  "ldrd r12, lr, [r0], #8\n" smlad " r6, r2, r12" r6 "\n" smlad " r10, r3, r12" r10 "\n" smlad               \
  " r7, r2, lr" r7 "\n" smlad " r11, r3, lr" r11 "\n"

#define TINYSDK_FIRST_PAIR TINYSDK_PAIR_OF_OUTPUTS("smuad", "", "", "", "", "", "", "", "")
#define TINYSDK_NEXT_OUTPUTS                                                                                 \
  TINYSDK_PAIR_OF_OUTPUTS("smlad", ", r4", ", r5", ", r6", ", r7", ", r8", ", r9", ", r10", ", r11")
#define TINYSDK_FOUR_PAIRS TINYSDK_NEXT_OUTPUTS TINYSDK_NEXT_OUTPUTS TINYSDK_NEXT_OUTPUTS TINYSDK_NEXT_OUTPUTS

/* Columns: group by group, pair by pair, two output channels of four pixels. Weights: pair by pair, two
 * output channels of either input channel, then as many that are not read. The second channel's sums lie two
 * blocks behind the first's. */
static __attribute__((naked, noinline, used)) void
tinysdk_sum_pixels(__attribute__((unused)) const uint32_t *columns,
                   __attribute__((unused)) const uint32_t *weights,
                   __attribute__((unused)) const uint32_t *end, __attribute__((unused)) int32_t groups,
                   __attribute__((unused)) int32_t *sums) {
  __asm__("push {r4-r11, lr}\n"
          "ldr r12, [sp, #36]\n"
          "push {r1, r2, r3, r12}\n"
          "7:\n" TINYSDK_FIRST_PAIR TINYSDK_NEXT_OUTPUTS TINYSDK_NEXT_OUTPUTS TINYSDK_NEXT_OUTPUTS
          "ldr r2, [sp, #4]\n"
          "subs r2, r2, r1\n"
          "beq 5f\n"
          "lsls r2, r2, #24\n"
          "beq 1f\n"
          "bpl 4f\n"
          "lsls r2, r2, #1\n"
          "bmi 2f\n"
          "b 3f\n"
          "1:\n" TINYSDK_FOUR_PAIRS "2:\n" TINYSDK_FOUR_PAIRS "3:\n" TINYSDK_FOUR_PAIRS
          "4:\n" TINYSDK_FOUR_PAIRS "ldr r2, [sp, #4]\n"
          "cmp r1, r2\n"
          "bne 1b\n"
          "5:\n"
          "ldm sp, {r1, r2, r3, r12}\n"
          "stmia r12!, {r4-r7}\n"
          "add lr, r12, #240\n"
          "subs r3, r3, #1\n"
          "stmia lr, {r8-r11}\n"
          "strd r3, r12, [sp, #8]\n"
          "bne 7b\n"
          "add sp, sp, #16\n"
          "pop {r4-r11, pc}\n");
}

#endif
