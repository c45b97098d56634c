/* What the assembly of window_sums_arm.h computes. */
#ifndef TINYSDK_DSP_WINDOW_SUMS_HOST_H
#define TINYSDK_DSP_WINDOW_SUMS_HOST_H

static inline void tinysdk_sum_windows(tinysdk_strips *strips, int32_t size, int32_t height) {
  const int32_t words = strips->pitch / 4, pairs = size - 1;
  int32_t *output = strips->output, *end = strips->end;
  for (; strips->rows > 0; strips->rows--) {
    for (; output != end; output += 4, strips->input += height * words - strips->back / 4)
      for (int32_t i = 0; i < 4; i++) {
        output[i] = strips->start[i];
        for (int32_t ky = 0; ky < height; ky++)
          output[i] = tinysdk_multiply_window(strips->input + ky * words, strips->weights + ky * pairs, size,
                                              1, i, output[i]);
      }
    end += strips->row_bytes / 4;
    strips->input += strips->next / 4;
  }
}

#endif
