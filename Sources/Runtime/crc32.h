#ifndef TINYSDK_CRC32_H
#define TINYSDK_CRC32_H

#include <stdint.h>

/* CRC-32 of IEEE 802.3, continued: start from 0, pass the result on with the next bytes. */
uint32_t tinysdk_crc32(uint32_t crc, const void *bytes, uint32_t count);

#endif
