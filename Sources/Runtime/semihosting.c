#include "semihosting.h"

#include <string.h>

enum {
  SYS_OPEN = 0x01,
  SYS_CLOSE = 0x02,
  SYS_WRITE0 = 0x04,
  SYS_WRITE = 0x05,
  SYS_READ = 0x06,
  SYS_GET_CMDLINE = 0x15,
  SYS_EXIT_EXTENDED = 0x20,
};

#define ADP_STOPPED_APPLICATION_EXIT 0x20026u

static uint32_t call(uint32_t operation, const void *parameters) {
  register uint32_t r0 __asm__("r0") = operation;
  register const void *r1 __asm__("r1") = parameters;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}

int32_t tinysdk_semihosting_open(const char *path, uint32_t mode) {
  const uint32_t parameters[3] = {(uint32_t)path, mode, (uint32_t)strlen(path)};
  return (int32_t)call(SYS_OPEN, parameters);
}

uint32_t tinysdk_semihosting_read(int32_t handle, void *bytes, uint32_t count) {
  const uint32_t parameters[3] = {(uint32_t)handle, (uint32_t)bytes, count};
  const uint32_t missing = call(SYS_READ, parameters);
  return missing <= count ? count - missing : 0;
}

uint32_t tinysdk_semihosting_write(int32_t handle, const void *bytes, uint32_t count) {
  const uint32_t parameters[3] = {(uint32_t)handle, (uint32_t)bytes, count};
  const uint32_t missing = call(SYS_WRITE, parameters);
  return missing <= count ? count - missing : 0;
}

void tinysdk_semihosting_close(int32_t handle) {
  const uint32_t parameters[1] = {(uint32_t)handle};
  (void)call(SYS_CLOSE, parameters);
}

void tinysdk_semihosting_print(const char *text) {
  (void)call(SYS_WRITE0, text);
}

bool tinysdk_semihosting_command_line(char *text, uint32_t capacity) {
  uint32_t parameters[2] = {(uint32_t)text, capacity};
  return call(SYS_GET_CMDLINE, parameters) == 0 && parameters[1] < capacity;
}

_Noreturn void tinysdk_semihosting_exit(int32_t code) {
  const uint32_t parameters[2] = {ADP_STOPPED_APPLICATION_EXIT, (uint32_t)code};
  for (;;)
    (void)call(SYS_EXIT_EXTENDED, parameters);
}
