/* The loops with the fewest cycles where two instructions issue at once. */
#ifndef TINYSDK_DSP_SERVE_PAIRS_DUAL_H
#define TINYSDK_DSP_SERVE_PAIRS_DUAL_H

#if defined(__ARM_FEATURE_DSP) && defined(__thumb__) && defined(__ARM_FP)
#include "serve_pairs_dual_arm.h"
#else
#include "serve_pairs_dual_host.h"
#endif

static const tinysdk_pair_costs tinysdk_pairs_dual_instructions = {1400, 4600, 600,  600, 1700,
                                                                   2400, 1500, 2100, 100};
static const tinysdk_pair_costs tinysdk_pairs_dual_cycles = {800, 3300, 600, 600, 1700, 2000, 900, 1700, 70};

#endif
