#include "semihosting.h"
#include "tinysdk.h"
#include "tinysdk_platform.h"

void tinysdk_print(const char *text) {
  if (TINYSDK_TRANSPORT.carries_console)
    tinysdk_link_log(text);
  else if (TINYSDK_SEMIHOSTING)
    tinysdk_semihosting_print(text);
}
