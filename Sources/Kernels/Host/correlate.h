/* Windows over planes of floats: sums of products of up to eight by eight neighbouring outputs at a time,
 * each sum in the order of its taps. */
#ifndef TINYSDK_HOST_CORRELATE_H
#define TINYSDK_HOST_CORRELATE_H

#include "convolution.h"
#include "lanes.h"

/* Rows of one register tile. */
#define HOST_TILE_ROWS 8

/* For each of some planes: output[y][x] = sum over t of weights[t] * source[offsets[t] + y * pitch + x]. A
 * step leads from one plane's source, weights or output to the next one's. The source is readable as if rows
 * and columns were multiples of eight. */
typedef struct {
  const float *source;
  const int32_t *offsets;
  const float *weights;
  float *output;
  int32_t taps;
  int32_t pitch;
  int32_t rows;
  int32_t columns;
  int32_t planes;
  int32_t source_step;
  int32_t weights_step;
  int32_t output_step;
} host_correlation;

/* `height` rows of eight columns from (y, x) on. */
HOST_INLINE void host_correlate_tile(const host_correlation *job, int32_t y, int32_t x, int32_t height) {
  const float *const source = job->source + y * job->pitch + x;
  const float *const weights = job->weights;
  const int32_t *const offsets = job->offsets;
  const ptrdiff_t pitch = job->pitch, taps = job->taps;
  const int32_t count = tinysdk_min(HOST_LANES, job->columns - x);
  host_f32 acc[HOST_TILE_ROWS] = {{0}};
  for (ptrdiff_t t = 0; t < taps; t++) {
    const float *const from = source + offsets[t];
    const host_f32 weight = host_splat_f32(weights[t]);
    for (int32_t r = 0; r < height; r++)
      acc[r] = host_fma(weight, host_load_f32(from + r * pitch), acc[r]);
  }
  for (int32_t r = 0; r < height && y + r < job->rows; r++) {
    float *const to = job->output + (y + r) * job->columns + x;
    if (count == HOST_LANES)
      host_store_f32(to, acc[r]);
    else
      memcpy(to, &acc[r], sizeof(float) * (uint32_t)count);
  }
}

/* Four rows of at most four columns, of `planes` planes: one plane alone would wait for its own sums. */
HOST_INLINE void host_correlate_small(const host_correlation *job, int32_t y, int32_t x, int32_t planes) {
  const float *const source = job->source + y * job->pitch + x;
  const float *const weights = job->weights, *const other_weights =
                                                 weights + (planes - 1) * job->weights_step;
  const int32_t *const offsets = job->offsets;
  const ptrdiff_t pitch = job->pitch, step = (planes - 1) * job->source_step, taps = job->taps;
  const int32_t count = tinysdk_min(4, job->columns - x);
  host_f32x4 acc[2][4] = {{{0}}};
  for (ptrdiff_t t = 0; t < taps; t++) {
    const float *const from = source + offsets[t], *const other = from + step;
    const float w = weights[t], v = other_weights[t];
    for (int32_t r = 0; r < 4; r++)
      acc[0][r] = host_fma_x4((host_f32x4){w, w, w, w}, host_load_f32x4(from + r * pitch), acc[0][r]);
    for (int32_t r = 0; r < 4 && planes == 2; r++)
      acc[1][r] = host_fma_x4((host_f32x4){v, v, v, v}, host_load_f32x4(other + r * pitch), acc[1][r]);
  }
  for (int32_t i = 0; i < planes; i++)
    for (int32_t r = 0; r < 4 && y + r < job->rows; r++) {
      float *const to = job->output + i * job->output_step + (y + r) * job->columns + x;
      if (count == 4)
        host_store_f32x4(to, acc[i][r]);
      else
        memcpy(to, &acc[i][r], sizeof(float) * (uint32_t)count);
    }
}

/* Two planes of at most four by four. */
HOST_OUTLINE void host_correlate_pair(const host_correlation *job) {
  host_correlate_small(job, 0, 0, 2);
}

/* One plane. */
HOST_OUTLINE void host_correlate_plane(const host_correlation *job) {
  for (int32_t x = 0; x < job->columns; x += HOST_LANES) {
    const int32_t narrow = job->columns - x <= 4;
    for (int32_t y = 0; y < job->rows;) {
      const int32_t left = job->rows - y;
      if (narrow)
        host_correlate_small(job, y, x, 1);
      else if (left > 4)
        host_correlate_tile(job, y, x, HOST_TILE_ROWS);
      else
        host_correlate_tile(job, y, x, 4);
      y += narrow || left <= 4 ? 4 : HOST_TILE_ROWS;
    }
  }
}

HOST_INLINE void host_correlate(const host_correlation *whole) {
  host_correlation job = *whole;
  const int32_t small = job.rows <= 4 && job.columns <= 4;
  while (job.planes > 0) {
    const int32_t planes = small && job.planes > 1 ? 2 : 1;
    if (planes == 2)
      host_correlate_pair(&job);
    else
      host_correlate_plane(&job);
    job.planes -= planes;
    job.source += planes * job.source_step;
    job.weights += planes * job.weights_step;
    job.output += planes * job.output_step;
  }
}

#endif
