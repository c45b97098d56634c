/* The board's flash driver, and what happens where the flash does not do its work. */
#include "tinysdk_flash.h"

#include "semihosting.h"
#include "text.h"
#include "tinysdk.h"
#include "tinysdk_platform.h"
#include "tinysdk_protocol.h"

bool tinysdk_flash_erase_page(uint8_t *page) {
  return TINYSDK_FLASH.erase_page(page);
}

bool tinysdk_flash_program(uint8_t *address, const uint32_t *words, uint32_t count) {
  return TINYSDK_FLASH.program(address, words, count);
}

_Noreturn void tinysdk_flash_fail(const uint8_t *address, const char *what) {
  tinysdk_text text = {.count = 0};
  tinysdk_text_append(&text, "fault: flash at ");
  tinysdk_text_append_hex(&text, (uint32_t)address);
  tinysdk_text_append(&text, ": ");
  tinysdk_text_append(&text, what);
  tinysdk_text_append(&text, "\n");
  if (TINYSDK_SEMIHOSTING)
    tinysdk_semihosting_print(text.characters);
  tinysdk_link_fail(TINYSDK_ERROR_FAULT, text.characters);
  tinysdk_exit(TINYSDK_EXIT_FAULT);
}
