/* Semihosting for AArch32 (Arm, "Semihosting for AArch32 and AArch64", 2.0): requests to a debugger or
 * emulator. */
#ifndef TINYSDK_SEMIHOSTING_H
#define TINYSDK_SEMIHOSTING_H

#include <stdbool.h>
#include <stdint.h>

#define TINYSDK_OPEN_READ_BINARY 1u
#define TINYSDK_OPEN_WRITE_BINARY 5u

/* A handle, or -1. */
int32_t tinysdk_semihosting_open(const char *path, uint32_t mode);
/* Bytes read, 0 at the end or on an error. */
uint32_t tinysdk_semihosting_read(int32_t handle, void *bytes, uint32_t count);
/* Bytes written. */
uint32_t tinysdk_semihosting_write(int32_t handle, const void *bytes, uint32_t count);
void tinysdk_semihosting_close(int32_t handle);
void tinysdk_semihosting_print(const char *text);
/* The command line, ended by 0; false when there is none or it does not fit. */
bool tinysdk_semihosting_command_line(char *text, uint32_t capacity);
_Noreturn void tinysdk_semihosting_exit(int32_t code);

#endif
