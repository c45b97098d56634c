#ifndef CHECK_H
#define CHECK_H

#include <stdint.h>

/* Counts one comparison; at the first that fails, says so and ends the program. */
void expect(int holds, const char *format, ...) __attribute__((format(printf, 2, 3)));
uint32_t random_bits(void);
/* low to high, both among them */
uint32_t random_in(uint32_t low, uint32_t high);

void check_flash(void);
void check_floats(void);

#endif
