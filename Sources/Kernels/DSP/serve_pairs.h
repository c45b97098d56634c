/* The loops with the fewest instructions. */
#ifndef TINYSDK_DSP_SERVE_PAIRS_H
#define TINYSDK_DSP_SERVE_PAIRS_H

#if defined(__ARM_FEATURE_DSP) && defined(__thumb__) && defined(__ARM_FP)
#include "serve_pairs_arm.h"
#else
#include "serve_pairs_host.h"
#endif

static const tinysdk_pair_costs tinysdk_pairs_instructions = {.word = 1100,
                                                              .row = 3700,
                                                              .lengthy = 600,
                                                              .more = 600,
                                                              .twice = 1600,
                                                              .clamped = 2400,
                                                              .exact_word = 1200,
                                                              .widened_quad = 2100,
                                                              .gathered = 100,
                                                              .other = 100};
/* By llvm-mca's model of cortex-m7. */
static const tinysdk_pair_costs tinysdk_pairs_cycles = {.word = 1240,
                                                        .row = 3200,
                                                        .lengthy = 200,
                                                        .more = 200,
                                                        .twice = 2000,
                                                        .clamped = 2200,
                                                        .exact_word = 1375,
                                                        .widened_quad = 1500,
                                                        .gathered = 70,
                                                        .other = 100};

#endif
