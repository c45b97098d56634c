/* r4-r7 hold the sums of row a, r8-r11 those of row b; both rows' distance and the columns' end live on the
 * stack. */
#ifndef TINYSDK_DSP_HALVES_ARM_H
#define TINYSDK_DSP_HALVES_ARM_H

#define TINYSDK_PAIR_OF_HALVES                                                                               \
  "ldr lr, [sp]\n"                                                                                           \
  "ldr lr, [r1, lr]\n"                                                                                       \
  "ldr r12, [r1], #4\n" TINYSDK_EIGHT_PRODUCTS("r12", "lr")

/* sums[0..3] += row a, sums[4..7] += row b, four halfwords to a quad; quads >= 1. */
TINYSDK_ROUTINE tinysdk_multiply_halves(TINYSDK_IN const uint32_t *x, TINYSDK_IN const int16_t *a,
                                        TINYSDK_IN const int16_t *b, TINYSDK_IN int32_t quads,
                                        TINYSDK_IN int32_t *sums) {
  __asm__("push {r4-r11, lr}\n"
          "ldr r12, [sp, #36]\n"
          "sub r2, r2, r1\n"
          "add r3, r0, r3, lsl #5\n"
          "ldm r12, {r4-r11}\n"
          "push {r2, r3}\n"
          "1:\n" TINYSDK_PAIR_OF_HALVES TINYSDK_PAIR_OF_HALVES "ldr r2, [sp, #4]\n"
          "cmp r0, r2\n"
          "bne 1b\n"
          "ldr r12, [sp, #44]\n"
          "add sp, sp, #8\n"
          "stm r12, {r4-r11}\n"
          "pop {r4-r11, pc}\n");
}

#endif
