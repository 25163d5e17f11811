// Gradients of 3x3 SAME convolutions that a 2x2 max-pool follows. A window hands its gradient to one pixel only, so that a
// quarter of the products suffices: which quarter is known for a whole warp at once, whose lanes are 32 channels.
#include "convolution.cuh"

#define SIZE 16                  // rows and columns of an image
#define WINDOWS (SIZE / 2)       // the same of the pool's output
#define FILTERS 32               // of a block
#define OWN (FILTERS / 8)        // of a warp
#define STRIP 8                  // rows of an image in shared memory, and one above and below
#define LINE (SIZE + 2)
#define PLANE ((STRIP + 2) * LINE + 2)  // twice an odd number: 16 lanes read 8 bytes each without meeting a bank twice

// Adds a window's gradient, of its pixel (Y, X), times that pixel's neighbors.
template <int Y, int X>
static __device__ void addWindow(float (&sums)[9], const float (&pixels)[4][4], float gradient) {
#pragma unroll
  for (int t = 0; t < 9; t++) sums[t] = fmaf(gradient, pixels[Y + t / 3][X + t % 3], sums[t]);
}

static __device__ void addWindow(float (&sums)[9], const float (&pixels)[4][4], float gradient, bool lower, bool right) {
  if (lower) {
    if (right) addWindow<1, 1>(sums, pixels, gradient);
    else addWindow<1, 0>(sums, pixels, gradient);
  } else {
    if (right) addWindow<0, 1>(sums, pixels, gradient);
    else addWindow<0, 0>(sums, pixels, gradient);
  }
}

// What a warp's lanes know of 32 windows: four filters by eight or eight by four.
struct Windows {
  float gradient;
  unsigned lower, right;  // a bit for each lane

  // Moves all to lower lanes.
  __device__ void next(int lanes) {
    gradient = __shfl_down_sync(ALL_LANES, gradient, lanes);
    lower >>= lanes;
    right >>= lanes;
  }
};

static __device__ Windows windows(const float* gradient, const unsigned char* choice, size_t at) {
  int place = choice[at];
  Windows w;
  w.gradient = place == INACTIVE ? 0 : gradient[at];
  w.lower = __ballot_sync(ALL_LANES, place & 2);
  w.right = __ballot_sync(ALL_LANES, place & 1);
  return w;
}

// Grid: parts by channels / 32 by filters / 32; partials as in weight_gradient.
extern "C" __global__ void __launch_bounds__(256, 4) weight_gradient_pooled(const int* step, const float* __restrict__ input,
    const float* __restrict__ gradient, const unsigned char* __restrict__ choice, float* __restrict__ partials, int channels, int filters, int images) {
  SHARED16 float strip[32][PLANE];
  int lane = threadIdx.x % 32, firstChannel = blockIdx.y * 32, firstFilter = blockIdx.z * FILTERS + threadIdx.x / 32 * OWN;
  float sums[OWN][9], bias = 0;
#pragma unroll
  for (int f = 0; f < OWN; f++)
#pragma unroll
    for (int t = 0; t < 9; t++) sums[f][t] = 0;
  for (int i = threadIdx.x; i < 32 * (STRIP + 2) * 2; i += 256) strip[i / 2 % 32][i / 64 * LINE + i % 2 * (SIZE + 1)] = 0;
  int first = blockIdx.x * images, last = min(first + images, stepCount(step));
  for (int n = first; n < last; n++) {
    const float* image = input + ((size_t)n * channels + firstChannel) * SIZE * SIZE;
#pragma unroll 1
    for (int top = 0; top < SIZE; top += STRIP) {
      __syncthreads();
#pragma unroll 1
      for (int i = threadIdx.x; i < 32 * (STRIP + 2) * SIZE / 4; i += 256) {
        int c = i / ((STRIP + 2) * SIZE / 4), r = i / (SIZE / 4) % (STRIP + 2), quad = i % (SIZE / 4), row = top + r - 1;
        float4 v = row >= 0 && row < SIZE ? *(const float4*)&image[(c * SIZE + row) * SIZE + quad * 4] : make_float4(0, 0, 0, 0);
        float* to = &strip[c][r * LINE + quad * 4 + 1];
        to[0] = v.x;
        to[1] = v.y;
        to[2] = v.z;
        to[3] = v.w;
      }
      __syncthreads();
#pragma unroll 1
      for (int r = 0; r < STRIP / 2; r++) {
        size_t at = (((size_t)n * filters + firstFilter + lane / WINDOWS) * WINDOWS + top / 2 + r) * WINDOWS + lane % WINDOWS;
        Windows w = windows(gradient, choice, at);
        bias += w.gradient;
#pragma unroll 1
        for (int x = 0; x < WINDOWS; x++) {
          float pixels[4][4];
#pragma unroll
          for (int i = 0; i < 4; i++)
#pragma unroll
            for (int j = 0; j < 4; j += 2) {
              float2 v = *(const float2*)&strip[lane][(2 * r + i) * LINE + 2 * x + j];
              pixels[i][j] = v.x;
              pixels[i][j + 1] = v.y;
            }
#pragma unroll
          for (int f = 0; f < OWN; f++) {
            unsigned bit = 1u << (f * WINDOWS);
            addWindow(sums[f], pixels, __shfl_sync(ALL_LANES, w.gradient, f * WINDOWS), w.lower & bit, w.right & bit);
          }
          w.next(1);
        }
      }
    }
  }
  float* part = partials + (size_t)blockIdx.x * filters * (channels * 9 + 1);
#pragma unroll
  for (int t = 0; t < 9; t++)
#pragma unroll
    for (int f = 0; f < OWN; f++) part[filters + ((size_t)t * filters + firstFilter + f) * channels + firstChannel + lane] = sums[f][t];
#pragma unroll
  for (int other = WINDOWS / 2; other > 0; other /= 2) bias += __shfl_xor_sync(ALL_LANES, bias, other);
  if (blockIdx.y == 0 && lane % WINDOWS == 0) part[firstFilter + lane / WINDOWS] = bias;
}

#define STAGE 16                        // filters whose weights are in shared memory at once
#define REGION 4                        // rows and columns of a warp: two by two windows

// Adds a window's gradient times the nine weights to the pixels around its pixel (Y, X).
template <int Y, int X>
static __device__ void scatterWindow(float (&sums)[REGION + 2][REGION + 2], const float (&weights)[9], float gradient) {
#pragma unroll
  for (int t = 0; t < 9; t++) sums[Y + t / 3][X + t % 3] = fmaf(gradient, weights[t], sums[Y + t / 3][X + t % 3]);
}

template <int ROW, int COLUMN>
static __device__ void scatterWindow(float (&sums)[REGION + 2][REGION + 2], const float (&weights)[9], const Windows& w) {
  const int lane = ROW * 2 + COLUMN;
  float gradient = __shfl_sync(ALL_LANES, w.gradient, lane);
  if (w.lower & 1u << lane) {
    if (w.right & 1u << lane) scatterWindow<2 * ROW + 1, 2 * COLUMN + 1>(sums, weights, gradient);
    else scatterWindow<2 * ROW + 1, 2 * COLUMN>(sums, weights, gradient);
  } else {
    if (w.right & 1u << lane) scatterWindow<2 * ROW, 2 * COLUMN + 1>(sums, weights, gradient);
    else scatterWindow<2 * ROW, 2 * COLUMN>(sums, weights, gradient);
  }
}

// A warp collects what its windows give to its pixels and those around; in the end the sixteen warps' pixels are added up in shared
// memory, four times four warps that have no pixel in common. Weights are [filter][tap][channel]. Grid: examples by channels / 32.
extern "C" __global__ void __launch_bounds__(512, 2) input_gradient_pooled(const int* step, const float* __restrict__ weights,
    const float* __restrict__ gradient, const unsigned char* __restrict__ choice, float* __restrict__ inputGradient, int channels, int filters) {
  SHARED16 float shared[(SIZE + 2) * (SIZE + 2)][33];
  float (*stage)[9][32] = (float (*)[9][32])shared;
  int lane = threadIdx.x % 32, warp = threadIdx.x / 32, n = blockIdx.x, firstChannel = blockIdx.y * 32;
  if (n >= stepCount(step)) return;
  int band = warp / 4, strip = warp % 4;
  float sums[REGION + 2][REGION + 2];
#pragma unroll
  for (int i = 0; i < REGION + 2; i++)
#pragma unroll
    for (int j = 0; j < REGION + 2; j++) sums[i][j] = 0;
  size_t at = (((size_t)n * filters + lane / 4) * WINDOWS + band * 2 + lane / 2 % 2) * WINDOWS + strip * 2 + lane % 2;
#pragma unroll 1
  for (int first = 0; first < filters; first += STAGE) {
    __syncthreads();
#pragma unroll 1
    for (int i = threadIdx.x; i < STAGE * 9 * 8; i += 512)
      ((float4*)shared)[i] = *(const float4*)&weights[((size_t)first * 9 + i / 8) * channels + firstChannel + i % 8 * 4];
    __syncthreads();
#pragma unroll 1
    for (int f = 0; f < STAGE; f += 8) {
      Windows w = windows(gradient, choice, at);
      at += 8 * WINDOWS * WINDOWS;
#pragma unroll 1
      for (int i = 0; i < 8; i++) {
        float taps[9];
#pragma unroll
        for (int t = 0; t < 9; t++) taps[t] = stage[f + i][t][lane];
        scatterWindow<0, 0>(sums, taps, w);
        scatterWindow<0, 1>(sums, taps, w);
        scatterWindow<1, 0>(sums, taps, w);
        scatterWindow<1, 1>(sums, taps, w);
        w.next(4);
      }
    }
  }
  __syncthreads();
  for (int i = threadIdx.x; i < (SIZE + 2) * (SIZE + 2) * 33; i += 512) ((float*)shared)[i] = 0;
#pragma unroll 1
  for (int turn = 0; turn < 4; turn++) {
    __syncthreads();
    if (band % 2 * 2 + strip % 2 != turn) continue;
#pragma unroll
    for (int i = 0; i < REGION + 2; i++)
#pragma unroll
      for (int j = 0; j < REGION + 2; j++)
        shared[(band * REGION + i) * (SIZE + 2) + strip * REGION + j][lane] += sums[i][j];
  }
  __syncthreads();
  for (int i = threadIdx.x; i < 32 * SIZE * SIZE; i += 512) {
    int c = i / (SIZE * SIZE), row = i / SIZE % SIZE, column = i % SIZE;
    inputGradient[((size_t)n * channels + firstChannel) * SIZE * SIZE + i] = shared[(row + 1) * (SIZE + 2) + column + 1][c];
  }
}
