/* What the harness asks of the machine that it runs on. */
#ifndef HARNESS_DEVICE_H
#define HARNESS_DEVICE_H

#include <stdint.h>

int harness_main(void);
void harness_print(const char *text);
uint32_t harness_ticks(void);

#endif
