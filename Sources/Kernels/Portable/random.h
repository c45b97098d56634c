/* Random bits without a state: a hash of where they are used. */
#ifndef TINYSDK_RANDOM_H
#define TINYSDK_RANDOM_H

#include <stdint.h>

/* Scrambles 32 bits, one to one. The factors are the fractions of the square roots of 2 and 3. */
static inline uint32_t tinysdk_mixed(uint32_t bits) {
  bits = (bits ^ bits >> 16) * 0x6A09E667u;
  bits = (bits ^ bits >> 15) * 0xBB67AE85u;
  return bits ^ bits >> 16;
}

/* What one tensor's random bits of one step begin from. */
static inline uint32_t tinysdk_random_key(const uint32_t *counter, uint32_t stream) {
  return tinysdk_mixed(tinysdk_mixed(tinysdk_mixed(counter[1] + 0x9E3779B9u) ^ counter[0]) + stream);
}

/* Element `index`. Steps by the golden ratio set neighbours far apart before they are mixed. */
static inline uint32_t tinysdk_random(uint32_t key, int32_t index) {
  return tinysdk_mixed(key + (uint32_t)index * 0x9E3779B9u);
}

#endif
