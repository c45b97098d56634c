/* The DSP extension's instructions as functions: on Arm the instruction itself, elsewhere its meaning in C.
 */
#ifndef TINYSDK_DSP_SIMD_H
#define TINYSDK_DSP_SIMD_H

#include <stdint.h>
#include <string.h>

#if defined(__ARM_FEATURE_DSP) && defined(__thumb__)
#include "simd_arm.h"
#else
#include "simd_host.h"
#endif

/* Words of bytes, at any address. */
static inline uint32_t tinysdk_load_word(const void *from) {
  uint32_t word;
  memcpy(&word, from, sizeof(word));
  return word;
}

static inline void tinysdk_store_word(void *to, uint32_t word) {
  memcpy(to, &word, sizeof(word));
}

/* Up to three bytes; the rest of the word is zero. */
static inline uint32_t tinysdk_load_tail(const int8_t *from, int32_t count) {
  uint32_t word = 0;
  for (int32_t i = 0; i < count; i++)
    word |= (uint32_t)(uint8_t)from[i] << (8 * i);
  return word;
}

/* Zeros, four words at a time: few of them are not worth a call. */
static inline void tinysdk_clear_fours(void *from, int32_t fours) {
  uint32_t *to = from;
  for (; fours > 0; fours--)
    to = tinysdk_store_four(0, 0, 0, 0, to);
}

#endif
