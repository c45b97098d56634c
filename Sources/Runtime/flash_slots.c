#include <string.h>

#include "tinysdk_flash.h"

#define WORD_BYTES 4u

static uint32_t padded(uint32_t bytes) {
  return (bytes + WORD_BYTES - 1u) / WORD_BYTES * WORD_BYTES;
}

/* 0 where a slot takes more than a page. */
static uint32_t slots_in_page(const tinysdk_flash_slots *slots) {
  return slots->page_bytes / padded(slots->slot_bytes);
}

static uint32_t offset_of(const tinysdk_flash_slots *slots, uint32_t slot) {
  const uint32_t shared = slots_in_page(slots);
  if (shared == 0)
    return slot * ((slots->slot_bytes + slots->page_bytes - 1u) / slots->page_bytes) * slots->page_bytes;
  return slot / shared * slots->page_bytes + slot % shared * padded(slots->slot_bytes);
}

const uint8_t *tinysdk_flash_slot(const tinysdk_flash_slots *slots, uint32_t slot) {
  return slots->start + offset_of(slots, slot);
}

/* Bytes `from` to `from + count` of the pieces' content. */
static void gather(const tinysdk_flash_piece *pieces, uint32_t piece_count, uint32_t from, uint32_t count,
                   uint8_t *bytes) {
  for (uint32_t i = 0, start = 0; i < piece_count; start += pieces[i].count, ++i) {
    const uint32_t end = start + pieces[i].count;
    const uint32_t first = start > from ? start : from;
    const uint32_t last = end < from + count ? end : from + count;
    if (first < last)
      memcpy(bytes + (first - from), pieces[i].bytes + (first - start), last - first);
  }
}

static bool is_erased(const uint8_t *flash, uint32_t bytes) {
  for (uint32_t i = 0; i < bytes; ++i)
    if (flash[i] != 0xFFu)
      return false;
  return true;
}

static void erase(uint8_t *page, uint32_t bytes) {
  if (!tinysdk_flash_erase_page(page))
    tinysdk_flash_fail(page, "the controller is not ready again after erasing a page");
  if (!is_erased(page, bytes))
    tinysdk_flash_fail(page, "a page is not erased after erasing it");
}

static void program(uint8_t *flash, const uint8_t *words, uint32_t bytes) {
  if (!tinysdk_flash_program(flash, (const uint32_t *)(const void *)words, bytes / WORD_BYTES))
    tinysdk_flash_fail(flash, "the controller is not ready again after programming");
  if (memcmp(flash, words, bytes) != 0)
    tinysdk_flash_fail(flash, "other bytes are read than were programmed");
}

/* The other slots of a page as far as they hold something. */
static void read_neighbors(const tinysdk_flash_slots *slots, uint32_t slot, uint32_t used, uint8_t *buffer) {
  const uint32_t shared = slots_in_page(slots);
  const uint32_t pitch = padded(slots->slot_bytes);
  const uint32_t first = slot - slot % shared;
  for (uint32_t other = first; other < first + shared && other < used; ++other)
    if (other != slot)
      memcpy(buffer + (other - first) * pitch, tinysdk_flash_slot(slots, other), pitch);
}

static void store_in_shared_page(const tinysdk_flash_slots *slots, uint32_t slot, uint32_t used,
                                 const tinysdk_flash_piece *pieces, uint32_t piece_count, uint8_t *buffer) {
  const uint32_t inside = offset_of(slots, slot) % slots->page_bytes;
  const uint32_t bytes = padded(slots->slot_bytes);
  uint8_t *page = slots->start + (offset_of(slots, slot) - inside);
  gather(pieces, piece_count, 0, slots->slot_bytes, buffer + inside);
  if (is_erased(page + inside, bytes)) {
    program(page + inside, buffer + inside, bytes);
    return;
  }
  read_neighbors(slots, slot, used, buffer);
  erase(page, slots->page_bytes);
  program(page, buffer, slots->page_bytes);
}

static void store_in_own_pages(const tinysdk_flash_slots *slots, uint32_t slot,
                               const tinysdk_flash_piece *pieces, uint32_t piece_count, uint8_t *buffer) {
  uint8_t *page = slots->start + offset_of(slots, slot);
  for (uint32_t from = 0; from < slots->slot_bytes; from += slots->page_bytes, page += slots->page_bytes) {
    const uint32_t rest = slots->slot_bytes - from;
    memset(buffer, 0xFF, slots->page_bytes);
    gather(pieces, piece_count, from, rest < slots->page_bytes ? rest : slots->page_bytes, buffer);
    if (!is_erased(page, slots->page_bytes))
      erase(page, slots->page_bytes);
    program(page, buffer, slots->page_bytes);
  }
}

void tinysdk_flash_store(const tinysdk_flash_slots *slots, uint32_t slot, uint32_t used,
                         const tinysdk_flash_piece *pieces, uint32_t piece_count, uint32_t *page) {
  uint8_t *buffer = (uint8_t *)page;
  memset(buffer, 0xFF, slots->page_bytes);
  if (slots_in_page(slots) > 0)
    store_in_shared_page(slots, slot, used, pieces, piece_count, buffer);
  else
    store_in_own_pages(slots, slot, pieces, piece_count, buffer);
}
