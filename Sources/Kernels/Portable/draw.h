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

/* The slot of any sample of a class that has one. */
static inline uint32_t tinysdk_any_slot(tinysdk_replay *replay, const tinysdk_replay_class *of, int32_t label,
                                        const uint16_t *labels) {
  uint32_t left = tinysdk_draw(replay, of->stored);
  uint32_t slot = 0;
  while (labels[slot] != label || left-- > 0)
    slot += 1;
  return slot;
}

#endif
