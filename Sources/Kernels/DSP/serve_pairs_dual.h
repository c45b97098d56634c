/* The loops with the fewest cycles where two instructions issue at once. */
#ifndef TINYSDK_DSP_SERVE_PAIRS_DUAL_H
#define TINYSDK_DSP_SERVE_PAIRS_DUAL_H

#if defined(__ARM_FEATURE_DSP) && defined(__thumb__) && defined(__ARM_FP)
#include "serve_pairs_dual_arm.h"
#else
#include "serve_pairs_dual_host.h"
#endif

static const tinysdk_pair_costs tinysdk_pairs_dual_instructions = {.word = 1400,
                                                                   .row = 4500,
                                                                   .lengthy = 200,
                                                                   .more = 600,
                                                                   .twice = 1600,
                                                                   .clamped = 2400,
                                                                   .exact_word = 1500,
                                                                   .widened_quad = 2100,
                                                                   .gathered = 100,
                                                                   .other = 100};
/* By llvm-mca's model of cortex-m7. */
static const tinysdk_pair_costs tinysdk_pairs_dual_cycles = {.word = 800,
                                                             .row = 3600,
                                                             .lengthy = 200,
                                                             .more = 300,
                                                             .twice = 2000,
                                                             .clamped = 2200,
                                                             .exact_word = 950,
                                                             .widened_quad = 1500,
                                                             .gathered = 70,
                                                             .other = 100};

#endif
