#include "mve_mantissas_g8.h"

#include "mve_accumulate_integer.h"

extern __typeof__(tinysdk_accumulate_g8) tinysdk_accumulate_g8_mve;
int32_t tinysdk_accumulate_g8_mve_instructions(const tinysdk_count_args *args);

void tinysdk_accumulate_g8_mve(const tinysdk_count_args *args, const int8_t *input1,
                               const int32_t *input1_exponent, const int8_t *input2,
                               const int32_t *input2_exponent, int8_t *output, int32_t *output_exponent) {
  tinysdk_mve_accumulate_integer(args, input1, input1_exponent, input2, input2_exponent, output,
                                 output_exponent);
}

int32_t tinysdk_accumulate_g8_mve_instructions(const tinysdk_count_args *args) {
  return args->count * 5 + 200;
}
