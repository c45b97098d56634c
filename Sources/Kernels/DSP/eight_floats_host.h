/* What the assembly of eight_floats_arm.h computes. */
#ifndef TINYSDK_DSP_EIGHT_FLOATS_HOST_H
#define TINYSDK_DSP_EIGHT_FLOATS_HOST_H

static inline void tinysdk_scale_eights(const float *input, const uint8_t *mask, int32_t blocks, float factor,
                                        float *output) {
  for (int32_t i = 0; i < 8 * blocks; i++)
    output[i] = mask[i / 8] >> (i % 8) & 1 ? input[i] * factor : 0;
}

static inline void tinysdk_scale_plain_eights(const float *input, int32_t blocks, float factor,
                                              float *output) {
  for (int32_t i = 0; i < 8 * blocks; i++)
    output[i] = input[i] * factor;
}

static inline void tinysdk_add_eights(const float *input1, const float *input2, int32_t blocks,
                                      float *output) {
  for (int32_t i = 0; i < 8 * blocks; i++)
    output[i] = input1[i] + input2[i];
}

/* Four channels' sums go on by 4 * quads pixels each. */
static inline void tinysdk_sum_four(const float *const channels[4], int32_t quads, float sums[4]) {
  for (int32_t i = 0; i < 4; i++)
    for (int32_t p = 0; p < 4 * quads; p++)
      sums[i] += channels[i][p];
}

#endif
