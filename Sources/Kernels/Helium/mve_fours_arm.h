/* Even registers hold the sums, for others cannot; odd ones the four channels' weights (r1, r3, r5, r7),
 * the columns (r9) and the end of the loop (r11). A pair of pixels: a first vector that starts the sums, the
 * loop over four, entered in its middle where there are not as many, and a last vector of some lanes.
 *
 * On the stack: the four weights, the loop's end and its entry, where the next sums go and where they end. */
#ifndef TINYSDK_MVE_FOURS_ARM_H
#define TINYSDK_MVE_FOURS_ARM_H

#include <stddef.h>

_Static_assert(offsetof(tinysdk_mve_four, columns) == 16 && offsetof(tinysdk_mve_four, count) == 20 &&
                   offsetof(tinysdk_mve_four, sums) == 24 && offsetof(tinysdk_mve_four, groups) == 28 &&
                   TINYSDK_MVE_PIXELS == 64,
               "the assembly counts on these");

/* clang-format off */
#define TINYSDK_FOUR_PIXELS \
  "vldrb.u8 q0, [r9], #64\n" \
  "vldrb.u8 q1, [r9, #-48]\n"

/* Two pixels by a channel's weights. */
#define TINYSDK_FOUR_CHANNEL(dot, weights, from, even, odd) \
  "vldrb.u8 " weights ", [" from "], #16\n" \
  dot ".s8 " even ", " weights ", q0\n" \
  dot ".s8 " odd ", " weights ", q1\n"

#define TINYSDK_FOUR_VECTOR(dot) TINYSDK_FOUR_PIXELS \
  TINYSDK_FOUR_CHANNEL(dot, "q2", "r1", "r0", "r2") \
  TINYSDK_FOUR_CHANNEL(dot, "q3", "r3", "r4", "r6") \
  TINYSDK_FOUR_CHANNEL(dot, "q4", "r5", "r8", "r10") \
  TINYSDK_FOUR_CHANNEL(dot, "q5", "r7", "r12", "lr")
#define TINYSDK_FOUR_VECTOR_BYTES "56"

#define TINYSDK_FOUR_LAST_CHANNEL(weights, even, odd) \
  "vmladava.s8 " even ", " weights ", q0\n" \
  "vmladava.s8 " odd ", " weights ", q1\n"
#define TINYSDK_FOUR_LAST TINYSDK_FOUR_PIXELS \
  "vpstttt\n" \
  "vldrbt.u8 q2, [r1]\n" \
  "vldrbt.u8 q3, [r3]\n" \
  "vldrbt.u8 q4, [r5]\n" \
  "vldrbt.u8 q5, [r7]\n" \
  TINYSDK_FOUR_LAST_CHANNEL("q2", "r0", "r2") TINYSDK_FOUR_LAST_CHANNEL("q3", "r4", "r6") \
  TINYSDK_FOUR_LAST_CHANNEL("q4", "r8", "r10") TINYSDK_FOUR_LAST_CHANNEL("q5", "r12", "lr")

/* All groups: first their even pairs of pixels, then the odd ones. */
static __attribute__((naked, noinline, used)) void
tinysdk_mve_multiply_four(__attribute__((unused)) const tinysdk_mve_four *four) {
  __asm__("push {r4-r11, lr}\n"
          "vpush {d8-d11}\n"
          "sub sp, sp, #36\n"
          "ldm r0, {r1-r8}\n"
          "stm sp, {r1-r4}\n"
          "mov r9, r5\n"
          "add r10, r6, #15\n"
          "lsr r10, r10, #4\n"        /* vectors */
          "sub r10, r10, #1\n"
          "sub r6, r6, r10, lsl #4\n" /* lanes of the last one */
          "vctp.8 r6\n"
          "add r11, r1, r10, lsl #4\n"
          "rsb r10, r10, #1\n"
          "and r10, r10, #3\n"        /* vectors that the loop is short of a multiple of four */
          "adr r12, 2f\n"
          "mov r6, #" TINYSDK_FOUR_VECTOR_BYTES "\n"
          "mla r12, r10, r6, r12\n"
          "add r12, r12, #1\n"
          "add r8, r7, r8, lsl #4\n"
          "strd r11, r12, [sp, #16]\n"
          "strd r7, r8, [sp, #24]\n"
          "str r0, [sp, #32]\n"
          "b 1f\n"
          ".p2align 2\n"
          "1:\n"
          "ldm sp, {r1, r3, r5, r7, r11}\n"
          TINYSDK_FOUR_VECTOR("vmladav")
          "ldr pc, [sp, #20]\n"
          ".p2align 2\n"
          "2:\n"
          TINYSDK_FOUR_VECTOR("vmladava") TINYSDK_FOUR_VECTOR("vmladava")
          TINYSDK_FOUR_VECTOR("vmladava") TINYSDK_FOUR_VECTOR("vmladava")
          "cmp r1, r11\n"
          "bne 2b\n"
          TINYSDK_FOUR_LAST
          "ldrd r1, r3, [sp, #24]\n"
          "strd r0, r2, [r1], #16\n"
          "strd r4, r6, [r1, #240]\n"
          "strd r8, r10, [r1, #496]\n"
          "strd r12, lr, [r1, #752]\n"
          "str r1, [sp, #24]\n"
          "cmp r1, r3\n"
          "bne 1b\n"
          "ldr r0, [sp, #32]\n"
          "cbz r0, 3f\n"
          "ldrd r2, r4, [r0, #16]\n"  /* columns, count */
          "ldr r6, [r0, #24]\n"
          "add r9, r2, #32\n"
          "add r6, r6, #8\n"
          "add r3, r3, #8\n"
          "strd r6, r3, [sp, #24]\n"
          "mov r0, #0\n"
          "str r0, [sp, #32]\n"
          "b 1b\n"
          "3:\n"
          "add sp, sp, #36\n"
          "vpop {d8-d11}\n"
          "pop {r4-r11, pc}\n");
}
/* clang-format on */

#endif
