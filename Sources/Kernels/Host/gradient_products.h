/* Input gradients of convolutions as products of a matrix of weights and columns of gradients, for integer
 * gradients; lanes_g16.h or lanes_g8.h comes first. Two values of a column lie in one word, so that one
 * instruction does two products per lane. The sums of the whole tensor go to the scratch, so that the outputs
 * may overwrite the inputs. */
#ifndef TINYSDK_HOST_GRADIENT_PRODUCTS_H
#define TINYSDK_HOST_GRADIENT_PRODUCTS_H

#include "convolution.h"
#include "narrowing.h"

/* A register tile: input channels by pixels. */
#define HOST_TILE_CHANNELS 6
#define HOST_TILE_WIDTH 16

/* Input channels whose weights are loaded together: whole vectors, and whole tiles. */
#define HOST_CHUNK 24

/* The columns of every image: for each sixteen pixels of an image, `pairs` rows of sixteen words. Where the
 * sums go: one after another, planes of `plane` elements, `step` between two images. */
typedef struct {
  const int32_t *columns;
  int32_t pairs;
  int32_t images;
  int32_t plane;
  int32_t step;
  int32_t *sums;
} host_columns;

/* Words of an image's columns. */
HOST_INLINE int32_t host_column_words(int32_t pairs, int32_t plane) {
  return host_round_up(plane, HOST_TILE_WIDTH) * pairs;
}

/* `weights`: rows of HOST_CHUNK words. */
HOST_INLINE void host_multiply_words(const int32_t *columns, const int32_t *weights, int32_t pairs,
                                     host_s32 sums[HOST_TILE_CHANNELS][2]) {
  host_s32 acc[HOST_TILE_CHANNELS][2] = {{{0}}};
  for (ptrdiff_t k = 0; k < pairs; k++) {
    const host_s16 a = (host_s16)host_load_s32(columns + k * HOST_TILE_WIDTH);
    const host_s16 b = (host_s16)host_load_s32(columns + k * HOST_TILE_WIDTH + HOST_LANES);
    for (int32_t j = 0; j < HOST_TILE_CHANNELS; j++) {
      const host_s16 weight = (host_s16)host_splat_s32(weights[k * HOST_CHUNK + j]);
      acc[j][0] += host_dot_pairs(a, weight);
      acc[j][1] += host_dot_pairs(b, weight);
    }
  }
  memcpy(sums, acc, sizeof(acc));
}

/* The sums of `channels` input channels of all images. `positions` (NULL: 0, 1, ...) are their planes. */
HOST_INLINE void host_multiply_chunk(const host_columns *job, const int32_t *weights, int32_t first,
                                     int32_t channels, const uint16_t *positions) {
  const int32_t words = host_column_words(job->pairs, job->plane);
  for (int32_t c = 0; c < channels; c += HOST_TILE_CHANNELS)
    for (int32_t i = 0; i < job->images; i++)
      for (int32_t p = 0; p < job->plane; p += HOST_TILE_WIDTH) {
        const int32_t count = tinysdk_min(HOST_TILE_WIDTH, job->plane - p);
        host_s32 sums[HOST_TILE_CHANNELS][2];
        host_multiply_words(job->columns + i * words + p * job->pairs, weights + c, job->pairs, sums);
        for (int32_t j = 0; j < tinysdk_min(HOST_TILE_CHANNELS, channels - c); j++) {
          const int32_t position = positions ? positions[first + c + j] : first + c + j;
          int32_t *const to = job->sums + i * job->step + position * job->plane + p;
          if (count == HOST_TILE_WIDTH)
            memcpy(to, sums[j], sizeof(sums[j]));
          else
            memcpy(to, sums[j], sizeof(int32_t) * (uint32_t)count);
        }
      }
}

#endif
