/* The non-volatile memory controller of the nRF51 series (Nordic, nRF51 Series Reference Manual, chapter 6).
 * The processor halts while it erases or programs. */
#include "tinysdk_platform.h"

#define READY (TINYSDK_FLASH_BASE + 0x400u)
#define CONFIGURATION (TINYSDK_FLASH_BASE + 0x504u)
#define ERASE_PAGE (TINYSDK_FLASH_BASE + 0x508u)

enum { READ_ONLY = 0, WRITE = 1, ERASE = 2 };

/* Erasing a page takes 22.3 ms at most; far more than that, should the processor not halt. */
#define LOOKS 1000000u

static bool is_ready(void) {
  for (uint32_t i = 0; i < LOOKS; ++i)
    if ((*tinysdk_register(READY) & 1u) != 0)
      return true;
  return false;
}

static bool configure(uint32_t mode) {
  *tinysdk_register(CONFIGURATION) = mode;
  return is_ready();
}

static bool erase_page(uint8_t *page) {
  bool ready = configure(ERASE);
  if (ready)
    *tinysdk_register(ERASE_PAGE) = (uint32_t)page;
  ready = ready && is_ready();
  return configure(READ_ONLY) && ready;
}

static bool program(uint8_t *address, const uint32_t *words, uint32_t count) {
  volatile uint32_t *flash = (volatile uint32_t *)(void *)address;
  bool ready = configure(WRITE);
  for (uint32_t i = 0; ready && i < count; ++i) {
    if (words[i] == UINT32_MAX)
      continue;
    flash[i] = words[i];
    ready = is_ready();
  }
  return configure(READ_ONLY) && ready;
}

const tinysdk_flash_driver tinysdk_flash_nrf51_nvmc = {erase_page, program};
