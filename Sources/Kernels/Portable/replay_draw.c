#include "draw.h"

/* The stored class that came least lately, or `classes`. */
static int32_t rarest_class(const tinysdk_replay_args *args, const tinysdk_replay_class *classes) {
  int32_t rarest = args->classes;
  for (int32_t i = 0; i < args->classes; ++i)
    if (classes[i].stored > 0 && (rarest == args->classes || classes[i].recent < classes[rarest].recent))
      rarest = i;
  return rarest;
}

void tinysdk_replay_draw(const tinysdk_replay_args *args, tinysdk_replay *replay,
                         tinysdk_replay_class *classes, const uint16_t *labels) {
  replay->slot = (uint32_t)args->samples;
  const int32_t label = rarest_class(args, classes);
  if (label == args->classes)
    return;
  classes[label].recent += 8192;
  if (classes[label].recent > 1u << 22)
    for (int32_t i = 0; i < args->classes; ++i)
      classes[i].recent >>= 1;
  replay->slot = tinysdk_any_slot(replay, &classes[label], label, labels);
}
