#include "gradient_g16.h"

#include "accumulate_gradient.h"

void tinysdk_accumulate_g16(const tinysdk_count_args *args, const int16_t *input1,
                            const int32_t *input1_exponent, const int16_t *input2,
                            const int32_t *input2_exponent, int16_t *output, int32_t *output_exponent) {
  tinysdk_accumulate_gradient(args, input1, input1_exponent, input2, input2_exponent, output,
                              output_exponent);
}
