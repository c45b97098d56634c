#include "text.h"

void tinysdk_text_append(tinysdk_text *text, const char *words) {
  while (*words != '\0' && text->count + 1 < sizeof text->characters)
    text->characters[text->count++] = *words++;
  text->characters[text->count] = '\0';
}

void tinysdk_text_append_hex(tinysdk_text *text, uint32_t value) {
  char digits[11] = "0x";
  for (uint32_t i = 0; i < 8; ++i)
    digits[2 + i] = "0123456789abcdef"[(value >> (28 - 4 * i)) & 15u];
  digits[10] = '\0';
  tinysdk_text_append(text, digits);
}

void tinysdk_text_append_decimal(tinysdk_text *text, uint32_t value) {
  char digits[11];
  uint32_t first = 10;
  digits[first] = '\0';
  do {
    digits[--first] = (char)('0' + value % 10u);
    value /= 10u;
  } while (value != 0);
  tinysdk_text_append(text, &digits[first]);
}
