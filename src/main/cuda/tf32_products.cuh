// Products of weights and images on tensor cores: a block of 128 threads computes 32 WM rows of a tile's pixels, a warp 32 rows. Weights
// and what they multiply come in stages through shared memory, the next stage while this one is multiplied.
#pragma once
#include "tf32.cuh"

template <class Tile, int WM>
struct Product {
  static const int WARPS = 4 / WM, ROWS = 32 * WM, PLACES = Tile::PIXELS / WARPS / 8;
  static const int CHANNELS = 8 * Tile::GROUPS, STEPS = Tile::TAPS * Tile::GROUPS, CHUNK = STEPS * 32;
  static const int PLANE = paddedPlane<Tile::POSITIONS, 8, 16>();  // four channels' eight pixels meet each bank once
  static const int READS = (Tile::POSITIONS + 127) / 128, PARTS = READS > 1 ? 4 : 2;
  static const int HELD = CHANNELS / PARTS;  // of a stage's channels a thread holds so many at a time
  struct Stage {
    float4 weights[2 * WM][CHUNK];
    float patch[CHANNELS][PLANE];
  };
  Stage stages[2];

  static __device__ int warpRow() { return threadIdx.x / 32 / WARPS * 32; }
  static __device__ int firstPixel() { return threadIdx.x / 32 % WARPS * PLACES * 8; }

  __device__ void copy(Stage& to, const float4* weights, int stage, int count) {
#pragma unroll 1
    for (int i = threadIdx.x; i < 2 * WM * CHUNK; i += 128)
      copyAsync(&to.weights[i / CHUNK][i % CHUNK], &weights[((size_t)(blockIdx.z * 2 * WM + i / CHUNK) * count + stage) * CHUNK + i % CHUNK]);
  }

  template <class Source>
  static __device__ void read(float (&values)[HELD][READS], const Source& source, const Position (&positions)[READS], int first) {
#pragma unroll
    for (int c = 0; c < HELD; c++)
#pragma unroll
      for (int i = 0; i < READS; i++) values[c][i] = source.read(positions[i], first + c);
  }

  /** Where the values are that a thread reads, in the planes of the tile's images. */
  template <class Source>
  static __device__ void find(Position (&positions)[READS], const Tile& tile, const Source& source, int above, int before) {
#pragma unroll
    for (int i = 0; i < READS; i++) positions[i] = source.position(tile.around(threadIdx.x + i * 128, above, before));
  }

  static __device__ void write(Stage& to, int first, const float (&values)[HELD][READS]) {
#pragma unroll
    for (int i = 0; i < READS; i++) {
      int at = threadIdx.x + i * 128;
      if (Tile::POSITIONS % 128 != 0 && at >= Tile::POSITIONS) continue;
#pragma unroll
      for (int c = 0; c < HELD; c++) to.patch[first + c][at] = toTf32(values[c][i]);
    }
  }

  // One of the PARTS of a stage's steps.
  static __device__ void add(float (&sums)[2][PLACES][4], const Stage& from, int part) {
    int lane = threadIdx.x % 32;
    const float4* weights = &from.weights[warpRow() / 16][lane];
    const float* pixels = &from.patch[lane % 4][Tile::place(firstPixel()) + Tile::place(lane / 4)];
#pragma unroll
    for (int i = 0; i < (STEPS + PARTS - 1) / PARTS; i++) {
      int step = part * STEPS / PARTS + i;
      if (step >= (part + 1) * STEPS / PARTS) continue;
      float4 upper = weights[step * 32], lower = weights[CHUNK + step * 32];
      const float* tapped = pixels + step / Tile::TAPS * 8 * PLANE + Tile::tap(step % Tile::TAPS);
#pragma unroll
      for (int p = 0; p < PLACES; p++) {
        float b0 = tapped[Tile::place(p * 8)], b1 = tapped[Tile::place(p * 8) + 4 * PLANE];
        multiplyAdd(sums[0][p], upper, b0, b1);
        multiplyAdd(sums[1][p], lower, b0, b1);
      }
    }
  }

  /** The sums over `depth` channels: rows warpRow() + 16 i of pixels firstPixel() + 8 p, as multiplyAdd has them. */
  template <class Source>
  __device__ void sum(float (&sums)[2][PLACES][4], const float4* weights, const Source& source, const Position (&positions)[READS], int depth) {
    int count = (depth + CHANNELS - 1) / CHANNELS;
#pragma unroll
    for (int i = 0; i < 2; i++)
#pragma unroll
      for (int p = 0; p < PLACES; p++)
#pragma unroll
        for (int e = 0; e < 4; e++) sums[i][p][e] = 0;
    copy(stages[0], weights, 0, count);
    float values[HELD][READS];
#pragma unroll
    for (int channel = 0; channel < CHANNELS; channel += HELD) {
      read(values, source, positions, channel);
      write(stages[0], channel, values);
    }
#pragma unroll 1
    for (int stage = 0; stage < count; stage++) {
      copiesDone();
      __syncthreads();
      Stage& next = stages[(stage + 1) % 2];
      bool more = stage + 1 < count;
      if (more) copy(next, weights, stage + 1, count);
#pragma unroll
      for (int part = 0; part < PARTS; part++) {
        if (more) read(values, source, positions, (stage + 1) * CHANNELS + part * HELD);
        add(sums, stages[stage % 2], part);
        if (more) write(next, part * HELD, values);
      }
    }
  }

  /** Writes all sums, plus biases where there are any, as planes of `rows` a tile's image. */
  static __device__ void store(float (&sums)[2][PLACES][4], const Tile& tile, float* output, const float* biases, int relu, int rows, int height, int width) {
    int lane = threadIdx.x % 32, first = blockIdx.z * ROWS + warpRow() + lane / 4;
    float bias[4];
#pragma unroll
    for (int r = 0; r < 4; r++) bias[r] = biases != nullptr && first + r * 8 < rows ? biases[first + r * 8] : 0;
    bool pairs = Tile::pairs(height, width);
    output += (size_t)tile.firstImage * rows * height * width;
#pragma unroll
    for (int p = 0; p < PLACES; p++) {
      Spot spots[2] = {tile.pixel(firstPixel() + p * 8 + lane % 4 * 2), tile.pixel(firstPixel() + p * 8 + lane % 4 * 2 + 1)};
      int at[2];
#pragma unroll
      for (int e = 0; e < 2; e++) {
        bool inside = spots[e].inside && spots[e].row < height && spots[e].column < width;
        at[e] = inside ? (spots[e].image * rows * height + spots[e].row) * width + spots[e].column : -1;
      }
#pragma unroll
      for (int r = 0; r < 4; r++) {
        if (first + r * 8 >= rows) continue;
        float a = sums[r / 2][p][r % 2 * 2] + bias[r], b = sums[r / 2][p][r % 2 * 2 + 1] + bias[r];
        if (relu) {
          a = rectified(a);
          b = rectified(b);
        }
        float* to = output + (size_t)(first + r * 8) * height * width;
        if (pairs) {
          if (at[0] >= 0) *(float2*)&to[at[0]] = make_float2(a, b);
        } else {
          if (at[0] >= 0) to[at[0]] = a;
          if (at[1] >= 0) to[at[1]] = b;
        }
      }
    }
  }
};
