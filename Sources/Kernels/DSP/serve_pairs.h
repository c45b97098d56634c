/* The loops with the fewest instructions. */
#ifndef TINYSDK_DSP_SERVE_PAIRS_H
#define TINYSDK_DSP_SERVE_PAIRS_H

#if defined(__ARM_FEATURE_DSP) && defined(__thumb__) && defined(__ARM_FP)
#include "serve_pairs_arm.h"
#else
#include "serve_pairs_host.h"
#endif

static const tinysdk_pair_costs tinysdk_pairs_instructions = {1100, 3700, 600,  600, 1700,
                                                              2400, 1200, 2100, 100};
static const tinysdk_pair_costs tinysdk_pairs_cycles = {1250, 3300, 600, 600, 1700, 2000, 1350, 1700, 70};

#endif
