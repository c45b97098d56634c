/* Slots in a simulated flash: programming can only clear bits, and a word is programmed once between two
 * erasures of its page; erasing sets a page to ones. */
#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "tinysdk_flash.h"
#include "tinysdk_learning.h"

enum fault { NONE, ERASE_NOT_READY, ERASE_WITHOUT_EFFECT, PROGRAM_NOT_READY, PROGRAM_LOSES_A_BIT };

static struct {
  uint8_t *bytes;
  uint8_t *programmed; /* of each word, since its page was erased */
  uint32_t page_bytes;
  uint32_t pages;
  uint32_t *erasures; /* of each page */
  enum fault fault;
} flash;

static jmp_buf failed;
static const char *failure;

bool tinysdk_flash_erase_page(uint8_t *page) {
  const size_t offset = (size_t)(page - flash.bytes);
  expect(offset % flash.page_bytes == 0 && offset / flash.page_bytes < flash.pages, "page at %zu", offset);
  if (flash.fault == ERASE_WITHOUT_EFFECT)
    return true;
  memset(page, 0xFF, flash.page_bytes);
  memset(flash.programmed + offset / 4, 0, flash.page_bytes / 4);
  flash.erasures[offset / flash.page_bytes] += 1;
  return flash.fault != ERASE_NOT_READY;
}

bool tinysdk_flash_program(uint8_t *address, const uint32_t *words, uint32_t count) {
  const size_t first = (size_t)(address - flash.bytes);
  expect(first % 4 == 0 && first + count * 4u <= flash.pages * flash.page_bytes, "program at %zu", first);
  for (uint32_t i = 0; i < count; ++i) {
    if (words[i] == UINT32_MAX)
      continue;
    uint32_t old;
    memcpy(&old, address + 4 * i, 4);
    expect((old & words[i]) == words[i], "a bit at %zu would have to become 1", first + 4 * i);
    expect(flash.programmed[first / 4 + i]++ == 0, "word at %zu programmed twice", first + 4 * i);
    old &= flash.fault == PROGRAM_LOSES_A_BIT ? words[i] & (words[i] - 1u) : words[i];
    memcpy(address + 4 * i, &old, 4);
  }
  return flash.fault != PROGRAM_NOT_READY;
}

_Noreturn void tinysdk_flash_fail(const uint8_t *address, const char *what) {
  expect(address >= flash.bytes && address < flash.bytes + flash.pages * flash.page_bytes,
         "failure elsewhere");
  failure = what;
  longjmp(failed, 1);
}

static uint32_t pages_of(uint32_t count, uint32_t slot_bytes, uint32_t page_bytes) {
  const uint32_t shared = page_bytes / ((slot_bytes + 3) / 4 * 4);
  return shared > 0 ? (count + shared - 1) / shared : count * ((slot_bytes + page_bytes - 1) / page_bytes);
}

/* What was there before the program started is anything. */
static void new_flash(uint32_t pages, uint32_t page_bytes) {
  flash.page_bytes = page_bytes;
  flash.pages = pages;
  flash.bytes = malloc((size_t)pages * page_bytes);
  flash.programmed = malloc((size_t)pages * page_bytes / 4);
  flash.erasures = calloc(pages, sizeof *flash.erasures);
  flash.fault = NONE;
  for (uint32_t i = 0; i < pages * page_bytes; ++i)
    flash.bytes[i] = (uint8_t)random_bits();
  memset(flash.programmed, 1, (size_t)pages * page_bytes / 4);
}

static void free_flash(void) {
  free(flash.bytes);
  free(flash.programmed);
  free(flash.erasures);
}

/* Content cut into pieces, each in a block of its own. */
static uint32_t cut(const uint8_t *content, uint32_t bytes, tinysdk_flash_piece pieces[4]) {
  uint32_t count = 0;
  for (uint32_t start = 0; start < bytes; ++count) {
    const uint32_t length = count == 3 ? bytes - start : random_in(1, bytes - start);
    uint8_t *piece = malloc(length);
    memcpy(piece, content + start, length);
    pieces[count] = (tinysdk_flash_piece){piece, length};
    start += length;
  }
  return count;
}

static void store(const tinysdk_flash_slots *slots, uint32_t slot, uint32_t used, const uint8_t *content) {
  tinysdk_flash_piece pieces[4];
  const uint32_t count = cut(content, slots->slot_bytes, pieces);
  uint32_t *page = malloc(slots->page_bytes);
  if (setjmp(failed) == 0)
    tinysdk_flash_store(slots, slot, used, pieces, count, page);
  free(page);
  for (uint32_t i = 0; i < count; ++i)
    free((void *)(uintptr_t)pieces[i].bytes);
}

static void fill(uint8_t *content, uint32_t bytes) {
  const uint32_t kind = random_in(0, 9);
  for (uint32_t i = 0; i < bytes; ++i)
    content[i] = kind == 0 ? 0xFF : kind == 1 ? 0 : (uint8_t)random_bits();
}

/* Slots fill in order, then any is replaced: every slot in use reads as it was last stored. */
static void check_slots(void) {
  const uint32_t page_bytes = 16u << random_in(0, 6);
  const uint32_t slot_bytes = random_in(1, random_in(0, 1) != 0 ? page_bytes : 3 * page_bytes);
  const uint32_t count = random_in(1, 30);
  new_flash(pages_of(count, slot_bytes, page_bytes), page_bytes);
  const tinysdk_flash_slots slots = {flash.bytes, page_bytes, slot_bytes};
  uint8_t *expected = malloc((size_t)count * slot_bytes);
  for (uint32_t step = 0, used = 0; step < 4 * count; ++step) {
    const uint32_t slot = used < count ? used++ : random_in(0, count - 1);
    fill(expected + slot * slot_bytes, slot_bytes);
    store(&slots, slot, used, expected + slot * slot_bytes);
    for (uint32_t i = 0; i < used; ++i)
      expect(memcmp(tinysdk_flash_slot(&slots, i), expected + i * slot_bytes, slot_bytes) == 0,
             "slot %u of %u bytes in pages of %u, step %u", i, slot_bytes, page_bytes, step);
    /* Filling erases each page once, however little of it was erased before. */
    for (uint32_t page = 0; step < count && page < flash.pages; ++page)
      expect(flash.erasures[page] <= 1, "page %u erased %u times", page, flash.erasures[page]);
  }
  free(expected);
  free_flash();
}

static void check_failure(enum fault fault, const char *expected) {
  new_flash(2, 64);
  const tinysdk_flash_slots slots = {flash.bytes, 64, 20};
  const uint8_t content[20] = {0x5A, 1, 2, 3};
  flash.fault = fault;
  failure = "";
  store(&slots, 4, 5, content);
  expect(strstr(failure, expected) != NULL, "'%s' instead of '%s'", failure, expected);
  free_flash();
}

/* The pages of 200 kept samples of 128 bytes over a stream of ten classes alike. */
static void count_erasures(uint32_t samples) {
  enum { SLOTS = 200, CLASSES = 10, BYTES = 128, PAGE = 1024 };
  new_flash(pages_of(SLOTS, BYTES, PAGE), PAGE);
  const tinysdk_flash_slots slots = {flash.bytes, PAGE, BYTES};
  const tinysdk_replay_args args = {SLOTS, CLASSES};
  tinysdk_replay draws = {{0, 0}, 0, 0};
  tinysdk_replay_class classes[CLASSES] = {{0, 0, 0, 0}};
  uint16_t labels[SLOTS];
  uint8_t content[BYTES];
  for (uint32_t step = 0; step < samples; ++step) {
    const int32_t label = (int32_t)random_in(0, CLASSES - 1);
    tinysdk_replay_place(&args, &label, &draws, classes, labels);
    if (draws.slot == SLOTS)
      continue;
    fill(content, BYTES);
    store(&slots, draws.slot, draws.filled, content);
  }
  uint32_t total = 0, most = 0;
  for (uint32_t page = 0; page < flash.pages; ++page) {
    total += flash.erasures[page];
    most = flash.erasures[page] > most ? flash.erasures[page] : most;
  }
  printf("%u samples, 200 slots of 128 bytes: %u erasures, at most %u of one page\n", samples, total, most);
  const double expected = flash.pages + SLOTS * log((double)samples / SLOTS);
  expect(total < 1.2 * expected, "%u erasures after %u samples, about %.0f expected", total, samples,
         expected);
  free_flash();
}

void check_flash(void) {
  for (int round = 0; round < 1000; ++round)
    check_slots();
  check_failure(ERASE_NOT_READY, "not ready again after erasing");
  check_failure(ERASE_WITHOUT_EFFECT, "not erased after erasing");
  check_failure(PROGRAM_NOT_READY, "not ready again after programming");
  check_failure(PROGRAM_LOSES_A_BIT, "other bytes are read");
  for (uint32_t samples = 1000; samples <= 1000000; samples *= 10)
    count_erasures(samples);
}
