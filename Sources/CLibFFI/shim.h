#pragma once
#include <ffi.h>

/* Swift 6 refuses libffi's global type objects; these hand out their addresses. */
static inline ffi_type *tinysdk_ffi_pointer(void) {
  return &ffi_type_pointer;
}

static inline ffi_type *tinysdk_ffi_void(void) {
  return &ffi_type_void;
}

static inline ffi_type *tinysdk_ffi_int32(void) {
  return &ffi_type_sint32;
}
