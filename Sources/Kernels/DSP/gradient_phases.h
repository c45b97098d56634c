/* How the gradient reaches the pixels of a convolution whose windows overlap. Pixels whose positions agree
 * modulo the strides form a phase: one set of taps serves them all, and their windows move along the gradient
 * by one. The gradient's plane lies between margins of zeros. */
#ifndef TINYSDK_DSP_GRADIENT_PHASES_H
#define TINYSDK_DSP_GRADIENT_PHASES_H

#include "../Portable/convolution.h"

typedef struct {
  const tinysdk_conv2d_args *args;
  int32_t above; /* the upper margin */
  int32_t before;
  int32_t rows;
  int32_t words;    /* of a row with its margins */
  int32_t *taps;    /* the kernel's taps, phase by phase ... */
  int32_t *offsets; /* ... and the place of the gradient that each brings to the phase's first pixel */
  int32_t *counts;  /* of taps, for every phase */
} tinysdk_gradient_phases;

/* The largest distance by which a tap lies before the element that it reads, in gradients. */
static inline int32_t tinysdk_margin(int32_t reach, int32_t pad, int32_t stride) {
  return tinysdk_max(0, (reach - pad + stride - 1) / stride);
}

static inline tinysdk_gradient_phases tinysdk_phases_of(const tinysdk_conv2d_args *args) {
  const int32_t down = (args->kernel_height - 1) * args->dilation_y;
  const int32_t across = (args->kernel_width - 1) * args->dilation_x;
  tinysdk_gradient_phases phases = {.args = args,
                                    .above = tinysdk_margin(down, args->pad_top, args->stride_y),
                                    .before = tinysdk_margin(across, args->pad_left, args->stride_x)};
  phases.rows = phases.above + (args->in_height - 1 + args->pad_top) / args->stride_y + 1;
  phases.words = phases.before + (args->in_width - 1 + args->pad_left) / args->stride_x + 1;
  return phases;
}

/* Whether the tap at `reach` serves the elements of phase p, and the place of the first one's gradient. */
static inline int32_t tinysdk_tap_serves(int32_t p, int32_t pad, int32_t reach, int32_t stride,
                                         int32_t margin, int32_t *place) {
  const int32_t distance = p + pad - reach + margin * stride;
  *place = distance / stride;
  return distance % stride == 0;
}

/* Lists the taps of a phase in the kernel's order; returns how many they are. */
static __attribute__((noinline)) int32_t tinysdk_list_taps(const tinysdk_gradient_phases *phases, int32_t py,
                                                           int32_t px, int32_t listed) {
  const tinysdk_conv2d_args *const args = phases->args;
  int32_t count = 0, row, column;
  for (int32_t ky = 0; ky < args->kernel_height; ky++) {
    if (!tinysdk_tap_serves(py, args->pad_top, ky * args->dilation_y, args->stride_y, phases->above, &row))
      continue;
    for (int32_t kx = 0; kx < args->kernel_width; kx++)
      if (tinysdk_tap_serves(px, args->pad_left, kx * args->dilation_x, args->stride_x, phases->before,
                             &column)) {
        phases->taps[listed + count] = ky * args->kernel_width + kx;
        phases->offsets[listed + count] = row * phases->words + column;
        count++;
      }
  }
  return count;
}

static inline int32_t tinysdk_phases_bytes(const tinysdk_gradient_phases *phases) {
  const tinysdk_conv2d_args *const args = phases->args;
  return (2 * tinysdk_taps(args) + args->stride_y * args->stride_x) * (int32_t)sizeof(int32_t);
}

/* Lists all phases' taps in `scratch`; returns what follows them. */
static inline void *tinysdk_list_phases(tinysdk_gradient_phases *phases, void *scratch) {
  const tinysdk_conv2d_args *const args = phases->args;
  phases->taps = scratch;
  phases->offsets = phases->taps + tinysdk_taps(args);
  phases->counts = phases->offsets + tinysdk_taps(args);
  int32_t listed = 0, *count = phases->counts;
  for (int32_t py = 0; py < args->stride_y; py++)
    for (int32_t px = 0; px < args->stride_x; px++, count++) {
      *count = tinysdk_list_taps(phases, py, px, listed);
      listed += *count;
    }
  return count;
}

#endif
