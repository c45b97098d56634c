#include "finish.h"
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
                                                          int32_t rounding) {
  const operand x1 = operand_of(args, args->input1_zero, args->input1_multiplier, args->input1_shift);
  const operand x2 = operand_of(args, args->input2_zero, args->input2_multiplier, args->input2_shift);
  const tinysdk_requantization scale = {args->output_multiplier, args->output_shift};
  const tinysdk_channel channel = tinysdk_channel_of(0, scale, rounding, args->output_zero, 1 << 29, 0);
  const int32_t plain = tinysdk_is_plain(args->clamp_min, args->clamp_max, mask);
  for (int32_t first = 0; first < args->count; first += 4) {
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

void tinysdk_add_s8_dsp(const tinysdk_add_args *args, const int8_t *input1, const int8_t *input2,
                        int8_t *output, uint8_t *mask) {
  if (args->rounding == TINYSDK_ROUNDING_SINGLE)
    add_all(args, input1, input2, output, mask, TINYSDK_ROUNDING_SINGLE);
  else
    add_all(args, input1, input2, output, mask, TINYSDK_ROUNDING_TFLITE);
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
  return tinysdk_instruction_count((int64_t)args->count * 16);
}
