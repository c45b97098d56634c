/* Between the link's two files: samples (link.c) and all other requests (link_requests.c). */
#ifndef TINYSDK_LINK_H
#define TINYSDK_LINK_H

#include "frame.h"

/* Takes the rest of a frame that is neither a sample fit to be learned nor QUIT, and answers it. */
void tinysdk_link_answer(const tinysdk_frame *frame);
/* Host and image have found that they belong together. */
bool tinysdk_link_agreed(void);
void tinysdk_link_refuse(uint32_t sequence, uint32_t code, const char *text);

#endif
