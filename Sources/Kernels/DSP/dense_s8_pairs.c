#include "dense_groups.h"
#include "dense_outputs.h"
#include "instructions.h"

extern __typeof__(tinysdk_dense_s8) tinysdk_dense_s8_pairs;
int32_t tinysdk_dense_s8_pairs_instructions(const tinysdk_dense_args *args);

/* Outputs that are scaled together. */
#define OUTPUTS 24

void tinysdk_dense_s8_pairs(const tinysdk_dense_args *args, const int8_t *input, const int8_t *weights,
                            const int8_t *trained, const uint16_t *order, const int32_t *bias,
                            const tinysdk_requantization *requantization, int8_t *output, uint8_t *mask) {
  const int32_t inputs = args->in_count, outputs = args->out_count;
  const int32_t pair_bytes = tinysdk_dense_pair_bytes(args);
  (void)trained, (void)order;
  for (int32_t b = 0; b < args->batch; b++, input += inputs) {
    const int8_t *group = weights;
    for (int32_t from = 0, o = 0; from < outputs; from = o) {
      int32_t sums[OUTPUTS];
      while (o < outputs && o - from + 2 * TINYSDK_DENSE_GROUP <= OUTPUTS) {
        const int32_t pairs = tinysdk_dense_group((outputs - o + 1) >> 1);
        tinysdk_multiply_group(input, inputs, group, pairs, sums + (o - from));
        group += pairs * pair_bytes;
        o += 2 * pairs;
      }
      tinysdk_write_dense(args, sums, tinysdk_min(o, outputs) - from, bias ? bias + from : NULL,
                          requantization + from, b * outputs + from, output, mask);
    }
  }
}

int32_t tinysdk_dense_s8_pairs_instructions(const tinysdk_dense_args *args) {
  if (!tinysdk_is_dense_pairable(args))
    return -1;
  const int64_t pairs = tinysdk_dense_pairs(args), quads = (args->in_count + 3) / 4;
  const int64_t groups = (pairs + TINYSDK_DENSE_GROUP - 1) / TINYSDK_DENSE_GROUP;
  return tinysdk_instruction_count(args->batch *
                                   (quads * (pairs * 12 + groups * 11) / 2 + groups * 45 + pairs * 66 + 110));
}
