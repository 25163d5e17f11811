// The first layer's convolution: 3x3 SAME of 3 channels, ReLU and 2x2 max-pool, and its parameters' gradients. A lane is a
// filter, and reads pixels from shared memory that are the same for its whole warp; two windows at a time.
#include "convolution.cuh"

#define CHANNELS 3
#define SIZE 32                 // rows and columns of an image
#define WINDOWS (SIZE / 2)      // the same of the pool's output
#define LINE (SIZE + 4)         // a multiple of 4, for 16-byte reads
#define TAPS (CHANNELS * 9)
#define WARPS 8

typedef float Image[CHANNELS][SIZE + 2][LINE];

// Copies an image between zeros. All 256 threads take part.
static __device__ void loadImage(Image image, const float* from) {
  for (int i = threadIdx.x; i < CHANNELS * (SIZE + 2) * LINE; i += WARPS * 32) {
    int c = i / ((SIZE + 2) * LINE), row = i / LINE % (SIZE + 2) - 1, column = i % LINE - 1;
    bool inside = row >= 0 && row < SIZE && column >= 0 && column < SIZE;
    image[c][row + 1][column + 1] = inside ? from[(c * SIZE + row) * SIZE + column] : 0;
  }
}

// The pixels of a channel that two neighboring windows read.
static __device__ void loadPixels(float (&pixels)[4][6], const float (*channel)[LINE], int windowRow, int window) {
#pragma unroll
  for (int i = 0; i < 4; i++) {
    const float* line = &channel[2 * windowRow + i][2 * window];
    float4 a = *(const float4*)line;
    float2 b = *(const float2*)(line + 4);
    pixels[i][0] = a.x;
    pixels[i][1] = a.y;
    pixels[i][2] = a.z;
    pixels[i][3] = a.w;
    pixels[i][4] = b.x;
    pixels[i][5] = b.y;
  }
}

// The sums of two neighboring windows, four pixels each.
static __device__ void addWindows(float (&sums)[2][4], const Image image, const float (&weights)[TAPS], int row, int window) {
#pragma unroll
  for (int c = 0; c < CHANNELS; c++) {
    float pixels[4][6];
    loadPixels(pixels, image[c], row, window);
#pragma unroll
    for (int t = 0; t < 9; t++)
#pragma unroll
      for (int w = 0; w < 2; w++)
#pragma unroll
        for (int p = 0; p < 4; p++) sums[w][p] = fmaf(weights[c * 9 + t], pixels[p / 2 + t / 3][2 * w + p % 2 + t % 3], sums[w][p]);
  }
}

// A warp makes two rows of windows. They go through shared memory, so that a row of a filter is written at once.
// Grid: examples by filters / 32.
extern "C" __global__ void __launch_bounds__(256, 2) convolve_first(const int* step, const float* __restrict__ input,
    const float* __restrict__ biases, const float* __restrict__ allWeights, float* __restrict__ output, unsigned char* __restrict__ choice, int filters) {
  SHARED16 Image image;
  SHARED16 float lines[WARPS][32][WINDOWS + 4];
  SHARED int lineMarks[WARPS][32][WINDOWS / 4 + 1];
  int lane = threadIdx.x % 32, warp = threadIdx.x / 32, n = blockIdx.x, firstFilter = blockIdx.y * 32;
  if (n >= stepCount(step)) return;
  loadImage(image, input + (size_t)n * CHANNELS * SIZE * SIZE);
  float* weights = (float*)lines;
  for (int i = threadIdx.x; i < 32 * TAPS; i += WARPS * 32) weights[i] = allWeights[firstFilter * TAPS + i];
  __syncthreads();
  float own[TAPS], bias = biasOf(biases, firstFilter + lane);
#pragma unroll
  for (int t = 0; t < TAPS; t++) own[t] = weights[lane * TAPS + t];
  __syncthreads();
  int4 above = {0, 0, 0, 0};
#pragma unroll 1
  for (int row = warp * 2; row < warp * 2 + 2; row++) {
#pragma unroll 1
    for (int first = 0; first < WINDOWS; first += 4) {
      float values[4];
      unsigned marks = 0;
#pragma unroll
      for (int two = 0; two < 4; two += 2) {
        float sums[2][4] = {{0, 0, 0, 0}, {0, 0, 0, 0}};
        addWindows(sums, image, own, row, first + two);
#pragma unroll
        for (int w = 0; w < 2; w++) {
#pragma unroll
          for (int p = 0; p < 4; p++) sums[w][p] += bias;
          unsigned char mark;
          values[two + w] = pooled(sums[w], 1, &mark);
          marks |= (unsigned)mark << (8 * (two + w));
        }
      }
      *(float4*)&lines[warp][lane][first] = make_float4(values[0], values[1], values[2], values[3]);
      lineMarks[warp][lane][first / 4] = (int)marks;
    }
    __syncwarp();
    size_t to = ((size_t)n * filters + firstFilter) * WINDOWS * WINDOWS + row * WINDOWS;
#pragma unroll
    for (int i = lane; i < 32 * WINDOWS / 4; i += 32)
      *(float4*)&output[to + i / 4 * WINDOWS * WINDOWS + i % 4 * 4] = *(const float4*)&lines[warp][i / 4][i % 4 * 4];
    const int* marks = lineMarks[warp][lane];
    int4 below = {marks[0], marks[1], marks[2], marks[3]};
    if (row % 2 == 1) {
      int4* pair = (int4*)&choice[to + (size_t)lane * WINDOWS * WINDOWS - WINDOWS];
      pair[0] = above;
      pair[1] = below;
    }
    above = below;
    __syncwarp();
  }
}

// A window's gradient at the pixel that it came from, 0 at the others.
static __device__ void spreadWindow(float (&pixels)[4], float gradient, unsigned mark) {
#pragma unroll
  for (int p = 0; p < 4; p++) pixels[p] = mark == (unsigned)p ? gradient : 0;
}

// Grid: parts by filters / 32; partials as in weight_gradient.
extern "C" __global__ void __launch_bounds__(256, 2) weight_gradient_first(const int* step, const float* __restrict__ input,
    const float* __restrict__ gradient, const unsigned char* __restrict__ choice, float* __restrict__ partials, int filters, int images) {
  SHARED16 Image image;
  SHARED float all[WARPS][TAPS + 1][32];
  int lane = threadIdx.x % 32, warp = threadIdx.x / 32, firstFilter = blockIdx.y * 32;
  float sums[TAPS], bias = 0;
#pragma unroll
  for (int t = 0; t < TAPS; t++) sums[t] = 0;
  int begin = blockIdx.x * images, end = min(begin + images, stepCount(step));
  for (int n = begin; n < end; n++) {
    __syncthreads();
    loadImage(image, input + (size_t)n * CHANNELS * SIZE * SIZE);
    __syncthreads();
#pragma unroll 1
    for (int i = warp; i < WINDOWS * WINDOWS / 4; i += WARPS) {
      int row = i / (WINDOWS / 4), first = i % (WINDOWS / 4) * 4;
      size_t at = (((size_t)n * filters + firstFilter + lane) * WINDOWS + row) * WINDOWS + first;
      float4 four = *(const float4*)&gradient[at];
      unsigned marks = *(const unsigned*)&choice[at];
      float gradients[4] = {four.x, four.y, four.z, four.w};
#pragma unroll
      for (int two = 0; two < 4; two += 2) {
        float from[2][4];
#pragma unroll
        for (int w = 0; w < 2; w++) {
          unsigned mark = marks >> (8 * (two + w)) & 255;
          spreadWindow(from[w], gradients[two + w], mark);
          bias += mark == INACTIVE ? 0 : gradients[two + w];
        }
#pragma unroll
        for (int c = 0; c < CHANNELS; c++) {
          float pixels[4][6];
          loadPixels(pixels, image[c], row, first + two);
#pragma unroll
          for (int w = 0; w < 2; w++)
#pragma unroll
            for (int p = 0; p < 4; p++)
#pragma unroll
              for (int t = 0; t < 9; t++) sums[c * 9 + t] = fmaf(from[w][p], pixels[p / 2 + t / 3][2 * w + p % 2 + t % 3], sums[c * 9 + t]);
        }
      }
    }
  }
#pragma unroll
  for (int t = 0; t < TAPS; t++) all[warp][t][lane] = sums[t];
  all[warp][TAPS][lane] = bias;
  __syncthreads();
  float* part = partials + (size_t)blockIdx.x * filters * (TAPS + 1);
  for (int i = threadIdx.x; i < (TAPS + 1) * 32; i += WARPS * 32) {
    int t = i / 32, filter = firstFilter + lane;
    float sum = all[0][t][lane];
#pragma unroll
    for (int w = 1; w < WARPS; w++) sum += all[w][t][lane];
    part[t == TAPS ? filter : filters + (t % 9 * filters + filter) * CHANNELS + t / 9] = sum;
  }
}
