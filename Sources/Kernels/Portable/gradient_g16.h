/* Gradients as int16 mantissas with one power of two per tensor. */
#ifndef TINYSDK_GRADIENT_H
#define TINYSDK_GRADIENT_H

#include <stdint.h>

typedef int16_t tinysdk_gradient;

/* The bits of a mantissa beside its sign. */
enum { TINYSDK_MANTISSA_BITS = 15 };

#include "gradient_integer.h"

#endif
