#ifndef TINYSDK_DSP_DENSE_GROUPS_HOST_H
#define TINYSDK_DSP_DENSE_GROUPS_HOST_H

static inline void tinysdk_multiply_group(const int8_t *input, int32_t inputs, const int8_t *group,
                                          int32_t pairs, int32_t *sums) {
  tinysdk_multiply_group_plainly(input, inputs, group, pairs, sums);
}

#endif
