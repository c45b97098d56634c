#include "draw.h"

void tinysdk_replay_draw(const tinysdk_replay_args *args, tinysdk_replay *replay) {
  replay->slot = replay->filled > 0 ? tinysdk_draw(replay, replay->filled) : (uint32_t)args->samples;
}
