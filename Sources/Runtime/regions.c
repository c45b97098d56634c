#include "tinysdk_platform.h"

const tinysdk_region tinysdk_regions[] = {TINYSDK_REGIONS};
const uint32_t tinysdk_region_count = sizeof tinysdk_regions / sizeof tinysdk_regions[0];
