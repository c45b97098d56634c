/* How functions that are assembly as a whole are declared. */
#ifndef TINYSDK_DSP_ROUTINE_H
#define TINYSDK_DSP_ROUTINE_H

/* A parameter that only the assembly reads. */
#define TINYSDK_IN __attribute__((unused))

/* `used`: or else a compiler may drop the parameters that only the assembly reads. */
#define TINYSDK_ROUTINE static __attribute__((naked, noinline, used)) void

#endif
