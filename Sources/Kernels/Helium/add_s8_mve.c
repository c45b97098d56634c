#include "mve_outputs.h"

extern __typeof__(tinysdk_add_s8) tinysdk_add_s8_mve;
int32_t tinysdk_add_s8_mve_instructions(const tinysdk_add_args *args);

#define BLOCK 64

/* How one input is put on the common scale. */
typedef struct {
  int32_t zero;
  int32_t left_shift;
  tinysdk_mve_stage scale;
} rescaling;

static rescaling rescaling_of(const tinysdk_add_args *args, int32_t zero, int32_t multiplier, int32_t shift) {
  rescaling result = {zero, args->left_shift, tinysdk_mve_stage_of(args->rounding, 0, 0, 0)};
  const tinysdk_requantization scale = {multiplier, shift};
  tinysdk_mve_set_scale(&result.scale, 0, scale);
  return result;
}

/* Four inputs, rescaled. */
static inline __attribute__((always_inline)) int32x4_t rescaled(const rescaling *by, const int8_t *input,
                                                                int32_t single) {
  const tinysdk_mve_stage *const scale = &by->scale;
  int32x4_t value = vshlq_r_s32(vaddq_n_s32(vldrbq_s32(input), -by->zero), by->left_shift);
  value = vqshlq_r_s32(value, scale->left);
  if (single)
    return vrshlq_n_s32(vmulhq_s32(value, vdupq_n_s32(scale->multiplier)), scale->right);
  return tinysdk_mve_scaled_tflite(value, scale->multiplier, scale->nudge, scale->right);
}

static inline __attribute__((always_inline)) void
add_block(const rescaling *by, const int8_t *input1, const int8_t *input2, int32_t single, int32_t *sums) {
  for (int32_t i = 0; i < BLOCK; i += 4)
    vstrwq_s32(sums + i,
               vqaddq_s32(rescaled(&by[0], input1 + i, single), rescaled(&by[1], input2 + i, single)));
}

static __attribute__((noinline)) void add_blocks(const rescaling *by, const int8_t *input1,
                                                 const int8_t *input2, int32_t *sums) {
  if (by->scale.single)
    add_block(by, input1, input2, 1, sums);
  else
    add_block(by, input1, input2, 0, sums);
}

/* The same in one multiplication: (input - zero) * 2^shifts. The shifts, 22 together, lose no bit. */
static inline __attribute__((always_inline)) int32x4_t placed(const rescaling *by, const int8_t *input,
                                                              uint32x4_t places, int32_t single) {
  const tinysdk_mve_stage *const scale = &by->scale;
  const int32_t unit = 1 << (by->left_shift + scale->left);
  const int32x4_t value =
      vmlasq_n_s32(vldrbq_gather_offset_s32(input, places), vdupq_n_s32(unit), -by->zero * unit);
  if (single)
    return vrshlq_n_s32(vmulhq_s32(value, vdupq_n_s32(scale->multiplier)), scale->right);
  return tinysdk_mve_scaled_tflite(value, scale->multiplier, scale->nudge, scale->right);
}

/* Whole sixteens, that no buffer holds in between. */
static inline __attribute__((always_inline)) void
add_sixteens(const rescaling by[2], const tinysdk_mve_stage *stage, const int8_t *input1,
             const int8_t *input2, int32_t count, int32_t single, int8_t *output, uint8_t *mask) {
  const rescaling first = by[0], second = by[1];
  const tinysdk_mve_stage own = *stage;
  const uint32x4_t places = vidupq_n_u32(0, 4);
  for (; count > 0; count -= 16, input1 += 16, input2 += 16, output += 16) {
    int32x4x4_t sums;
    for (int32_t i = 0; i < 4; i++)
      sums.val[i] =
          vqaddq_s32(placed(&first, input1 + i, places, single), placed(&second, input2 + i, places, single));
    vstrbq_s8(output, tinysdk_mve_outputs_of(own, sums, single, 0, mask != 0, mask));
    mask += mask ? 2 : 0;
  }
}

static __attribute__((noinline)) void add_whole(const rescaling by[2], const tinysdk_mve_stage *stage,
                                                const int8_t *input1, const int8_t *input2, int32_t count,
                                                int8_t *output, uint8_t *mask) {
  if (stage->single && mask)
    add_sixteens(by, stage, input1, input2, count, 1, output, mask);
  else if (stage->single)
    add_sixteens(by, stage, input1, input2, count, 1, output, 0);
  else if (mask)
    add_sixteens(by, stage, input1, input2, count, 0, output, mask);
  else
    add_sixteens(by, stage, input1, input2, count, 0, output, 0);
}

void tinysdk_add_s8_mve(const tinysdk_add_args *args, const int8_t *input1, const int8_t *input2,
                        int8_t *output, uint8_t *mask) {
  const rescaling by[2] = {
      rescaling_of(args, args->input1_zero, args->input1_multiplier, args->input1_shift),
      rescaling_of(args, args->input2_zero, args->input2_multiplier, args->input2_shift)};
  tinysdk_mve_stage stage =
      tinysdk_mve_stage_of(args->rounding, args->output_zero, args->clamp_min, args->clamp_max);
  const tinysdk_requantization scale = {args->output_multiplier, args->output_shift};
  tinysdk_mve_set_scale(&stage, 0, scale);
  int32_t sums[BLOCK];
  const int32_t whole = stage.left == 0 ? args->count & ~15 : 0;
  add_whole(by, &stage, input1, input2, whole, output, mask);
  for (int32_t first = whole; first < args->count; first += BLOCK) {
    const int32_t count = tinysdk_min(BLOCK, args->count - first);
    if (count == BLOCK) {
      add_blocks(by, input1 + first, input2 + first, sums);
    } else {
      /* The vectors read whole blocks. */
      int8_t rest1[BLOCK] = {0}, rest2[BLOCK] = {0};
      for (int32_t i = 0; i < count; i++) {
        rest1[i] = input1[first + i];
        rest2[i] = input2[first + i];
      }
      add_blocks(by, rest1, rest2, sums);
    }
    tinysdk_mve_write_sums(&stage, sums, count, first, output, mask);
  }
}

int32_t tinysdk_add_s8_mve_instructions(const tinysdk_add_args *args) {
  /* Rescaled inputs keep within 32 bits, as the single rounding's own left shift assumes. */
  if (args->left_shift > 20 || args->input1_shift > 0 || args->input2_shift > 0)
    return -1;
  return args->count * (args->rounding == TINYSDK_ROUNDING_SINGLE ? 4 : 6) + 400;
}
