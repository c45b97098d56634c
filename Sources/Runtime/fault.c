/* Processor faults end the program with one line that says what happened, where, and which memory was missed.
 */
#include <stddef.h>

#include "semihosting.h"
#include "text.h"
#include "tinysdk.h"
#include "tinysdk_platform.h"
#include "tinysdk_protocol.h"

#define MPU_CONTROL 0xE000ED94u
#define FAULT_STATUS 0xE000ED28u /* CFSR: MemManage, BusFault and UsageFault in one word */
#define HARD_FAULT_STATUS 0xE000ED2Cu
#define MEMORY_FAULT_ADDRESS 0xE000ED34u
#define BUS_FAULT_ADDRESS 0xE000ED38u

#define STATUS_MEMORY_STACKING (1u << 4)
#define STATUS_MEMORY_ADDRESS_VALID (1u << 7)
#define STATUS_BUS_STACKING (1u << 12)
#define STATUS_BUS_ADDRESS_VALID (1u << 15)

void tinysdk_fault_entry(void);
_Noreturn void tinysdk_fault_report(const uint32_t *frame, uint32_t exception);

/* A stack that has just run over is of no use to the report: it then starts again at the top. The guard goes
 * off, so that reporting cannot fault in turn. Armv6-M's instructions, which every core has. */
__attribute__((naked)) void tinysdk_fault_entry(void) {
  __asm__ volatile(".syntax unified\n"
                   "movs r2, #0\n"
                   "ldr r3, =0xE000ED94\n"
                   "str r2, [r3]\n"
                   "dsb\n"
                   "isb\n"
                   "mrs r0, msp\n"
                   "mrs r1, ipsr\n"
                   "ldr r2, =__tinysdk_stack_bottom + 768\n"
                   "cmp r0, r2\n"
                   "bhs 1f\n"
                   "ldr r2, =__tinysdk_stack_top\n"
                   "msr msp, r2\n"
                   "1: ldr r2, =tinysdk_fault_report\n"
                   "bx r2\n"
                   ".ltorg\n");
}

static const char *exception_name(uint32_t exception) {
  static const char *const names[] = {"NMI",        "HardFault",   "MemManage", "BusFault",
                                      "UsageFault", "SecureFault", "exception"};
  return exception >= 2 && exception <= 7 ? names[exception - 2] : names[6];
}

static void append_region(tinysdk_text *text, const tinysdk_region *region) {
  tinysdk_text_append(text, "'");
  tinysdk_text_append(text, region->name);
  tinysdk_text_append(text, "' [");
  tinysdk_text_append_hex(text, region->origin);
  tinysdk_text_append(text, ", ");
  tinysdk_text_append_hex(text, region->origin + region->length);
  tinysdk_text_append(text, ")");
}

static const tinysdk_region *region_holding(uint32_t address) {
  for (uint32_t i = 0; i < tinysdk_region_count; ++i)
    if (address - tinysdk_regions[i].origin < tinysdk_regions[i].length)
      return &tinysdk_regions[i];
  return NULL;
}

/* The last region that starts at or below the address: the one that was overrun, if any was. */
static const tinysdk_region *region_below(uint32_t address) {
  const tinysdk_region *below = NULL;
  for (uint32_t i = 0; i < tinysdk_region_count; ++i)
    if (tinysdk_regions[i].origin <= address)
      below = &tinysdk_regions[i];
  return below;
}

static void append_address(tinysdk_text *text, uint32_t address) {
  const tinysdk_region *holding = region_holding(address);
  const tinysdk_region *below = region_below(address);
  tinysdk_text_append(text, "; access to ");
  tinysdk_text_append_hex(text, address);
  if (address - (uint32_t)__tinysdk_stack_bottom < TINYSDK_STACK_GUARD_BYTES) {
    tinysdk_text_append(text, ", the stack's guard: the stack has run over");
  } else if (holding != NULL) {
    tinysdk_text_append(text,
                        (holding->access & TINYSDK_WRITE) != 0 ? " in region " : " in read-only region ");
    append_region(text, holding);
  } else if (below != NULL) {
    tinysdk_text_append(text, ", outside every region, ");
    tinysdk_text_append_decimal(text, address - (below->origin + below->length));
    tinysdk_text_append(text, " bytes past the end of ");
    append_region(text, below);
  } else {
    tinysdk_text_append(text, ", below every region");
  }
}

static void append_status(tinysdk_text *text, uint32_t status) {
  tinysdk_text_append(text, " (CFSR ");
  tinysdk_text_append_hex(text, status);
  tinysdk_text_append(text, ", HFSR ");
  tinysdk_text_append_hex(text, *tinysdk_register(HARD_FAULT_STATUS));
  tinysdk_text_append(text, ")\n");
}

_Noreturn void tinysdk_fault_report(const uint32_t *frame, uint32_t exception) {
  const uint32_t status = *tinysdk_register(FAULT_STATUS);
  tinysdk_text text = {.count = 0};
  tinysdk_text_append(&text, "fault: ");
  tinysdk_text_append(&text, exception_name(exception));
  if ((status & (STATUS_MEMORY_STACKING | STATUS_BUS_STACKING)) != 0) {
    tinysdk_text_append(&text, " while saving registers: the stack has run over");
  } else {
    tinysdk_text_append(&text, " at pc ");
    tinysdk_text_append_hex(&text, frame[6]);
    tinysdk_text_append(&text, ", called from ");
    tinysdk_text_append_hex(&text, frame[5] & ~1u);
  }
  if ((status & STATUS_MEMORY_ADDRESS_VALID) != 0)
    append_address(&text, *tinysdk_register(MEMORY_FAULT_ADDRESS));
  else if ((status & STATUS_BUS_ADDRESS_VALID) != 0)
    append_address(&text, *tinysdk_register(BUS_FAULT_ADDRESS));
  append_status(&text, status);
  if (TINYSDK_SEMIHOSTING)
    tinysdk_semihosting_print(text.characters);
  tinysdk_link_fail(TINYSDK_ERROR_FAULT, text.characters);
  tinysdk_exit(TINYSDK_EXIT_FAULT);
}
