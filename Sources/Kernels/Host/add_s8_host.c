#include "outputs.h"

extern __typeof__(tinysdk_add_s8) tinysdk_add_s8_host;
int32_t tinysdk_add_s8_host_instructions(const tinysdk_add_args *args);

/* Elements worked on at once; a multiple of eight, so that a block's mask bits are whole bytes. */
#define BLOCK 64

/* Puts eight elements of one input on the common scale of both. */
HOST_INLINE host_s32 rescale(host_s32 raised, int32_t multiplier, int32_t shift, int32_t single) {
  if (shift > 0)
    return single ? host_scale_up_single(raised, multiplier, shift)
                  : host_scale_up_tflite(raised, multiplier, shift);
  return single ? host_scale_down_single(raised, multiplier, -shift)
                : host_scale_down_tflite(raised, multiplier, -shift);
}

/* sums = both inputs on their common scale, added and saturated. */
static void add_block(const tinysdk_add_args *args, const int8_t *input1, const int8_t *input2,
                      int32_t *sums) {
  const int32_t single = args->rounding == TINYSDK_ROUNDING_SINGLE, unit = 1 << args->left_shift;
  for (int32_t i = 0; i < BLOCK; i += HOST_LANES) {
    const host_s32 a = rescale((host_widen_s8(input1 + i) - args->input1_zero) * unit,
                               args->input1_multiplier, args->input1_shift, single);
    const host_s32 b = rescale((host_widen_s8(input2 + i) - args->input2_zero) * unit,
                               args->input2_multiplier, args->input2_shift, single);
    const host_s32 sum = (host_s32)((host_u32)a + (host_u32)b);
    /* Where both have the sign that the sum has not, it left the range. */
    const host_s32 over = ((a ^ sum) & (b ^ sum)) < 0;
    host_store_s32(sums + i, host_select_s32(over, (a >> 31) ^ INT32_MAX, sum));
  }
}

void tinysdk_add_s8_host(const tinysdk_add_args *args, const int8_t *input1, const int8_t *input2,
                         int8_t *output, uint8_t *mask) {
  const tinysdk_output_stage stage = {.multiplier = args->output_multiplier,
                                      .shift = args->output_shift,
                                      .rounding = args->rounding,
                                      .zero = args->output_zero,
                                      .low = args->clamp_min,
                                      .high = args->clamp_max};
  int32_t sums[BLOCK];
  for (int32_t first = 0; first < args->count; first += BLOCK) {
    const int32_t count = tinysdk_min(BLOCK, args->count - first);
    if (count == BLOCK) {
      add_block(args, input1 + first, input2 + first, sums);
    } else {
      int8_t copies[2][BLOCK] = {{0}};
      memcpy(copies[0], input1 + first, (uint32_t)count);
      memcpy(copies[1], input2 + first, (uint32_t)count);
      add_block(args, copies[0], copies[1], sums);
    }
    host_write_sums(&stage, sums, count, first, output, mask);
  }
}

/* About nine vector instructions per input and twenty per output, by eights. */
int32_t tinysdk_add_s8_host_instructions(const tinysdk_add_args *args) {
  return host_instructions((int64_t)args->count * 6);
}
