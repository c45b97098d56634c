/* What an image knows of its own learning: a count of evaluated samples, a window over the last training
 * steps, a guard that brings the last good state back, and which samples to replay. Part of the contract in
 * tinysdk_kernels.h.
 *
 * All memory is the caller's, all zero before the first call unless said otherwise. Everything is counted in
 * integers, so that every board counts alike.
 */
#ifndef TINYSDK_LEARNING_H
#define TINYSDK_LEARNING_H

#include "tinysdk_kernels.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- evaluation */

typedef struct {
  int32_t classes;
} tinysdk_confusion_args;

/* counts[label[0] * classes + prediction[0]] += 1, up to 2^32 - 1. Does nothing where one is no class. */
void tinysdk_count_confusion(const tinysdk_confusion_args *args, const int32_t *label,
                             const int32_t *prediction, uint32_t *counts);

/* ---- window */

typedef struct {
  int32_t length; /* training steps, 1 or more */
} tinysdk_window_args;

typedef struct {
  uint64_t loss;  /* sum of the entries' losses, in units of 2^-16 */
  uint32_t wrong; /* how many of the steps predicted another class than the label's */
  uint32_t steps; /* entries in use, at most `length` */
  uint32_t next;  /* the entry that the next step takes */
  uint32_t reserved;
} tinysdk_window;

/* Takes a step into the window, and the oldest one out of a full window. An entry is 2 * q + w with w = 1
 * where wrong[0] is not 0, and q = floor(loss[0] * 65536), at least 0 and at most 2^31 - 1; a NaN counts as
 * the latter. `entries` has `length` elements of any content. */
void tinysdk_window_push(const tinysdk_window_args *args, const float *loss, const int32_t *wrong,
                         tinysdk_window *window, uint32_t *entries);

/* ---- guard */

#define TINYSDK_GUARD_LOSS 0  /* the mean loss of the window's steps */
#define TINYSDK_GUARD_WRONG 1 /* the share of them that predicted another class than the label's */

typedef struct {
  int32_t length;      /* steps of the window */
  int32_t measure;     /* TINYSDK_GUARD_... */
  int32_t worse;       /* in units of 2^-16 of the measure, 0 or more */
  int32_t better;      /* likewise */
  int32_t state_bytes; /* of the trainable state */
} tinysdk_guard_args;

#define TINYSDK_GUARD_NOTHING 0u
#define TINYSDK_GUARD_KEPT 1u
#define TINYSDK_GUARD_RESTORED 2u

typedef struct {
  tinysdk_window window;
  uint64_t good;     /* the measure's sum over the window when the copy was taken */
  uint32_t has_good; /* 0: no window has been full since the copy was taken */
  uint32_t has_copy; /* 0: the next begin takes a copy */
  uint32_t kept;     /* copies taken of a window that was better */
  uint32_t restored; /* copies brought back */
  uint32_t last;     /* what became of the last step: TINYSDK_GUARD_NOTHING, _KEPT, _RESTORED */
  uint32_t reserved;
} tinysdk_guard;

/* Before a step: where there is no copy, takes one, of a state of which nothing is known yet. */
void tinysdk_guard_begin(const tinysdk_guard_args *args, tinysdk_guard *guard, const uint8_t *state,
                         uint8_t *copy);

/* After a step. A loss that is no finite number brings the copy back at once. Otherwise the step goes into
 * the window; with m = the window's sum of losses, or 65536 * its wrong steps:
 *
 *   m > good + worse * length: the state becomes the copy, and the window is emptied. This does not wait for
 * a full window, whose sum cannot be smaller; the window is full, and there is no good one yet or m + better
 * * length <= good: the copy becomes the state, good becomes m; otherwise nothing happens. */
void tinysdk_guard_end(const tinysdk_guard_args *args, const float *loss, const int32_t *wrong,
                       tinysdk_guard *guard, uint32_t *entries, uint8_t *state, uint8_t *copy);

/* ---- replay */

typedef struct {
  int32_t samples; /* slots, 1 to 65535 */
  int32_t classes; /* at most 65535 */
} tinysdk_replay_args;

/* Of each class. All zero, but `slot` anything, before the first call. */
typedef struct {
  uint32_t seen;    /* samples there have been */
  uint32_t stored;  /* of them, in a slot now */
  uint32_t largest; /* 1 once no class had more in a full memory */
  uint32_t recent;  /* how much it came lately: 65536 a new sample, 8192 a replayed one, fading */
} tinysdk_replay_class;

typedef struct {
  uint32_t counter[2]; /* draws so far, and the seed, which no kernel changes */
  uint32_t filled;     /* slots in use: 0 to filled - 1 */
  uint32_t slot;       /* the answer */
} tinysdk_replay;

/* Where a new sample of class label[0] is to be stored: in replay->slot, or nowhere where that is `samples`.
 * Updates everything as if it were stored. Class-balancing reservoir sampling (Chrysakis & Moens, "Online
 * Continual Learning from Imbalanced Data", 2020): while a slot is free, the next one. In a full memory, a
 * sample of a class that has never been the largest takes the place of any sample of the largest class (the
 * first of equals); one of another class takes that of any of its own class, with probability stored / seen,
 * where `seen` counts it. A number below n is drawn as the upper 32 bits of n * R with
 * R = M(M(counter[1] + 0x9E3779B9) ^ counter[0]), M as in tinysdk_update_s8_stochastic; counter[0] grows by 1
 * with each draw. First the decision (below `seen`, which passes when it is below `stored`), where there is
 * one, then which of the class's samples, counted by slot. Before all this each class's `recent` loses
 * recent >> 6, and then the sample's class gains 65536. */
void tinysdk_replay_place(const tinysdk_replay_args *args, const int32_t *label, tinysdk_replay *replay,
                          tinysdk_replay_class *classes, uint16_t *labels);

/* Draws a stored sample of the class that came least lately: of those with a slot, the one with the smallest
 * `recent`, the first of equals, which gains 8192 (above 2^22, all are halved); of its samples any, drawn as
 * above, into replay->slot. `samples` where none is stored. What the new samples leave out is thus replayed,
 * in turn, and a stream of all classes alike replays all alike. */
void tinysdk_replay_draw(const tinysdk_replay_args *args, tinysdk_replay *replay,
                         tinysdk_replay_class *classes, const uint16_t *labels);

#ifdef __cplusplus
}
#endif

#endif
