/* For boards whose flash the program cannot write. */
#include "tinysdk_platform.h"

static bool erase_page(uint8_t *page) {
  (void)page;
  return false;
}

static bool program(uint8_t *address, const uint32_t *words, uint32_t count) {
  (void)address;
  (void)words;
  (void)count;
  return false;
}

const tinysdk_flash_driver tinysdk_flash_none = {erase_page, program};
