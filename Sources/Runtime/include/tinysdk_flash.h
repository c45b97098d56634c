/* Slots of equal size in flash that the program writes itself. Called by model.c.
 *
 * A slot never straddles pages that it shares: where a slot, rounded up to a whole word, fits into a page,
 * each page holds as many as it can from its start on; a larger one takes whole pages of its own.
 */
#ifndef TINYSDK_FLASH_H
#define TINYSDK_FLASH_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  uint8_t *start;      /* of the first page */
  uint32_t page_bytes; /* what is erased at once, a multiple of 4 */
  uint32_t slot_bytes; /* of one slot's content */
} tinysdk_flash_slots;

/* A slot's content lies in pieces, one after the other. */
typedef struct {
  const uint8_t *bytes;
  uint32_t count;
} tinysdk_flash_piece;

/* Where a slot's content can be read. */
const uint8_t *tinysdk_flash_slot(const tinysdk_flash_slots *slots, uint32_t slot);

/* Writes the pieces, slots->slot_bytes in all, to a slot. Slots 0 to used - 1 hold something, `slot` among
 * them; the others' content may get lost. Where the slot's bytes are erased, they are programmed, and nothing
 * else happens; else its page is read into `page` (slots->page_bytes), erased, and programmed anew. A flash
 * that does not hold afterwards what was written ends the program with tinysdk_flash_fail(). */
void tinysdk_flash_store(const tinysdk_flash_slots *slots, uint32_t slot, uint32_t used,
                         const tinysdk_flash_piece *pieces, uint32_t piece_count, uint32_t *page);

/* The board's driver; false: not ready in time. */
bool tinysdk_flash_erase_page(uint8_t *page);
bool tinysdk_flash_program(uint8_t *address, const uint32_t *words, uint32_t count);

/* Ends the program as a fault: `what` is what the flash at `address` failed to do. */
_Noreturn void tinysdk_flash_fail(const uint8_t *address, const char *what);

#ifdef __cplusplus
}
#endif

#endif
