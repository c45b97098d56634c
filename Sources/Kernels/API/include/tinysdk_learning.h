/* What an image knows of its own learning: a count of evaluated samples, a window over the last training
 * steps, and a guard that brings the last good state back. Part of the contract in tinysdk_kernels.h.
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
 * the window; once that is full, with m = the window's sum of losses, or 65536 * its wrong steps:
 *
 *   no good window yet, or m + better * length <= good: the copy becomes the state, good becomes m;
 *   m > good + worse * length: the state becomes the copy, and the window is emptied;
 *   between them nothing happens. */
void tinysdk_guard_end(const tinysdk_guard_args *args, const float *loss, const int32_t *wrong,
                       tinysdk_guard *guard, uint32_t *entries, uint8_t *state, uint8_t *copy);

#ifdef __cplusplus
}
#endif

#endif
