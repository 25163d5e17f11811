// 3x3 SAME convolutions of many channels and filters: a block computes 64 filters of a tile of an image, a thread 8 filters of 2x4
// pixels. Channels come in stages through shared memory; the threads of a block may share them out and add their sums in the end.
#include "convolution.cuh"

#define FILTERS 64  // of a block
#define OWN 8       // of a thread
#define GROUPS (FILTERS / OWN)
constexpr int LOADS = 2;  // in flight of a thread

// weights[channel][tap][filter] and, for the input's gradient, back[filter][tap][channel] of the block's weights, [filter][channel][tap].
extern "C" __global__ void __launch_bounds__(256) arrange_weights(const float* parameters, float* weights, float* back, int channels, int filters) {
  int i = blockIdx.x * 256 + threadIdx.x;
  if (i >= filters * channels * 9) return;
  int f = i % filters, c = i / filters / 9, t = i / filters % 9;
  weights[i] = parameters[(f * channels + c) * 9 + t];
  f = i / channels / 9;
  c = i % channels;
  t = i / channels % 9;
  back[i] = parameters[(f * channels + c) * 9 + t];
}

struct Pixels {
  const float* values;
  __device__ float operator[](size_t at) const { return values[at]; }
};

// The gradient of a block's output before its ReLU.
struct Rectified {
  const float* gradient;
  const float* output;
  __device__ float operator[](size_t at) const { return output[at] <= 0 ? 0 : gradient[at]; }
};

// The products of a tile: HEIGHT x WIDTH pixels, CHANNELS a stage, of which each of PARTS groups of threads takes its share. FLIPPED:
// taps in reverse, as the input's gradient wants them. sums[f][i]: filter f of the thread's group, pixel (i / 4, i % 4) of its eight.
template <int HEIGHT, int WIDTH, int CHANNELS, int PARTS, bool FLIPPED>
struct Tile {
  static const int PLACES = HEIGHT * WIDTH / 8, PART = GROUPS * PLACES, THREADS = PART * PARTS;
  static const int LINE = WIDTH == 16 ? 24 : 12;  // 16-byte reads of 8 lanes meet each bank once
  float patch[CHANNELS][HEIGHT + 2][LINE];
  float weights[CHANNELS][9][FILTERS];

  // Where a thread's filters and pixels are.
  static __device__ int part() { return threadIdx.x / PART; }
  static __device__ int firstFilter() { return threadIdx.x % PART / PLACES * OWN; }
  static __device__ int row() { return threadIdx.x % PLACES / (WIDTH / 4) * 2; }
  static __device__ int column() { return threadIdx.x % (WIDTH / 4) * 4; }

  template <class Source>
  __device__ void load(const Source& source, size_t image, int top, int left, int height, int width) {
#pragma unroll LOADS
    for (int i = threadIdx.x; i < CHANNELS * (HEIGHT + 2) * (WIDTH + 2); i += THREADS) {
      int c = i / ((HEIGHT + 2) * (WIDTH + 2)), r = i / (WIDTH + 2) % (HEIGHT + 2), k = i % (WIDTH + 2);
      int y = top + r - 1, x = left + k - 1;
      bool inside = y >= 0 && y < height && x >= 0 && x < width;
      patch[c][r][k] = inside ? source[image + ((size_t)c * height + y) * width + x] : 0;
    }
  }

  __device__ void loadWeights(const float* from, int filters) {
#pragma unroll LOADS
    for (int i = threadIdx.x; i < CHANNELS * 9 * FILTERS / 4; i += THREADS)
      ((float4*)weights)[i] = *(const float4*)&from[(size_t)(i / (FILTERS / 4)) * filters + i % (FILTERS / 4) * 4];
  }

  // Adds one channel's products.
  __device__ void add(float (&sums)[OWN][8], int c) const {
    float pixels[2][6];
    line(pixels[0], c, 0);
#pragma unroll
    for (int i = 0; i < 3; i++) {
      line(pixels[(i + 1) % 2], c, i + 1);
#pragma unroll
      for (int j = 0; j < 3; j++) {
        const float* tap = &weights[c][FLIPPED ? 8 - 3 * i - j : 3 * i + j][firstFilter()];
        float4 a = *(const float4*)tap, b = *(const float4*)(tap + 4);
        float own[OWN] = {a.x, a.y, a.z, a.w, b.x, b.y, b.z, b.w};
#pragma unroll
        for (int f = 0; f < OWN; f++)
#pragma unroll
          for (int p = 0; p < 8; p++) sums[f][p] = fmaf(own[f], pixels[(i + p / 4) % 2][p % 4 + j], sums[f][p]);
      }
    }
  }

  // The six pixels of a row that a thread's four columns need.
  __device__ void line(float (&pixels)[6], int c, int r) const {
    const float* from = &patch[c][row() + r][column()];
    float4 a = *(const float4*)from;
    float2 b = *(const float2*)(from + 4);
    pixels[0] = a.x;
    pixels[1] = a.y;
    pixels[2] = a.z;
    pixels[3] = a.w;
    pixels[4] = b.x;
    pixels[5] = b.y;
  }

  // Adds the parts' sums: in the end each has the sums of OWN / PARTS filters, the first of which is returned.
  __device__ int join(float (&sums)[OWN][8]) {
    float* box = (float*)weights;
    int first = 0, place = threadIdx.x % PART;
#pragma unroll
    for (int span = PARTS / 2, count = OWN / 2; span > 0; span /= 2, count /= 2) {
      bool upper = part() & span;
      __syncthreads();
#pragma unroll
      for (int f = 0; f < count; f++)
#pragma unroll
        for (int i = 0; i < 8; i++) box[((f * 8 + i) * PARTS + part()) * PART + place] = upper ? sums[f][i] : sums[f + count][i];
      __syncthreads();
#pragma unroll
      for (int f = 0; f < count; f++)
#pragma unroll
        for (int i = 0; i < 8; i++) sums[f][i] = (upper ? sums[f + count][i] : sums[f][i]) + box[((f * 8 + i) * PARTS + (part() ^ span)) * PART + place];
      first += upper ? count : 0;
    }
    return first;
  }

  // All products of the block's tile; sums of OWN / PARTS filters from the returned one.
  template <class Source>
  __device__ int products(float (&sums)[OWN][8], const Source& source, const float* from, int top, int left, int channels, int height, int width, int filters) {
#pragma unroll
    for (int f = 0; f < OWN; f++)
#pragma unroll
      for (int i = 0; i < 8; i++) sums[f][i] = 0;
#pragma unroll 1
    for (int first = 0; first < channels; first += CHANNELS) {
      __syncthreads();
      load(source, ((size_t)blockIdx.x * channels + first) * height * width, top, left, height, width);
      loadWeights(from + (size_t)first * 9 * filters + blockIdx.z * FILTERS, filters);
      __syncthreads();
#pragma unroll 1
      for (int c = 0; c < CHANNELS / PARTS; c++) add(sums, part() * (CHANNELS / PARTS) + c);
    }
    return blockIdx.z * FILTERS + firstFilter() + join(sums);
  }
};

// Grids: examples by tiles by filters / 64. Weights are [channel][tap][filter].
extern "C" __global__ void __launch_bounds__(128, 4) convolve_tiles_pooled(const int* step, const float* __restrict__ input, const float* __restrict__ biases,
    const float* __restrict__ weights, float* __restrict__ output, unsigned char* __restrict__ choice, int channels, int height, int width, int filters) {
  typedef Tile<8, 16, 8, 1, false> Own;
  SHARED16 Own tile;
  if ((int)blockIdx.x >= stepCount(step)) return;
  int top = blockIdx.y / (width / 16) * 8, left = blockIdx.y % (width / 16) * 16;
  float sums[OWN][8];
  int first = tile.products(sums, Pixels{input}, weights, top, left, channels, height, width, filters);
#pragma unroll
  for (int f = 0; f < OWN; f++) {
    size_t plane = (size_t)blockIdx.x * filters + first + f, to = (plane * (height / 2) + (top + Own::row()) / 2) * (width / 2) + (left + Own::column()) / 2;
    float bias = biasOf(biases, first + f), results[2];
    unsigned char marks[2];
#pragma unroll
    for (int w = 0; w < 2; w++) {
      float window[4];
#pragma unroll
      for (int p = 0; p < 4; p++) window[p] = sums[f][p / 2 * 4 + 2 * w + p % 2] + bias;
      results[w] = pooled(window, 1, &marks[w]);
    }
    *(float2*)&output[to] = make_float2(results[0], results[1]);
    *(unsigned short*)&choice[to] = (unsigned short)(marks[0] | marks[1] << 8);
  }
}

extern "C" __global__ void __launch_bounds__(256, 2) convolve_tiles(const int* step, const float* __restrict__ input, const float* __restrict__ biases,
    const float* __restrict__ weights, float* __restrict__ output, int channels, int height, int width, int filters) {
  typedef Tile<8, 8, 16, 4, false> Own;
  SHARED16 Own tile;
  if ((int)blockIdx.x >= stepCount(step)) return;
  int top = blockIdx.y / (width / 8) * 8, left = blockIdx.y % (width / 8) * 8;
  float sums[OWN][8];
  int first = tile.products(sums, Pixels{input}, weights, top, left, channels, height, width, filters);
#pragma unroll
  for (int f = 0; f < OWN / 4; f++)
#pragma unroll
    for (int r = 0; r < 2; r++) {
      float bias = biasOf(biases, first + f), *s = &sums[f][4 * r];
      size_t to = (((size_t)blockIdx.x * filters + first + f) * height + top + Own::row() + r) * width + left + Own::column();
      *(float4*)&output[to] = make_float4(rectified(s[0] + bias), rectified(s[1] + bias), rectified(s[2] + bias), rectified(s[3] + bias));
    }
}

// The input's gradient where no pool is: a convolution of the output's gradient, with channels and filters exchanged.
extern "C" __global__ void __launch_bounds__(256, 2) input_gradient_tiles(const int* step, const float* __restrict__ back, const float* __restrict__ gradient,
    const float* __restrict__ output, float* __restrict__ inputGradient, int channels, int height, int width, int filters) {
  typedef Tile<8, 8, 16, 4, true> Own;
  SHARED16 Own tile;
  if ((int)blockIdx.x >= stepCount(step)) return;
  int top = blockIdx.y / (width / 8) * 8, left = blockIdx.y % (width / 8) * 8;
  float sums[OWN][8];
  int first = tile.products(sums, Rectified{gradient, output}, back, top, left, filters, height, width, channels);
#pragma unroll
  for (int f = 0; f < OWN / 4; f++)
#pragma unroll
    for (int r = 0; r < 2; r++) {
      size_t to = (((size_t)blockIdx.x * channels + first + f) * height + top + Own::row() + r) * width + left + Own::column();
      *(float4*)&inputGradient[to] = make_float4(sums[f][4 * r], sums[f][4 * r + 1], sums[f][4 * r + 2], sums[f][4 * r + 3]);
    }
}

#define SIZE 8            // rows and columns of an image of weight_gradient_tiles
#define LINE (SIZE + 2)
#define PLANE (LINE * LINE + 1)  // odd: 32 channels meet each bank once

// A lane is a channel, a warp has eight filters. Images of 8x8. Grid: parts by channels / 32 by filters / 64; partials as in weight_gradient.
extern "C" __global__ void __launch_bounds__(256, 2) weight_gradient_tiles(const int* step, const float* __restrict__ input, const float* __restrict__ gradient,
    const float* __restrict__ output, float* __restrict__ partials, int channels, int filters, int images) {
  SHARED16 float gradients[SIZE * SIZE][FILTERS + 4];
  SHARED16 float patch[32][PLANE];
  int lane = threadIdx.x % 32, own = threadIdx.x / 32 * OWN, firstChannel = blockIdx.y * 32, firstFilter = blockIdx.z * FILTERS;
  float sums[OWN][9], bias = 0;
#pragma unroll
  for (int f = 0; f < OWN; f++)
#pragma unroll
    for (int t = 0; t < 9; t++) sums[f][t] = 0;
  for (int i = threadIdx.x; i < 32 * PLANE; i += 256) ((float*)patch)[i] = 0;
  int begin = blockIdx.x * images, end = min(begin + images, stepCount(step));
#pragma unroll 1
  for (int n = begin; n < end; n++) {
    const float* image = input + ((size_t)n * channels + firstChannel) * SIZE * SIZE;
    size_t from = ((size_t)n * filters + firstFilter) * SIZE * SIZE;
    __syncthreads();
#pragma unroll
    for (int i = threadIdx.x; i < 32 * SIZE * SIZE; i += 256) patch[i / (SIZE * SIZE)][(i / SIZE % SIZE + 1) * LINE + i % SIZE + 1] = image[i];
#pragma unroll 4
    for (int i = threadIdx.x; i < FILTERS * SIZE * SIZE; i += 256) gradients[i % (SIZE * SIZE)][i / (SIZE * SIZE)] = output[from + i] <= 0 ? 0 : gradient[from + i];
    __syncthreads();
#pragma unroll
    for (int i = 0; i < SIZE * SIZE / 4; i++) bias += gradients[threadIdx.x / FILTERS * (SIZE * SIZE / 4) + i][threadIdx.x % FILTERS];
#pragma unroll 1
    for (int r = 0; r < SIZE; r++) {
      float pixels[3][3];
#pragma unroll
      for (int i = 0; i < 3; i++)
#pragma unroll
        for (int k = 0; k < 2; k++) pixels[i][k + 1] = patch[lane][(r + i) * LINE + k];
#pragma unroll
      for (int k = 0; k < SIZE; k++) {
#pragma unroll
        for (int i = 0; i < 3; i++) {
          pixels[i][0] = pixels[i][1];
          pixels[i][1] = pixels[i][2];
          pixels[i][2] = patch[lane][(r + i) * LINE + k + 2];
        }
        float4 a = *(const float4*)&gradients[r * SIZE + k][own], b = *(const float4*)&gradients[r * SIZE + k][own + 4];
        float from8[OWN] = {a.x, a.y, a.z, a.w, b.x, b.y, b.z, b.w};
#pragma unroll
        for (int f = 0; f < OWN; f++)
#pragma unroll
          for (int t = 0; t < 9; t++) sums[f][t] = fmaf(from8[f], pixels[t / 3][t % 3], sums[f][t]);
      }
    }
  }
  float* part = partials + (size_t)blockIdx.x * filters * (channels * 9 + 1);
#pragma unroll
  for (int t = 0; t < 9; t++)
#pragma unroll
    for (int f = 0; f < OWN; f++) part[filters + ((size_t)t * filters + firstFilter + own + f) * channels + firstChannel + lane] = sums[f][t];
  if (blockIdx.y > 0) return;
  __syncthreads();
  float* quarters = (float*)gradients + threadIdx.x;
  *quarters = bias;
  __syncthreads();
  if (threadIdx.x < FILTERS) part[firstFilter + threadIdx.x] = (quarters[0] + quarters[2 * FILTERS]) + (quarters[FILTERS] + quarters[3 * FILTERS]);
}
