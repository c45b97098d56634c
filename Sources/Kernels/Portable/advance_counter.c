#include "tinysdk_kernels.h"

void tinysdk_advance_counter(const tinysdk_count_args *args, uint32_t *counter) {
  counter[0] += (uint32_t)args->count;
}
