/* Numbers drawn one after the other, the same on every board. */
#ifndef TINYSDK_DRAW_H
#define TINYSDK_DRAW_H

#include "random.h"
#include "tinysdk_learning.h"

/* 0 to below - 1. */
static inline uint32_t tinysdk_draw(tinysdk_replay *replay, uint32_t below) {
  const uint32_t bits = tinysdk_mixed(tinysdk_mixed(replay->counter[1] + 0x9E3779B9u) ^ replay->counter[0]);
  replay->counter[0] += 1;
  return (uint32_t)((uint64_t)bits * below >> 32);
}

#endif
