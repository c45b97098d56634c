#include "convolution.h"
#include "mve_update.h"

extern __typeof__(tinysdk_conv2d_weight_update_s8) tinysdk_conv2d_weight_update_s8_mve;
int32_t tinysdk_conv2d_weight_update_s8_mve_instructions(const tinysdk_conv2d_args *args);

/* Output channels of a tile; four input channels are the lanes of a vector. */
#define OUTPUTS 4

typedef struct {
  const tinysdk_conv2d_args *args;
  const float *gradient;
  const int8_t *saved;
  int32_t inputs; /* learning ones */
  float rate;
  const float *scale;
  int8_t *weights;
  int8_t *residual;
} update_job;

/* One pixel of the tile's four inputs. */
TINYSDK_MVE_FLOAT static inline __attribute__((always_inline)) tinysdk_f32x4
inputs_at(const int8_t *saved, uint32x4_t places, int32_t zero) {
  return tinysdk_f32x4_from(vaddq_n_s32(vldrbq_gather_offset_s32(saved, places), -zero));
}

/* The pixels of one image, added to the sums; two at a time, so that their gradients come in one load. */
TINYSDK_MVE_FLOAT static inline __attribute__((always_inline)) void
add_image(const float *const from[OUTPUTS], const int8_t *saved, uint32x4_t places, int32_t zero,
          int32_t plane, int32_t first, tinysdk_f32x4 sums[OUTPUTS]) {
  const float *a = from[0], *b = from[1], *c = from[2], *d = from[3];
  tinysdk_f32x4 s = tinysdk_f32x4_fill(0), t = s, u = s, v = s;
  if (!first)
    s = sums[0], t = sums[1], u = sums[2], v = sums[3];
    /* Compilers that know how the pointers relate would compute each from one. */
#define HIDE(pointer) __asm__("" : "+r"(pointer))
  HIDE(a);
  HIDE(b);
  HIDE(c);
  HIDE(d);
#define ADD(p)                                                                                               \
  do {                                                                                                       \
    const tinysdk_f32x4 value = inputs_at(saved + (p), places, zero);                                        \
    s = tinysdk_f32x4_fma(value, a[p], s);                                                                   \
    t = tinysdk_f32x4_fma(value, b[p], t);                                                                   \
    u = tinysdk_f32x4_fma(value, c[p], u);                                                                   \
    v = tinysdk_f32x4_fma(value, d[p], v);                                                                   \
  } while (0)
  for (int32_t i = plane >> 1; i > 0; i--) {
    ADD(0);
    ADD(1);
    a += 2, b += 2, c += 2, d += 2;
    saved += 2;
  }
  if (plane & 1)
    ADD(0);
#undef HIDE
#undef ADD
  sums[0] = s, sums[1] = t, sums[2] = u, sums[3] = v;
}

/* Up to four output channels from o on by up to four inputs from k on. */
TINYSDK_MVE_FLOAT static __attribute__((noinline)) void update_tile(const update_job *job, int32_t o,
                                                                    int32_t outputs, int32_t k) {
  const tinysdk_conv2d_args *const args = job->args;
  const int32_t plane = args->in_height * args->in_width, inputs = job->inputs;
  const uint32x4_t lanes = vminq_u32(vidupq_n_u32((uint32_t)k, 1), vdupq_n_u32((uint32_t)inputs - 1));
  const uint32x4_t places = vmulq_n_u32(lanes, (uint32_t)plane);
  const float *from[OUTPUTS];
  const int8_t *saved = job->saved;
  tinysdk_f32x4 sums[OUTPUTS];
  for (int32_t i = 0; i < OUTPUTS; i++)
    from[i] = job->gradient + (o + (i < outputs ? i : outputs - 1)) * plane;
  add_image(from, saved, places, args->input_zero, plane, 1, sums);
  for (int32_t b = 1; b < args->batch; b++) {
    saved += inputs * plane;
    for (int32_t i = 0; i < OUTPUTS; i++)
      from[i] += args->out_channels * plane;
    add_image(from, saved, places, args->input_zero, plane, 0, sums);
  }
  const mve_pred16_t inside = vctp32q((uint32_t)(inputs - k));
  int32_t index = o * inputs + k;
  for (int32_t i = 0; i < outputs; i++, index += inputs) {
    int8_t *const residual = job->residual ? job->residual + index : NULL;
    tinysdk_mve_update_weights(sums[i], job->rate * job->scale[o + i], inside, job->weights + index,
                               residual);
  }
}

/* The same for one output channel by scalars, where vectors might flush. */
static void update_output(const update_job *job, int32_t o) {
  const tinysdk_conv2d_args *const args = job->args;
  const int32_t plane = tinysdk_in_plane(args), inputs = job->inputs;
  for (int32_t k = 0; k < inputs; k++) {
    float sum = 0;
    for (int32_t b = 0; b < args->batch; b++) {
      const float *const gradient = job->gradient + (b * args->out_channels + o) * plane;
      const int8_t *const saved = job->saved + (b * inputs + k) * plane;
      for (int32_t p = 0; p < plane; p++)
        sum = fmaf(gradient[p], (float)(saved[p] - args->input_zero), sum);
    }
    tinysdk_update_weight(job->rate * job->scale[o], sum, o * inputs + k, job->weights, job->residual);
  }
}

static __attribute__((noinline)) void update_scalars(const update_job *job, int32_t first, int32_t end) {
  for (int32_t o = first; o < end; o++)
    update_output(job, o);
}

void tinysdk_conv2d_weight_update_s8_mve(const tinysdk_conv2d_args *args, const float *gradient,
                                         const int8_t *saved, const uint16_t *order, const float *scale,
                                         const float *rate, int8_t *weights, int8_t *residual) {
  (void)order;
  const int32_t inputs = args->trained_channels > 0 ? args->trained_channels : args->in_channels;
  const update_job job = {args, gradient, saved, inputs, rate[0], scale, weights, residual};
  const tinysdk_mve_range range =
      tinysdk_mve_range_of(gradient, args->batch * args->out_channels * tinysdk_in_plane(args));
  const int32_t safe = tinysdk_mve_not_tiny(&range);
  for (int32_t o = 0; o < args->out_channels; o += OUTPUTS) {
    const int32_t outputs = tinysdk_min(OUTPUTS, args->out_channels - o);
    int32_t vectors = safe;
    for (int32_t i = 0; i < outputs; i++)
      vectors &= tinysdk_mve_step_is_safe(job.rate * scale[o + i]);
    if (vectors)
      for (int32_t k = 0; k < inputs; k += 4)
        update_tile(&job, o, outputs, k);
    else
      update_scalars(&job, o, o + outputs);
  }
}

int32_t tinysdk_conv2d_weight_update_s8_mve_instructions(const tinysdk_conv2d_args *args) {
  if (tinysdk_taps(args) != 1 || args->groups != 1 || args->pad_top != 0 || args->pad_left != 0 ||
      args->in_height != args->out_height || args->in_width != args->out_width)
    return -1;
  const int32_t inputs = args->trained_channels > 0 ? args->trained_channels : args->in_channels;
  const int32_t pixels = args->batch * tinysdk_in_plane(args);
  const int32_t tiles = (args->out_channels + OUTPUTS - 1) / OUTPUTS * ((inputs + 3) / 4);
  return tiles * (pixels * 10 + 390) + args->out_channels * (pixels * 5 / 4 + 20);
}
