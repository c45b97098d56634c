/* What the assembly of add_fours_arm.h computes. */
#ifndef TINYSDK_DSP_ADD_FOURS_HOST_H
#define TINYSDK_DSP_ADD_FOURS_HOST_H

static inline void tinysdk_add_fours(const int8_t *exact, const int8_t *rounded, int8_t *output,
                                     const tinysdk_add_constants *constants, int32_t rounding) {
  const tinysdk_add_constants c = *constants;
  const tinysdk_channel channel = {0, c.out_multiplier, c.out_addend, c.out_right};
  const int32_t zero = (int16_t)(uint16_t)c.zero, exact_zero = (int16_t)(uint16_t)c.exact_zero;
  for (; output != c.end; exact += 4, rounded += 4, output += 4) {
    int32_t values[4];
    for (int32_t i = 0; i < 4; i++) {
      const int64_t product = (int64_t)c.multiplier * ((rounded[i] * 256 - zero) / 2);
      const int32_t less = rounding == TINYSDK_ROUNDING_TFLITE && product < 0 ? 4 : 0;
      const int32_t other = ((int32_t)(product >> 16) + c.half - less) >> c.right;
      values[i] =
          tinysdk_finish(other + (exact[i] * 256 - exact_zero) / 2 * c.exact_factor, &channel, rounding);
    }
    tinysdk_store_word(output, tinysdk_saturate_bytes(values[0], values[1], values[2], values[3]));
    if (c.mask)
      tinysdk_write_mask(c.mask, (int32_t)(output - c.base), values, 4, -128, 127);
  }
}

static inline void tinysdk_add_fours_single(const int8_t *exact, const int8_t *rounded, int8_t *output,
                                            const tinysdk_add_constants *constants) {
  tinysdk_add_fours(exact, rounded, output, constants, TINYSDK_ROUNDING_SINGLE);
}

static inline void tinysdk_add_fours_tflite(const int8_t *exact, const int8_t *rounded, int8_t *output,
                                            const tinysdk_add_constants *constants) {
  tinysdk_add_fours(exact, rounded, output, constants, TINYSDK_ROUNDING_TFLITE);
}

#endif
