/* The input gradient of a depthwise convolution, for integer gradients; level_windows_g16.h and
 * write_fours_g16.h or those of g8 come first.
 *
 * It is a convolution of the gradients, widened between margins of zeros, with the kernel turned round. Under
 * stride 2 it falls apart into four (rows and columns of either parity), each with the taps of one parity.
 * A band of rows is computed from copied gradients, so that its outputs may overwrite them. */
#ifndef TINYSDK_DSP_DEPTHWISE_INTEGER_GRADIENT_H
#define TINYSDK_DSP_DEPTHWISE_INTEGER_GRADIENT_H

#include "../Portable/convolution.h"
#include "instructions.h"
#include "narrow_run.h"
#include "window_sums.h"

/* Sums held at a time, if a row is not longer. */
#define TINYSDK_BAND_SUMS 256

/* One direction. Position j of phase p is element stride * j + p; its window starts at gradient j + start[p].
 */
typedef struct {
  int32_t start[2];
  int32_t first_tap[2]; /* the kernel's tap that comes last in the window ... */
  int32_t place[2];     /* ... and where */
} tinysdk_gradient_axis;

typedef struct {
  const tinysdk_conv2d_args *args;
  int32_t size; /* of the windows: 3, 5 or 7 */
  tinysdk_gradient_axis down;
  tinysdk_gradient_axis across;
  int32_t band;  /* rows of a phase at a time */
  int32_t above; /* margins of the buffer: rows, halves */
  int32_t before;
  int32_t height; /* rows of the buffer */
  int32_t words;  /* of such a row */
  int32_t strips; /* per row of a phase */
  uint32_t *rows;
  int32_t *sums;
  int32_t *line; /* sums of the phases of one row, interleaved */
  uint32_t *weights;
  tinysdk_strips phases[4];
  tinysdk_narrowing narrowing;
  tinysdk_levels levels;
  int32_t at_once; /* a plane is one band, and its rows are whole strips of the phases */
  int32_t sixteen; /* planes 4 x 4 in the middle of windows 5 x 5 */
  tinysdk_level_strips level_strips;
} tinysdk_depthwise_gradient;

static inline int32_t tinysdk_window_size(const tinysdk_conv2d_args *args) {
  const int32_t kernel = args->kernel_width;
  return args->stride_x == 1 ? kernel : kernel == 7 ? 5 : 3;
}

static inline tinysdk_gradient_axis tinysdk_axis_of(int32_t stride, int32_t pad, int32_t size) {
  tinysdk_gradient_axis axis;
  for (int32_t p = 0; p < 2; p++) {
    const int32_t tap = stride == 1 ? 0 : (p + pad) & 1;
    axis.first_tap[p] = tap;
    axis.start[p] = (p + pad - tap) / stride - (size - 1);
    axis.place[p] = size - 1;
  }
  return axis;
}

/* Windows are read by words, so both phases must start at even halves. The one of the odd taps has room for
 * one more: its window may start later. */
static inline int32_t tinysdk_align_phases(tinysdk_gradient_axis *across, int32_t stride, int32_t size) {
  const int32_t full = stride == 2 && across->first_tap[0] ? 1 : 0;
  const int32_t before = size - 1 + (across->start[full] & 1);
  if (stride == 2 && ((before + across->start[1 - full]) & 1)) {
    across->start[1 - full]++;
    across->place[1 - full]--;
  }
  return before;
}

static inline tinysdk_depthwise_gradient tinysdk_depthwise_gradient_of(const tinysdk_conv2d_args *args) {
  const int32_t stride = args->stride_x, size = tinysdk_window_size(args);
  tinysdk_depthwise_gradient job = {.args = args,
                                    .size = size,
                                    .down = tinysdk_axis_of(stride, args->pad_top, size),
                                    .across = tinysdk_axis_of(stride, args->pad_left, size)};
  const tinysdk_gradient_axis *const down = &job.down, *const across = &job.across;
  const int32_t last = stride - 1, rows = (args->in_height + stride - 1) / stride;
  job.before = tinysdk_align_phases(&job.across, stride, size);
  job.strips = ((args->in_width + stride - 1) / stride + 3) / 4;
  job.band = tinysdk_clamp(TINYSDK_BAND_SUMS / (4 * job.strips * stride * stride), 1, rows);
  job.above = -tinysdk_min(down->start[0], down->start[last]);
  job.height = job.band + job.above + tinysdk_max(down->start[0], down->start[last]) + size - 1;
  job.words = (job.before + tinysdk_max(across->start[0], across->start[last]) + 4 * job.strips + size) / 2;
  return job;
}

static inline int32_t tinysdk_phase_sums(const tinysdk_depthwise_gradient *job) {
  return job->band * 4 * job->strips;
}

static inline int32_t tinysdk_depthwise_gradient_bytes(const tinysdk_conv2d_args *args) {
  const tinysdk_depthwise_gradient job = tinysdk_depthwise_gradient_of(args);
  const int32_t phases = args->stride_x * args->stride_x;
  return (job.height * job.words + phases * (tinysdk_phase_sums(&job) + job.size * (job.size - 1)) +
          args->in_width) *
         (int32_t)sizeof(uint32_t);
}

/* One kernel row's taps of one phase, turned round, as pairs: the first one comes last in its window. The
 * same places are written for every channel; the others stay zero. */
static inline __attribute__((always_inline)) void
tinysdk_pair_phase_row(const int8_t *from, int32_t taps, int32_t place, int32_t last, uint32_t *pairs) {
  uint32_t before = (uint32_t)from[0];
  if (place < last)
    pairs[place] = before & 0xFFFFu;
#pragma GCC unroll 3
  for (int32_t i = 1; i < taps; i++) {
    const uint32_t tap = (uint32_t)from[2 * i];
    pairs[place - i] = tinysdk_pack_low(tap, before);
    before = tap;
  }
  if (place >= taps)
    pairs[place - taps] = before << 16;
}

static inline __attribute__((always_inline)) void tinysdk_pair_phase_rows(const int8_t *from, int32_t rows,
                                                                          int32_t width, int32_t taps,
                                                                          int32_t place, int32_t last,
                                                                          uint32_t *pairs) {
  for (; rows > 0; rows--, from += 2 * width, pairs -= last)
    tinysdk_pair_phase_row(from, taps, place, last, pairs);
}

static inline void tinysdk_pair_phase(const tinysdk_depthwise_gradient *job, const int8_t *kernel, int32_t py,
                                      int32_t px, uint32_t *pairs) {
  const int32_t width = job->args->kernel_width, last = job->size - 1, place = job->across.place[px];
  const int32_t row = job->down.first_tap[py], column = job->across.first_tap[px];
  const int32_t rows = (width - row + 1) / 2, taps = (width - column + 1) / 2;
  const int8_t *const from = kernel + row * width + column;
  uint32_t *const to = pairs + job->down.place[py] * last;
  if (taps == 4)
    tinysdk_pair_phase_rows(from, rows, width, 4, place, last, to);
  else if (taps == 3)
    tinysdk_pair_phase_rows(from, rows, width, 3, place, last, to);
  else if (taps == 2)
    tinysdk_pair_phase_rows(from, rows, width, 2, place, last, to);
  else
    tinysdk_pair_phase_rows(from, rows, width, 1, place, last, to);
}

static inline void tinysdk_pair_phases(const tinysdk_depthwise_gradient *job, const int8_t *kernel) {
  const int32_t words = job->size * (job->size - 1);
  if (job->args->stride_x == 1)
    tinysdk_pair_turned_weights(kernel, job->size, job->weights);
  else
    for (int32_t phase = 0; phase < 4; phase++)
      tinysdk_pair_phase(job, kernel, phase / 2, phase % 2, job->weights + phase * words);
}

/* The same of rows of whole fours, all of which the windows read. */
static __attribute__((noinline)) void tinysdk_widen_fours(const tinysdk_gradient *from, int32_t rows,
                                                          int32_t fours, int16_t *to, int32_t pitch) {
  if (fours == 1) {
    for (; rows > 0; rows--, from += 4, to += pitch)
      tinysdk_widen_four(from, to);
    return;
  }
  for (pitch -= 4 * fours; rows > 0; rows--, to += pitch)
    for (const tinysdk_gradient *const end = from + 4 * fours; from < end; from += 4, to += 4)
      tinysdk_widen_four(from, to);
}

/* Whole rows of gradients into rows of the buffer. */
static inline void tinysdk_widen_rows(const tinysdk_depthwise_gradient *job, const tinysdk_gradient *from,
                                      int32_t rows, int32_t first) {
  const int32_t width = job->args->out_width, pitch = 2 * job->words;
  const int32_t count = tinysdk_min(width, pitch - job->before);
  int16_t *to = (int16_t *)(job->rows + first * job->words) + job->before;
  if (count == width && width % 4 == 0) {
    tinysdk_widen_fours(from, rows, width / 4, to, pitch);
    return;
  }
  for (; rows > 0; rows--, from += width, to += pitch)
    tinysdk_widen_mantissas(from, count, to);
}

/* Rows `from` ... of the buffer, which lies at row j of the phases. */
static __attribute__((noinline)) void tinysdk_load_band(const tinysdk_depthwise_gradient *job,
                                                        const tinysdk_gradient *plane, int32_t j,
                                                        int32_t from) {
  const tinysdk_conv2d_args *const args = job->args;
  const int32_t top = j - job->above;
  const int32_t first = tinysdk_clamp(-top, from, job->height);
  const int32_t last = tinysdk_clamp(args->out_height - top, first, job->height);
  memset(job->rows + from * job->words, 0, sizeof(uint32_t) * (uint32_t)((first - from) * job->words));
  memset(job->rows + last * job->words, 0, sizeof(uint32_t) * (uint32_t)((job->height - last) * job->words));
  tinysdk_widen_rows(job, plane + (top + first) * args->out_width, last - first, first);
}

/* Rows that the windows of a phase must read: the others' weights are zeros, and lie above. */
static inline int32_t tinysdk_phase_height(const tinysdk_depthwise_gradient *job, int32_t py) {
  const int32_t stride = job->args->stride_x;
  const int32_t rows = (job->args->kernel_height - job->down.first_tap[py] + stride - 1) / stride;
  return tinysdk_window_height(job->size, rows);
}

/* What is the same for all planes. Where a row is one strip, the rows are the strips of one row. */
static inline void tinysdk_start_phases(tinysdk_depthwise_gradient *job) {
  const int32_t size = job->size, pitch = 4 * job->words, stride = job->args->stride_x;
  for (int32_t py = 0; py < stride; py++)
    for (int32_t px = 0; px < stride; px++) {
      const int32_t height = tinysdk_phase_height(job, py), above = size - height;
      job->phases[2 * py + px] =
          (tinysdk_strips){.way = TINYSDK_WAY_SUMS,
                           .back = job->strips == 1 ? (height - 1) * pitch : height * pitch - 8,
                           .row_bytes = 16 * job->strips,
                           .next = pitch - 8 * job->strips,
                           .input = job->rows + (job->above + job->down.start[py] + above) * job->words +
                                    (job->before + job->across.start[px]) / 2,
                           .weights = job->weights + ((2 * py + px) * size + above) * (size - 1),
                           .pitch = pitch};
    }
}

/* Where sums become levels at once, they start from what their levels start from. */
static inline void tinysdk_set_starts(tinysdk_depthwise_gradient *job) {
  const tinysdk_levels levels = job->levels;
  if (job->at_once && job->args->stride_x == 1)
    tinysdk_set_levels(&job->level_strips, levels);
  else if (job->at_once)
    for (int32_t i = 0; i < 4; i++) {
      job->phases[0].start[i] = job->phases[2].start[i] = (int32_t)levels.even;
      job->phases[1].start[i] = job->phases[3].start[i] = (int32_t)levels.odd;
    }
}

/* The same for planes that leave as mantissas at once. */
static inline void tinysdk_start_levels(tinysdk_depthwise_gradient *job) {
  const tinysdk_conv2d_args *const args = job->args;
  const int32_t stride = args->stride_x;
  job->at_once = stride * job->band >= args->in_height && args->in_width == 4 * stride * job->strips;
  job->sixteen = job->at_once && stride == 1 && job->size == 5 && args->in_width == 4 &&
                 args->in_height == 4 && args->out_height == 4 && args->pad_top == 2;
  job->level_strips.strips = job->phases[0];
  job->level_strips.strips.row_bytes = args->in_width * (int32_t)sizeof(tinysdk_gradient);
  tinysdk_set_starts(job);
}

/* The sums of `rows` rows of one phase. */
static inline void tinysdk_sum_phase(tinysdk_depthwise_gradient *job, int32_t phase, int32_t rows) {
  tinysdk_strips *const strips = &job->phases[phase];
  int32_t *const sums = job->sums + phase * tinysdk_phase_sums(job);
  const uint32_t *const input = strips->input;
  strips->output = sums;
  strips->end = sums + 4 * (job->strips == 1 ? rows : job->strips);
  strips->rows = job->strips == 1 ? 1 : rows;
  tinysdk_sum_windows(strips, job->size, tinysdk_phase_height(job, phase / 2));
  strips->input = input;
}

static inline void tinysdk_narrow_rows(tinysdk_depthwise_gradient *job, int32_t rows, int32_t first) {
  const int32_t pitch = 4 * job->strips, whole = job->args->in_width == pitch;
  const int32_t count = whole ? rows * pitch : job->args->in_width;
  const int32_t *sums = job->sums;
  for (int32_t runs = whole ? 1 : rows; runs > 0; runs--, sums += pitch, first += count)
    if (!tinysdk_write_run(&job->narrowing, &job->levels, sums, count, first)) {
      tinysdk_narrow_slowly(&job->narrowing, sums, count, first);
      job->levels = tinysdk_levels_of(&job->narrowing);
    }
}

/* One row through its sums in order, which start from something else than 0. */
static __attribute__((noinline)) void
tinysdk_narrow_line(tinysdk_depthwise_gradient *job, const int32_t *even, const int32_t *odd, int32_t first) {
  const int32_t width = job->args->in_width;
  const uint32_t starts[2] = {(uint32_t)job->phases[0].start[0], (uint32_t)job->phases[1].start[0]};
  for (int32_t x = 0; x < width; x++)
    job->line[x] = (int32_t)((uint32_t)(x & 1 ? odd : even)[x >> 1] - starts[x & 1]);
  tinysdk_narrow_run(&job->narrowing, job->line, width, first);
  job->levels = tinysdk_levels_of(&job->narrowing);
}

/* All rows of a plane whose sums are levels; 0 if not all fit. */
static inline int32_t tinysdk_write_phases(const tinysdk_depthwise_gradient *job, int32_t first) {
  const int32_t width = job->args->in_width, height = job->args->in_height;
  const int32_t phase = tinysdk_phase_sums(job);
  uint32_t excess = 0;
  for (int32_t py = 0; py < tinysdk_min(2, height); py++) {
    const uint32_t *const even = (const uint32_t *)job->sums + 2 * py * phase;
    const tinysdk_interleaved_rows run = {.even = even,
                                          .odd = even + phase,
                                          .to = job->narrowing.output + first + py * width,
                                          .row_bytes = width * (int32_t)sizeof(tinysdk_gradient),
                                          .rows = (height + 1 - py) / 2,
                                          .limits = job->levels.limits,
                                          .shift = job->levels.shift};
    excess |= tinysdk_write_interleaved_rows(&run);
  }
  return excess == 0;
}

static inline void tinysdk_narrow_phases(tinysdk_depthwise_gradient *job, int32_t rows, int32_t first) {
  const int32_t width = job->args->in_width, phase = tinysdk_phase_sums(job);
  if (job->at_once && tinysdk_write_phases(job, first))
    return;
  for (int32_t y = 0; y < rows; y++, first += width) {
    const int32_t *const even = job->sums + (y & 1) * 2 * phase + (y >> 1) * 4 * job->strips;
    const int32_t *const odd = even + phase;
    if (job->at_once || ((width | first) & 3) != 0 ||
        tinysdk_write_interleaved(&job->levels, even, odd, width, job->narrowing.output + first) != 0)
      tinysdk_narrow_line(job, even, odd, first);
  }
}

/* `rows` rows of the plane, whose gradients are loaded. */
static inline void tinysdk_finish_band(tinysdk_depthwise_gradient *job, int32_t rows, int32_t first) {
  if (job->args->stride_y == 1) {
    tinysdk_sum_phase(job, 0, rows);
    tinysdk_narrow_rows(job, rows, first);
    return;
  }
  for (int32_t phase = 0; phase < 4; phase++)
    if (rows > phase / 2)
      tinysdk_sum_phase(job, phase, (rows + 1 - phase / 2) / 2);
  tinysdk_narrow_phases(job, rows, first);
}

/* A whole plane, if all of it fits. */
static inline int32_t tinysdk_level_plane(tinysdk_depthwise_gradient *job, int32_t first) {
  const int32_t width = job->args->in_width, height = job->args->in_height, one = job->strips == 1;
  tinysdk_strips *const strips = &job->level_strips.strips;
  tinysdk_gradient *const to = job->narrowing.output + first;
  strips->output = to;
  strips->end = to + (one ? height : 1) * width;
  strips->rows = one ? 1 : height;
  strips->input = job->phases[0].input;
  if (job->sixteen)
    return tinysdk_level_sixteen_5(&job->level_strips) == 0;
  return tinysdk_level_windows(&job->level_strips, job->size) == 0;
}

/* `first` is the channel's first element. */
static inline void tinysdk_depthwise_gradient_plane(tinysdk_depthwise_gradient *job,
                                                    const tinysdk_gradient *plane, int32_t first) {
  const tinysdk_conv2d_args *const args = job->args;
  const int32_t most = args->stride_y * job->band, kept = job->height - job->band;
  if (most >= args->in_height) {
    const int32_t shift = job->narrowing.shift;
    /* One band: nothing but zeros was ever in the margins. */
    tinysdk_widen_rows(job, plane, tinysdk_min(args->out_height, job->height - job->above), job->above);
    if (job->at_once && args->stride_x == 1 && tinysdk_level_plane(job, first))
      return;
    tinysdk_finish_band(job, args->in_height, first);
    if (job->narrowing.shift != shift)
      tinysdk_set_starts(job);
    return;
  }
  for (int32_t y = 0, j = 0; y < args->in_height; y += most, j += job->band) {
    if (j > 0)
      memmove(job->rows, job->rows + job->band * job->words,
              sizeof(uint32_t) * (uint32_t)(kept * job->words));
    tinysdk_load_band(job, plane, j, j > 0 ? kept : 0);
    tinysdk_finish_band(job, tinysdk_min(most, args->in_height - y), first + y * args->in_width);
  }
}

static inline void tinysdk_depthwise_integer_gradient(const tinysdk_conv2d_args *args,
                                                      const tinysdk_gradient *gradient,
                                                      const int32_t *gradient_exponent, const int8_t *weights,
                                                      const int8_t *trained, const uint16_t *order,
                                                      tinysdk_gradient *input_gradient,
                                                      int32_t *input_gradient_exponent, void *scratch) {
  const int32_t taps = tinysdk_taps(args), phases = args->stride_x * args->stride_x;
  const int32_t in_plane = tinysdk_in_plane(args), out_plane = tinysdk_out_plane(args);
  tinysdk_depthwise_gradient job = tinysdk_depthwise_gradient_of(args);
  job.rows = scratch;
  job.sums = (int32_t *)(job.rows + job.height * job.words);
  job.line = job.sums + phases * tinysdk_phase_sums(&job);
  job.weights = (uint32_t *)(job.line + args->in_width);
  job.narrowing = tinysdk_narrow_start(input_gradient, TINYSDK_MANTISSA_BITS);
  job.levels = tinysdk_levels_of(&job.narrowing);
  memset(scratch, 0, (uint32_t)tinysdk_depthwise_gradient_bytes(args));
  tinysdk_start_phases(&job);
  tinysdk_start_levels(&job);
  for (int32_t b = 0; b < args->batch; b++) {
    tinysdk_split split =
        tinysdk_split_start(weights, trained, order, args->trained_channels, args->in_channels);
    for (int32_t c = 0; c < args->in_channels; c++) {
      const tinysdk_place place = tinysdk_split_next(&split, c);
      const int32_t channel = b * args->in_channels + c;
      tinysdk_pair_phases(&job, place.base + place.own * taps);
      tinysdk_depthwise_gradient_plane(&job, gradient + channel * out_plane, channel * in_plane);
    }
  }
  input_gradient_exponent[0] = gradient_exponent[0] + job.narrowing.shift;
}

static inline int32_t tinysdk_depthwise_gradient_instructions(const tinysdk_conv2d_args *args) {
  const int32_t kernel = args->kernel_width, stride = args->stride_x;
  if (args->weight_zero != 0 || args->out_channels != args->in_channels || args->dilation_x != 1 ||
      args->dilation_y != 1 || (kernel != 3 && kernel != 5 && kernel != 7) || args->kernel_height != kernel ||
      (stride != 1 && stride != 2) || args->stride_y != stride || args->pad_top >= kernel ||
      args->pad_left >= kernel)
    return -1;
  const tinysdk_depthwise_gradient job = tinysdk_depthwise_gradient_of(args);
  const int32_t size = job.size, row = size == 3 ? 11 : size == 5 ? 16 : 22;
  const int64_t planes = (int64_t)args->batch * args->in_channels;
  const int64_t strips = (int64_t)args->in_height * job.strips * stride;
  const int64_t bands = (args->in_height + job.band * stride - 1) / (job.band * stride);
  return tinysdk_instruction_count(
      planes * (strips * (size * row + 12) + (int64_t)tinysdk_in_plane(args) * (stride == 1 ? 6 : 10) +
                (int64_t)tinysdk_out_plane(args) * 2 + args->out_height * 15 +
                bands * (100 + 60 * stride * stride) + 60 + tinysdk_taps(args) * (stride == 1 ? 5 : 9)));
}

#endif
