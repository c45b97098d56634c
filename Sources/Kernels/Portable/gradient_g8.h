/* Gradients as int8 mantissas with one power of two per tensor. */
#ifndef TINYSDK_GRADIENT_H
#define TINYSDK_GRADIENT_H

#include <stdint.h>

typedef int8_t tinysdk_gradient;

/* The bits of a mantissa beside its sign. */
enum { TINYSDK_MANTISSA_BITS = 7 };

#include "gradient_integer.h"

#endif
