#include "draw.h"

static int32_t largest_class(const tinysdk_replay_args *args, const tinysdk_replay_class *classes) {
  int32_t largest = 0;
  for (int32_t i = 1; i < args->classes; ++i)
    if (classes[i].stored > classes[largest].stored)
      largest = i;
  return largest;
}

static void mark_largest(const tinysdk_replay_args *args, tinysdk_replay_class *classes) {
  const uint32_t most = classes[largest_class(args, classes)].stored;
  for (int32_t i = 0; i < args->classes; ++i)
    if (classes[i].stored == most)
      classes[i].largest = 1;
}

/* The slot for a sample in a full memory, or `samples`. */
static uint32_t replaced(const tinysdk_replay_args *args, int32_t label, tinysdk_replay *replay,
                         tinysdk_replay_class *classes, const uint16_t *labels) {
  tinysdk_replay_class *own = &classes[label];
  if (own->largest != 0)
    return tinysdk_draw(replay, own->seen) < own->stored ? tinysdk_any_slot(replay, own, label, labels)
                                                         : (uint32_t)args->samples;
  const int32_t largest = largest_class(args, classes);
  return tinysdk_any_slot(replay, &classes[largest], largest, labels);
}

void tinysdk_replay_place(const tinysdk_replay_args *args, const int32_t *label, tinysdk_replay *replay,
                          tinysdk_replay_class *classes, uint16_t *labels) {
  const uint32_t samples = (uint32_t)args->samples;
  for (int32_t i = 0; i < args->classes; ++i)
    classes[i].recent -= classes[i].recent >> 6;
  classes[label[0]].recent += 65536;
  classes[label[0]].seen += 1;
  if (replay->filled < samples) {
    replay->slot = replay->filled++;
  } else {
    replay->slot = replaced(args, label[0], replay, classes, labels);
    if (replay->slot == samples)
      return;
    classes[labels[replay->slot]].stored -= 1;
  }
  labels[replay->slot] = (uint16_t)label[0];
  classes[label[0]].stored += 1;
  if (replay->filled == samples)
    mark_largest(args, classes);
}
