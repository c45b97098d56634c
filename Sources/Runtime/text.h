#ifndef TINYSDK_TEXT_H
#define TINYSDK_TEXT_H

#include <stdint.h>

/* A line being put together without stdio; what does not fit is cut off. */
typedef struct {
  char characters[384];
  uint32_t count;
} tinysdk_text;

void tinysdk_text_append(tinysdk_text *text, const char *words);
void tinysdk_text_append_hex(tinysdk_text *text, uint32_t value);
void tinysdk_text_append_decimal(tinysdk_text *text, uint32_t value);

#endif
