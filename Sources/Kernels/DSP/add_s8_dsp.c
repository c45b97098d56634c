#include "add_fours.h"
#include "instructions.h"

extern __typeof__(tinysdk_add_s8) tinysdk_add_s8_dsp;
int32_t tinysdk_add_s8_dsp_instructions(const tinysdk_add_args *args);

/* One input on the common scale. single: the value is shifted so far up that one SMMLAR takes its product's
 * upper half. tflite: SMMLAR of twice the value, then the rounding shift of finish.h, which nothing (`sign`
 * 0) remains of where it shifts by 0. */
typedef struct {
  int32_t zero;
  int32_t up;
  int32_t multiplier;
  int32_t half;
  int32_t sign;
  int32_t right;
} operand;

static operand operand_of(const tinysdk_add_args *args, int32_t zero, int32_t multiplier, int32_t shift) {
  const int32_t single = args->rounding == TINYSDK_ROUNDING_SINGLE, up = args->left_shift + 1;
  const operand result = {.zero = zero,
                          .up = single ? up + shift : up,
                          .multiplier = multiplier,
                          .half = shift < 0 ? 1 << (-shift - 1) : 0,
                          .sign = shift < 0 ? -1 : 0,
                          .right = -shift};
  return result;
}

/* sum + the input. `rounding` is a constant where this is inlined. */
static inline int32_t add_operand(const operand *x, int32_t value, int32_t sum, int32_t rounding) {
  const int32_t raised = (value - x->zero) * (1 << x->up);
  if (rounding == TINYSDK_ROUNDING_SINGLE)
    return tinysdk_smmlar(raised, x->multiplier, sum);
  const int32_t product = tinysdk_smmlar(raised, x->multiplier, x->half);
  return sum + ((product + (raised >> 31 & x->sign)) >> x->right);
}

static inline int32_t signed_byte(uint32_t word, int32_t index) {
  return (int8_t)(uint8_t)(word >> (8 * index));
}

static inline __attribute__((always_inline)) void add_all(const tinysdk_add_args *args, const int8_t *input1,
                                                          const int8_t *input2, int8_t *output, uint8_t *mask,
                                                          int32_t rounding, int32_t from) {
  const operand x1 = operand_of(args, args->input1_zero, args->input1_multiplier, args->input1_shift);
  const operand x2 = operand_of(args, args->input2_zero, args->input2_multiplier, args->input2_shift);
  const tinysdk_requantization scale = {args->output_multiplier, args->output_shift};
  const tinysdk_channel channel = tinysdk_channel_of(0, scale, rounding, args->output_zero, 1 << 29, 0);
  const int32_t plain = tinysdk_is_plain(args->clamp_min, args->clamp_max, mask);
  for (int32_t first = from; first < args->count; first += 4) {
    const int32_t count = tinysdk_min(4, args->count - first);
    const uint32_t a =
        count == 4 ? tinysdk_load_word(input1 + first) : tinysdk_load_tail(input1 + first, count);
    const uint32_t b =
        count == 4 ? tinysdk_load_word(input2 + first) : tinysdk_load_tail(input2 + first, count);
    int32_t values[4];
    for (int32_t i = 0; i < 4; i++) {
      const int32_t sum = add_operand(&x1, signed_byte(a, i), 0, rounding);
      values[i] = tinysdk_finish(add_operand(&x2, signed_byte(b, i), sum, rounding), &channel, rounding);
    }
    if (plain && count == 4)
      tinysdk_store_word(output + first, tinysdk_saturate_bytes(values[0], values[1], values[2], values[3]));
    else
      tinysdk_write_outputs(values, count, args->clamp_min, args->clamp_max, first, output, mask);
  }
}

/* Whether the input's part is half its value on the common scale, exactly. */
static int32_t is_exact(int32_t multiplier, int32_t shift) {
  return multiplier == 1 << 30 && shift == 0;
}

static int32_t is_quick(const tinysdk_add_args *args) {
  const int32_t first = is_exact(args->input1_multiplier, args->input1_shift);
  const int32_t second = is_exact(args->input2_multiplier, args->input2_shift);
  if (!tinysdk_is_plain(args->clamp_min, args->clamp_max, NULL) || (!first && !second))
    return 0;
  if (args->rounding == TINYSDK_ROUNDING_SINGLE)
    return args->left_shift >= 8 && args->left_shift <= 20;
  return args->left_shift == 20 && (first ? args->input2_shift : args->input1_shift) < 0;
}

static uint32_t zeros_of(int32_t zero) {
  return ((uint32_t)zero & 0xFFu) * 0x01000100u;
}

/* All whole fours; returns how many elements those are. */
static int32_t add_quickly(const tinysdk_add_args *args, const int8_t *input1, const int8_t *input2,
                           int8_t *output, uint8_t *mask) {
  const int32_t first = is_exact(args->input1_multiplier, args->input1_shift), whole = args->count & ~3;
  const int32_t single = args->rounding == TINYSDK_ROUNDING_SINGLE;
  const tinysdk_requantization scale = {args->output_multiplier, args->output_shift};
  const tinysdk_channel channel = tinysdk_channel_of(0, scale, args->rounding, args->output_zero, 1 << 29, 0);
  const int32_t right = 22 - args->left_shift - (first ? args->input2_shift : args->input1_shift);
  const tinysdk_add_constants constants = {
      .high_bytes = 0xFF00FF00u,
      .zero = zeros_of(first ? args->input2_zero : args->input1_zero),
      .multiplier = first ? args->input2_multiplier : args->input1_multiplier,
      .half = (1 << (right - 1)) + (single ? 0 : 2),
      .exact_zero = zeros_of(first ? args->input1_zero : args->input2_zero),
      .right = right,
      .exact_factor = 1 << (args->left_shift - 8),
      .out_multiplier = channel.multiplier,
      .out_addend = channel.addend,
      .out_right = channel.right,
      .mask = mask,
      .base = output,
      .end = output + whole};
  const int8_t *const exact = first ? input1 : input2, *const other = first ? input2 : input1;
  if (whole > 0 && single)
    tinysdk_add_fours_single(exact, other, output, &constants);
  else if (whole > 0)
    tinysdk_add_fours_tflite(exact, other, output, &constants);
  return whole;
}

void tinysdk_add_s8_dsp(const tinysdk_add_args *args, const int8_t *input1, const int8_t *input2,
                        int8_t *output, uint8_t *mask) {
  const int32_t done = is_quick(args) ? add_quickly(args, input1, input2, output, mask) : 0;
  if (args->rounding == TINYSDK_ROUNDING_SINGLE)
    add_all(args, input1, input2, output, mask, TINYSDK_ROUNDING_SINGLE, done);
  else
    add_all(args, input1, input2, output, mask, TINYSDK_ROUNDING_TFLITE, done);
}

static int32_t is_served(const tinysdk_add_args *args, int32_t shift) {
  return shift <= 0 && shift >= -20 && args->left_shift + 1 + shift >= 0;
}

int32_t tinysdk_add_s8_dsp_instructions(const tinysdk_add_args *args) {
  const tinysdk_requantization scale = {args->output_multiplier, args->output_shift};
  const tinysdk_channel channel = tinysdk_channel_of(0, scale, args->rounding, args->output_zero, 1 << 29, 0);
  if (args->left_shift > 20 || channel.right < 0 || !is_served(args, args->input1_shift) ||
      !is_served(args, args->input2_shift))
    return -1;
  const int32_t single = args->rounding == TINYSDK_ROUNDING_SINGLE;
  const int32_t each = is_quick(args) ? (single ? 12 : 16) : single ? 27 : 41;
  return tinysdk_instruction_count((int64_t)args->count * each + 100);
}
