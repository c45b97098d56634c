/* Instructions for which neither compiler reliably finds the C expression are written out. None of them is
 * volatile: they depend on their operands alone (the Q flag that some set is never read). */
#ifndef TINYSDK_DSP_SIMD_ARM_H
#define TINYSDK_DSP_SIMD_ARM_H

#include <arm_acle.h>
#include <stdint.h>

/* sum + a.low * b.low + a.high * b.high, signed halves. */
static inline int32_t tinysdk_smlad(uint32_t a, uint32_t b, int32_t sum) {
  return __smlad((int16x2_t)a, (int16x2_t)b, sum);
}

/* sum + a.low * b.low. */
static inline int32_t tinysdk_smlabb(uint32_t a, uint32_t b, int32_t sum) {
  return __smlabb((int32_t)a, (int32_t)b, sum);
}

/* sum + a.low * b.high. */
static inline int32_t tinysdk_smlabt(uint32_t a, uint32_t b, int32_t sum) {
  return __smlabt((int32_t)a, (int32_t)b, sum);
}

/* sum + a.high * b.low. */
static inline int32_t tinysdk_smlatb(uint32_t a, uint32_t b, int32_t sum) {
  return __smlatb((int32_t)a, (int32_t)b, sum);
}

/* Bytes 0 and 2 as signed halves. */
static inline uint32_t tinysdk_sxtb16(uint32_t bytes) {
  return (uint32_t)__sxtb16((int8x4_t)bytes);
}

/* Bytes 1 and 3 as signed halves. */
static inline uint32_t tinysdk_sxtb16_odd(uint32_t bytes) {
  uint32_t halves;
  __asm__("sxtb16 %0, %1, ror #8" : "=r"(halves) : "r"(bytes));
  return halves;
}

/* The same, each added to a half of `base`. */
static inline uint32_t tinysdk_sxtab16(uint32_t base, uint32_t bytes) {
  uint32_t halves;
  __asm__("sxtab16 %0, %1, %2" : "=r"(halves) : "r"(base), "r"(bytes));
  return halves;
}

static inline uint32_t tinysdk_sxtab16_odd(uint32_t base, uint32_t bytes) {
  uint32_t halves;
  __asm__("sxtab16 %0, %1, %2, ror #8" : "=r"(halves) : "r"(base), "r"(bytes));
  return halves;
}

/* a.low below b.low. */
static inline uint32_t tinysdk_pack_low(uint32_t a, uint32_t b) {
  uint32_t word;
  __asm__("pkhbt %0, %1, %2, lsl #16" : "=r"(word) : "r"(a), "r"(b));
  return word;
}

/* a.high below b.high. */
static inline uint32_t tinysdk_pack_high(uint32_t a, uint32_t b) {
  uint32_t word;
  __asm__("pkhtb %0, %1, %2, asr #16" : "=r"(word) : "r"(b), "r"(a));
  return word;
}

/* a.high below b.low. */
static inline uint32_t tinysdk_pack_middle(uint32_t a, uint32_t b) {
  return a >> 16 | b << 16;
}

/* addend + floor(a * b / 2^32). */
static inline int32_t tinysdk_smmla(int32_t a, int32_t b, int32_t addend) {
  int32_t result;
  __asm__("smmla %0, %1, %2, %3" : "=r"(result) : "r"(a), "r"(b), "r"(addend));
  return result;
}

/* addend + floor(a * b / 2^32 + 1/2). */
static inline int32_t tinysdk_smmlar(int32_t a, int32_t b, int32_t addend) {
  int32_t result;
  __asm__("smmlar %0, %1, %2, %3" : "=r"(result) : "r"(a), "r"(b), "r"(addend));
  return result;
}

/* Saturated to int8. */
static inline int32_t tinysdk_ssat8(int32_t value) {
  return __ssat(value, 8);
}

/* Saturated to 18 bits. */
static inline int32_t tinysdk_ssat18(int32_t value) {
  return __ssat(value, 18);
}

/* Saturated to int16. */
static inline int32_t tinysdk_ssat16(int32_t value) {
  return __ssat(value, 16);
}

/* sum + its four unsigned bytes. */
static inline uint32_t tinysdk_add_bytes(uint32_t bytes, uint32_t sum) {
  return __usada8((uint8x4_t)bytes, (uint8x4_t)0, sum);
}

/* Saturating. */
static inline int32_t tinysdk_qsub(int32_t a, int32_t b) {
  return __qsub(a, b);
}

/* Halves added, saturating. */
static inline uint32_t tinysdk_qadd16(uint32_t a, uint32_t b) {
  return (uint32_t)__qadd16((int16x2_t)a, (int16x2_t)b);
}

/* Halves subtracted, saturating. */
static inline uint32_t tinysdk_qsub16(uint32_t a, uint32_t b) {
  return (uint32_t)__qsub16((int16x2_t)a, (int16x2_t)b);
}

/* Bytes subtracted modulo 2^8. */
static inline uint32_t tinysdk_sub8(uint32_t a, uint32_t b) {
  return (uint32_t)__usub8((uint8x4_t)a, (uint8x4_t)b);
}

/* Half the sums of signed bytes, towards minus infinity. */
static inline uint32_t tinysdk_halve_bytes(uint32_t a, uint32_t b) {
  return (uint32_t)__shadd8((int8x4_t)a, (int8x4_t)b);
}

/* Half the sums of signed halves, towards minus infinity. */
static inline uint32_t tinysdk_halve_halves(uint32_t a, uint32_t b) {
  return (uint32_t)__shadd16((int16x2_t)a, (int16x2_t)b);
}

/* The larger ones of signed bytes. Two instructions that share flags. */
static inline uint32_t tinysdk_max_bytes(uint32_t a, uint32_t b) {
  uint32_t larger;
  __asm__ volatile("ssub8 %0, %1, %2\n"
                   "sel %0, %1, %2\n"
                   : "=&r"(larger)
                   : "r"(a), "r"(b));
  return larger;
}

/* The larger ones of signed halves. */
static inline uint32_t tinysdk_max_halves(uint32_t a, uint32_t b) {
  uint32_t larger;
  __asm__ volatile("ssub16 %0, %1, %2\n"
                   "sel %0, %1, %2\n"
                   : "=&r"(larger)
                   : "r"(a), "r"(b));
  return larger;
}

/* Unsigned bytes subtracted, not below 0. */
static inline uint32_t tinysdk_uqsub8(uint32_t a, uint32_t b) {
  return (uint32_t)__uqsub8((uint8x4_t)a, (uint8x4_t)b);
}

/* Halves subtracted modulo 2^16. */
static inline uint32_t tinysdk_sub16(uint32_t a, uint32_t b) {
  return (uint32_t)__usub16((uint16x2_t)a, (uint16x2_t)b);
}

/* Halves added modulo 2^16. */
static inline uint32_t tinysdk_add16(uint32_t a, uint32_t b) {
  return (uint32_t)__uadd16((uint16x2_t)a, (uint16x2_t)b);
}

/* Unsigned halves subtracted, not below 0. */
static inline uint32_t tinysdk_uqsub16(uint32_t a, uint32_t b) {
  return (uint32_t)__uqsub16((uint16x2_t)a, (uint16x2_t)b);
}

/* The low bytes of four values, the first one lowest. */
static inline uint32_t tinysdk_pack_bytes(int32_t a, int32_t b, int32_t c, int32_t d) {
  __asm__("bfi %0, %1, #8, #8" : "+r"(a) : "r"(b));
  __asm__("bfi %0, %1, #8, #8" : "+r"(c) : "r"(d));
  return tinysdk_pack_low((uint32_t)a, (uint32_t)c);
}

/* Four words leave at once, which no compiler does by itself. Returns where the next ones go. */
static inline uint32_t *tinysdk_store_four(uint32_t a, uint32_t b, uint32_t c, uint32_t d, uint32_t *to) {
  register uint32_t r2 __asm__("r2") = a;
  register uint32_t r3 __asm__("r3") = b;
  register uint32_t r4 __asm__("r4") = c;
  register uint32_t r5 __asm__("r5") = d;
  __asm__ volatile("stmia %0!, {r2-r5}" : "+r"(to) : "r"(r2), "r"(r3), "r"(r4), "r"(r5) : "memory");
  return to;
}

#endif
