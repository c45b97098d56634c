/* What the memory protection unit shall let through, independent of its architecture. */
#ifndef TINYSDK_GUARD_H
#define TINYSDK_GUARD_H

#include <stdint.h>

#define TINYSDK_SPANS_MAX 16u

#define TINYSDK_MPU_TYPE 0xE000ED90u
#define TINYSDK_MPU_CONTROL 0xE000ED94u
#define TINYSDK_MPU_NUMBER 0xE000ED98u
#define TINYSDK_MPU_BASE 0xE000ED9Cu
#define TINYSDK_MPU_LIMIT 0xE000EDA0u /* v7-M: attributes and size */
#define TINYSDK_MPU_CONTROL_ENABLE 1u

typedef struct {
  uint32_t start;
  uint32_t end;    /* one past the last byte; 0 is the top of memory */
  uint32_t access; /* TINYSDK_READ | ... */
} tinysdk_span;

/* Writes the board's regions and the runtime's own peripherals to `spans`, neighbours of equal access as one.
 * Returns how many there are. */
uint32_t tinysdk_guard_spans(tinysdk_span spans[TINYSDK_SPANS_MAX]);

uint32_t tinysdk_guard_hardware_regions(void);
void tinysdk_guard_switch_on(void);
/* Says that the unit has too few regions for the board, and ends the program. */
_Noreturn void tinysdk_guard_impossible(void);

#endif
