/* Output channels two at a time from weights in layout `pairs`, four pixels' columns (columns.h) at a time.
 *
 * The sums of a pair are A and C = A + 256 B; C - A = 256 B. Single rounding takes 256 B as it is, with
 * constants for sums that are too large by 2^8. Where a clamp is narrower than int8 or a mask is asked for,
 * values come without the clamp's lower end: unsigned saturation, then an unsigned minimum, and the compare
 * with the clamp's width is the mask's bit. */
#ifndef TINYSDK_DSP_PAIRS_H
#define TINYSDK_DSP_PAIRS_H

#include "columns.h"
#include "layout_pairs.h"

/* How values leave: int8's own range, a narrower clamp, a clamp with a mask. */
#define TINYSDK_TAIL_PLAIN 0
#define TINYSDK_TAIL_CLAMP 1
#define TINYSDK_TAIL_MASK 2

/* What code a pair names, by its place in the table of serve_arm.h. */
#define TINYSDK_PAIR_SHORT 0 /* + words / 2 - 1: rows of up to sixteen words */
#define TINYSDK_PAIR_LONG 8  /* + (words / 2 - 1) % 8: others */
#define TINYSDK_PAIR_MORE_NONE 16
#define TINYSDK_PAIR_MORE_WHOLE 17
#define TINYSDK_PAIR_MORE_HALF 18
#define TINYSDK_PAIR_NONE 19   /* no pair: the run ends */
#define TINYSDK_PAIR_ENDS 20   /* + 2 * how values leave + rounding: any shift */
#define TINYSDK_PAIR_SHIFTS 26 /* + 16 * (rounding is tflite): by shift, those of A, then of B */
#define TINYSDK_PAIR_SHIFT_COUNT 8
#define TINYSDK_PAIR_LEAST_SINGLE 3 /* B's sums are times 2^8 */
#define TINYSDK_PAIR_LEAST_TFLITE 4

/* Laid out for the assembly, which serves all pairs up to the first one that names no code. */
typedef struct {
  const uint32_t *columns;
  const int8_t *weights;
  int32_t start_a;
  int32_t start_c;
  uintptr_t multiply;
  int32_t multiplier_a;
  int32_t addend_a;
  int32_t multiplier_b;
  int32_t addend_b;
  uintptr_t finish_a;
  uintptr_t finish_b;
  int8_t right_a; /* negative where only the general path serves */
  int8_t right_b;
} tinysdk_pair;

/* A run of pairs for four pixels; the assembly copies it to its stack. */
typedef struct {
  int32_t plane;
  int8_t *output;
  const tinysdk_pair *pair;
  const int8_t *rest;  /* the assembly's own: the weights still to read */
  const uint32_t *end; /* of the columns */
  uintptr_t more;      /* code behind the first words */
  uint32_t range;      /* the clamp's width, in every byte */
  uint32_t low;        /* its lower end, likewise */
  uint8_t *mask;       /* its nibbles are those of elements that are multiples of four */
  int32_t element;
  int32_t tail; /* how values leave */
  int32_t rounding;
} tinysdk_pair_run;

/* Runs, or for NULL returns where the code lies that pairs name. */
typedef const int16_t *tinysdk_pair_server(const tinysdk_pair_run *run);
/* sums[0..3] += first channel, sums[4..7] += first + 256 * second channel; quads >= 1. */
typedef void tinysdk_pair_multiplier(const uint32_t *x, const int8_t *packed, int32_t quads, int32_t *sums);

#if defined(__ARM_FEATURE_DSP) && defined(__thumb__) && defined(__ARM_FP)
#include "pairs_arm.h"
#else
#include "pairs_host.h"
#endif

/* A layer, its constants in scratch. */
typedef struct {
  const tinysdk_conv2d_args *args;
  tinysdk_pair_server *serve;
  tinysdk_pair_multiplier *multiply;
  const int8_t *weights;
  const int32_t *bias;
  const tinysdk_requantization *requantization;
  tinysdk_pair *pairs;
  int32_t taps;
  int32_t tail;
  int32_t aligned;        /* whether the assembly may serve whole blocks */
  int32_t runnable;       /* the first pair that it does not serve */
  int32_t uniform;        /* whether there is none */
  const int16_t *entries; /* of the code that pairs name */
  int8_t *output;
  uint8_t *mask;
  tinysdk_pair_run run;
} tinysdk_paired_layer;

static inline tinysdk_pair tinysdk_pair_of(const tinysdk_paired_layer *layer, int32_t o) {
  const tinysdk_conv2d_args *const args = layer->args;
  const int32_t single = args->rounding == TINYSDK_ROUNDING_SINGLE;
  const int32_t zero = args->output_zero - (layer->tail == TINYSDK_TAIL_PLAIN ? 0 : args->clamp_min);
  const int32_t bias_a = layer->bias ? layer->bias[o] : 0, bias_b = layer->bias ? layer->bias[o + 1] : 0;
  const tinysdk_channel a =
      tinysdk_channel_of(bias_a, layer->requantization[o], args->rounding, zero, TINYSDK_PAIR_PRODUCTS, 0);
  const tinysdk_channel b = tinysdk_channel_of(bias_b, layer->requantization[o + 1], args->rounding, zero,
                                               TINYSDK_PAIR_PRODUCTS, single ? 8 : 0);
  const int32_t fits = b.start > -TINYSDK_PAIR_BIAS && b.start < TINYSDK_PAIR_BIAS;
  const tinysdk_pair pair = {.start_a = a.start,
                             .start_c = (int32_t)((uint32_t)a.start + ((uint32_t)b.start << 8)),
                             .multiplier_a = a.multiplier,
                             .addend_a = a.addend,
                             .multiplier_b = b.multiplier,
                             .addend_b = b.addend,
                             .right_a = (int8_t)a.right,
                             .right_b = (int8_t)(fits ? b.right : -1)};
  return pair;
}

/* The code of the pair's two endings: both by their shifts, or one for any. */
static inline void tinysdk_name_endings(const tinysdk_paired_layer *layer, tinysdk_pair *pair) {
  const int32_t single = layer->args->rounding == TINYSDK_ROUNDING_SINGLE;
  const int32_t least = single ? TINYSDK_PAIR_LEAST_SINGLE : TINYSDK_PAIR_LEAST_TFLITE;
  const int32_t table = TINYSDK_PAIR_SHIFTS + (single ? 0 : 2 * TINYSDK_PAIR_SHIFT_COUNT);
  const int32_t a = pair->right_a - least, b = pair->right_b - least - (single ? 8 : 0);
  const int32_t usual =
      (uint32_t)a < TINYSDK_PAIR_SHIFT_COUNT && (uint32_t)b < TINYSDK_PAIR_SHIFT_COUNT && layer->tail == 0;
  const int32_t any = TINYSDK_PAIR_ENDS + 2 * layer->tail + layer->args->rounding;
  pair->finish_a = tinysdk_pair_code(layer->entries, usual ? table + a : any);
  pair->finish_b = tinysdk_pair_code(layer->entries, usual ? table + TINYSDK_PAIR_SHIFT_COUNT + b : any);
}

/* What is the same for all blocks; returns the code that starts a pair. */
static inline uintptr_t tinysdk_prepare_run(tinysdk_paired_layer *layer, const uint32_t *columns) {
  const tinysdk_conv2d_args *const args = layer->args;
  const int32_t words = tinysdk_pair_words(layer->taps), brief = words <= 16;
  const int32_t first = (words / 2 - 1) & 7, eights = brief ? 0 : (words - 1) / 8;
  const int32_t more = eights == 0  ? TINYSDK_PAIR_MORE_NONE
                       : eights % 2 ? TINYSDK_PAIR_MORE_HALF
                                    : TINYSDK_PAIR_MORE_WHOLE;
  const tinysdk_pair_run run = {.plane = tinysdk_out_plane(args),
                                .pair = layer->pairs,
                                .end = columns + 4 * words,
                                .more = tinysdk_pair_code(layer->entries, more),
                                .range = (uint32_t)(args->clamp_max - args->clamp_min) * 0x01010101u,
                                .low = ((uint32_t)args->clamp_min & 0xFFu) * 0x01010101u,
                                .mask = layer->mask,
                                .tail = layer->tail,
                                .rounding = args->rounding};
  layer->run = run;
  return tinysdk_pair_code(layer->entries, first + (brief ? TINYSDK_PAIR_SHORT : TINYSDK_PAIR_LONG));
}

/* Pairs and the one that ends their runs. */
static inline int32_t tinysdk_pair_room(const tinysdk_conv2d_args *args) {
  return args->out_channels / 2 + 1;
}

/* Fills in the constants; the columns lie behind them. */
static inline void tinysdk_prepare_pairs(tinysdk_paired_layer *layer) {
  const tinysdk_conv2d_args *const args = layer->args;
  const int32_t pairs = args->out_channels / 2, row = tinysdk_pair_words(layer->taps) * 4;
  const int32_t whole = args->clamp_min == -128 && args->clamp_max == 127;
  const uint32_t *const columns = (const uint32_t *)(layer->pairs + tinysdk_pair_room(args));
  layer->tail = layer->mask ? TINYSDK_TAIL_MASK : whole ? TINYSDK_TAIL_PLAIN : TINYSDK_TAIL_CLAMP;
  layer->entries = layer->serve(NULL);
  const uintptr_t start = tinysdk_prepare_run(layer, columns);
  const uintptr_t none = tinysdk_pair_code(layer->entries, TINYSDK_PAIR_NONE);
  /* The assembly loads whole words, and writes nibbles that do not cross bytes. */
  layer->aligned =
      ((uintptr_t)layer->weights & 3) == 0 && (layer->mask == NULL || tinysdk_out_plane(args) % 4 == 0);
  layer->runnable = pairs;
  for (int32_t i = 0; i < pairs; i++) {
    tinysdk_pair *const pair = layer->pairs + i;
    *pair = tinysdk_pair_of(layer, 2 * i);
    pair->columns = columns;
    pair->weights = layer->weights + i * row;
    pair->multiply = (pair->right_a | pair->right_b) < 0 ? none : start;
    tinysdk_name_endings(layer, pair);
    if ((pair->right_a | pair->right_b) < 0)
      layer->runnable = tinysdk_min(layer->runnable, i);
  }
  layer->pairs[pairs] = (tinysdk_pair){.multiply = none};
  layer->uniform = layer->aligned && pairs > 0 && layer->runnable == pairs && args->out_channels % 2 == 0;
}

/* One pair by the general path. */
static __attribute__((noinline, unused)) void
tinysdk_convolve_pair_exactly(const tinysdk_paired_layer *layer, int32_t o, int32_t count, int32_t first) {
  const int32_t words = tinysdk_pair_words(layer->taps);
  int32_t sums[8] = {0};
  layer->multiply((const uint32_t *)(layer->pairs + tinysdk_pair_room(layer->args)),
                  layer->weights + o / 2 * words * 4, words / 2, sums);
  for (int32_t p = 0; p < 4; p++)
    sums[4 + p] = (int32_t)((uint32_t)sums[4 + p] - (uint32_t)sums[p]) >> 8;
  for (int32_t i = 0; i < 2 && o + i < layer->args->out_channels; i++)
    tinysdk_finish_exactly(layer->args, sums + 4 * i, layer->bias ? layer->bias[o + i] : 0,
                           layer->requantization[o + i], count, first + i * tinysdk_out_plane(layer->args),
                           layer->output, layer->mask);
}

/* The pair that the assembly stops at, seen from pair `from` on. */
static inline int32_t tinysdk_next_exact_pair(const tinysdk_paired_layer *layer, int32_t from) {
  const int32_t pairs = layer->args->out_channels / 2;
  if (from <= layer->runnable)
    return layer->runnable;
  while (from < pairs && (layer->pairs[from].right_a | layer->pairs[from].right_b) >= 0)
    from++;
  return from;
}

/* All output channels of a block, those of the general path among them. */
static __attribute__((noinline, unused)) void tinysdk_convolve_mixed_pairs(const tinysdk_paired_layer *layer,
                                                                           int32_t count, int32_t first) {
  const int32_t outputs = layer->args->out_channels, pairs = outputs / 2, plane = layer->run.plane;
  const int32_t whole = count == TINYSDK_PIXELS && layer->aligned && (layer->mask == NULL || first % 4 == 0);
  tinysdk_pair_run run = layer->run;
  for (int32_t i = 0; 2 * i < outputs; i++) {
    const int32_t end = whole ? tinysdk_next_exact_pair(layer, i) : i;
    if (i < end) {
      run.pair = layer->pairs + i;
      run.element = first + 2 * i * plane;
      run.output = layer->output + run.element;
      layer->serve(&run);
      i = end;
    }
    if (i < pairs || outputs % 2)
      tinysdk_convolve_pair_exactly(layer, 2 * i, count, first + 2 * i * plane);
  }
}

/* All output channels of a block; `first` is its element in the first one. */
static inline void tinysdk_convolve_pairs(tinysdk_paired_layer *layer, int32_t count, int32_t first) {
  if (count != TINYSDK_PIXELS || !layer->uniform || (layer->mask && first % 4 != 0)) {
    tinysdk_convolve_mixed_pairs(layer, count, first);
    return;
  }
  layer->run.output = layer->output + first;
  layer->run.element = first;
  layer->serve(&layer->run);
}

/* Hundredths of instructions or of modelled cycles. */
typedef struct {
  int32_t word;         /* a word of a row, four pixels */
  int32_t row;          /* a row and both its endings, without words */
  int32_t lengthy;      /* a row of more than sixteen words, more */
  int32_t more;         /* sixteen words of it, more */
  int32_t twice;        /* both endings in TFLite's rounding, more */
  int32_t clamped;      /* both endings with a clamp, more */
  int32_t exact_word;   /* a word of the general path */
  int32_t widened_quad; /* of four pixels' columns */
  int32_t gathered;     /* an instruction that gathers windows */
  int32_t other;        /* an instruction outside of loops */
} tinysdk_pair_costs;

/* What `blocks` whole blocks and `rest` others cost, without their columns. */
static inline int64_t tinysdk_pair_cost(const tinysdk_conv2d_args *args, const tinysdk_pair_costs *costs,
                                        int64_t blocks, int64_t rest) {
  const int32_t words = tinysdk_pair_words(tinysdk_pair_taps(args)), pairs = args->out_channels / 2;
  const int32_t whole = args->clamp_min == -128 && args->clamp_max == 127;
  const int64_t pair = costs->word * words + (words > 16 ? costs->lengthy + words / 16 * costs->more : 0) +
                       costs->row + (args->rounding == TINYSDK_ROUNDING_SINGLE ? 0 : costs->twice) +
                       (whole ? 0 : costs->clamped);
  const int64_t exact = costs->exact_word * words + 220 * costs->other;
  return (pairs * 110 * costs->other +
          blocks * (pairs * pair + 40 * costs->other + args->out_channels % 2 * exact) +
          rest * (args->out_channels + 1) / 2 * exact) /
         100;
}

#endif
