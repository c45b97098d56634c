/* Mantissas of g8, eight at a time. */
#ifndef TINYSDK_HOST_MANTISSAS_H
#define TINYSDK_HOST_MANTISSAS_H

#include "gradient_g8.h"
#include "lanes.h"

HOST_INLINE host_s32 host_load_mantissas(const tinysdk_gradient *from) {
  return host_widen_s8(from);
}

HOST_INLINE void host_store_mantissas(tinysdk_gradient *to, host_s32 mantissas) {
  host_narrow_s8(to, mantissas);
}

#endif
