// 1x1 convolutions with a ReLU, as products of matrices; and those of three channels, which read and write rather than compute.
#include "convolution.cuh"

#define STAGE 32  // entries of the sum in shared memory at once
#define OWN 8     // rows of a thread

struct Values {
  const float* values;
  __device__ float4 quad(size_t at) const { return *(const float4*)&values[at]; }
};

// The gradient of a block's output before its ReLU.
struct Rectified {
  const float* gradient;
  const float* output;
  __device__ float4 quad(size_t at) const {
    float4 g = *(const float4*)&gradient[at], y = *(const float4*)&output[at];
    return make_float4(y.x <= 0 ? 0 : g.x, y.y <= 0 ? 0 : g.y, y.z <= 0 ? 0 : g.z, y.w <= 0 ? 0 : g.w);
  }
};

// ROWS rows of the product of a matrix [rows][depth] and an example's [depth][plane], for 4096 / ROWS columns; 128 threads, each 8 rows of
// 4 columns. TRANSPOSED: the first matrix is given as [rows][depth], otherwise as [depth][rows].
template <int ROWS, bool TRANSPOSED>
struct Product {
  static const int COLUMNS = 4096 / ROWS, PLACES = COLUMNS / 4;
  float left[STAGE][ROWS + 4];
  float right[STAGE][COLUMNS];

  static __device__ int row() { return threadIdx.x / PLACES * OWN; }
  static __device__ int column() { return threadIdx.x % PLACES * 4; }

  __device__ void loadLeft(const float* matrix, int firstRow, int firstEntry, int rows, int depth) {
#pragma unroll 4
    for (int i = threadIdx.x; i < STAGE * ROWS; i += 128) {
      // Eight entries of four rows a warp: whole sectors are read, and no bank is met twice.
      int k = TRANSPOSED ? i % 8 + i / 32 % (STAGE / 8) * 8 : i / ROWS, r = TRANSPOSED ? i / 8 % 4 + i / STAGE / 4 * 4 : i % ROWS;
      left[k][r] = matrix[TRANSPOSED ? (size_t)(firstRow + r) * depth + firstEntry + k : (size_t)(firstEntry + k) * rows + firstRow + r];
    }
  }

  template <class Source>
  __device__ void multiply(float (&sums)[OWN][4], const float* matrix, const Source& source, int firstRow, int firstColumn, int rows, int depth, int plane) {
#pragma unroll
    for (int r = 0; r < OWN; r++)
#pragma unroll
      for (int i = 0; i < 4; i++) sums[r][i] = 0;
#pragma unroll 1
    for (int first = 0; first < depth; first += STAGE) {
      __syncthreads();
      loadLeft(matrix, firstRow, first, rows, depth);
#pragma unroll 4
      for (int i = threadIdx.x; i < STAGE * PLACES; i += 128)
        *(float4*)&right[i / PLACES][i % PLACES * 4] = source.quad(((size_t)blockIdx.x * depth + first + i / PLACES) * plane + firstColumn + i % PLACES * 4);
      __syncthreads();
#pragma unroll 4
      for (int k = 0; k < STAGE; k++) {
        float4 a = *(const float4*)&left[k][row()], b = *(const float4*)&left[k][row() + 4], v = *(const float4*)&right[k][column()];
        float own[OWN] = {a.x, a.y, a.z, a.w, b.x, b.y, b.z, b.w}, values[4] = {v.x, v.y, v.z, v.w};
#pragma unroll
        for (int r = 0; r < OWN; r++)
#pragma unroll
          for (int i = 0; i < 4; i++) sums[r][i] = fmaf(own[r], values[i], sums[r][i]);
      }
    }
  }
};

// Grid: examples by columns / 64 by filters / 64.
extern "C" __global__ void __launch_bounds__(128, 5) pointwise(const int* step, const float* __restrict__ input, const float* __restrict__ biases,
                                                           const float* __restrict__ weights, float* __restrict__ output, int channels, int plane, int filters) {
  typedef Product<64, true> Own;
  SHARED16 Own product;
  if ((int)blockIdx.x >= stepCount(step)) return;
  float sums[OWN][4];
  product.multiply(sums, weights, Values{input}, blockIdx.z * 64, blockIdx.y * Own::COLUMNS, filters, channels, plane);
#pragma unroll
  for (int r = 0; r < OWN; r++) {
    int f = blockIdx.z * 64 + Own::row() + r;
    float bias = biasOf(biases, f);
    *(float4*)&output[((size_t)blockIdx.x * filters + f) * plane + blockIdx.y * Own::COLUMNS + Own::column()] =
        make_float4(rectified(sums[r][0] + bias), rectified(sums[r][1] + bias), rectified(sums[r][2] + bias), rectified(sums[r][3] + bias));
  }
}

template <int ROWS>
static __device__ void pointwiseInputGradient(Product<ROWS, false>& product, const float* weights, const float* gradient, const float* output,
                                              float* inputGradient, int channels, int plane, int filters) {
  typedef Product<ROWS, false> Own;
  float sums[OWN][4];
  product.multiply(sums, weights, Rectified{gradient, output}, blockIdx.z * ROWS, blockIdx.y * Own::COLUMNS, channels, filters, plane);
#pragma unroll
  for (int r = 0; r < OWN; r++)
    *(float4*)&inputGradient[((size_t)blockIdx.x * channels + blockIdx.z * ROWS + Own::row() + r) * plane + blockIdx.y * Own::COLUMNS + Own::column()] =
        make_float4(sums[r][0], sums[r][1], sums[r][2], sums[r][3]);
}

// Grid: examples by columns / 128 by channels / 32.
extern "C" __global__ void __launch_bounds__(128) pointwise_input_gradient_32(const int* step, const float* __restrict__ weights,
    const float* __restrict__ gradient, const float* __restrict__ output, float* __restrict__ inputGradient, int channels, int plane, int filters) {
  SHARED16 Product<32, false> product;
  if ((int)blockIdx.x >= stepCount(step)) return;
  pointwiseInputGradient(product, weights, gradient, output, inputGradient, channels, plane, filters);
}

// Grid: examples by columns / 64 by channels / 64.
extern "C" __global__ void __launch_bounds__(128) pointwise_input_gradient_64(const int* step, const float* __restrict__ weights,
    const float* __restrict__ gradient, const float* __restrict__ output, float* __restrict__ inputGradient, int channels, int plane, int filters) {
  SHARED16 Product<64, false> product;
  if ((int)blockIdx.x >= stepCount(step)) return;
  pointwiseInputGradient(product, weights, gradient, output, inputGradient, channels, plane, filters);
}

#define SPAN 64           // pixels in shared memory at once
#define LINE (SPAN + 4)   // 8 lanes read 16 bytes of 8 rows without meeting a bank twice
#define WARPS 8
#define BLOCK_FILTERS 64
#define BLOCK_CHANNELS 32

// Each warp has all products of 64 filters and 32 channels for its own pixels, a lane those of 8 filters and 8 channels; in the end the
// warps' sums are added as a tree. Grid: parts by channels / 32 by filters / 64; partials as in weight_gradient.
extern "C" __global__ void __launch_bounds__(256, 2) pointwise_weight_gradient(const int* step, const float* __restrict__ input,
    const float* __restrict__ gradient, const float* __restrict__ output, float* __restrict__ partials, int channels, int plane, int filters, int images) {
  SHARED16 float shared[WARPS / 2 * BLOCK_FILTERS * BLOCK_CHANNELS];
  float(*gradients)[LINE] = (float(*)[LINE])shared;
  float(*pixels)[LINE] = gradients + BLOCK_FILTERS;
  int lane = threadIdx.x % 32, warp = threadIdx.x / 32, row = lane % 8, column = lane / 8;
  int firstChannel = blockIdx.y * BLOCK_CHANNELS, firstFilter = blockIdx.z * BLOCK_FILTERS;
  Rectified source{gradient, output};
  float sums[8][8], bias = 0;
#pragma unroll
  for (int f = 0; f < 8; f++)
#pragma unroll
    for (int c = 0; c < 8; c++) sums[f][c] = 0;
  int begin = blockIdx.x * images, end = min(begin + images, stepCount(step));
#pragma unroll 1
  for (int n = begin; n < end; n++) {
#pragma unroll 1
    for (int first = 0; first < plane; first += SPAN) {
      __syncthreads();
#pragma unroll 2
      for (int i = threadIdx.x; i < BLOCK_FILTERS * SPAN / 4; i += 256)
        *(float4*)&gradients[i / (SPAN / 4)][i % (SPAN / 4) * 4] = source.quad(((size_t)n * filters + firstFilter + i / (SPAN / 4)) * plane + first + i % (SPAN / 4) * 4);
#pragma unroll
      for (int i = threadIdx.x; i < BLOCK_CHANNELS * SPAN / 4; i += 256)
        *(float4*)&pixels[i / (SPAN / 4)][i % (SPAN / 4) * 4] = *(const float4*)&input[((size_t)n * channels + firstChannel + i / (SPAN / 4)) * plane + first + i % (SPAN / 4) * 4];
      __syncthreads();
#pragma unroll
      for (int i = 0; i < SPAN / 4; i += 4) {
        float4 v = *(const float4*)&gradients[threadIdx.x / 4][i * 4 + threadIdx.x % 4 * 4];
        bias += (v.x + v.y) + (v.z + v.w);
      }
#pragma unroll 1
      for (int at = warp * 4; at < SPAN; at += WARPS * 4) {
        float4 left[8];
#pragma unroll
        for (int f = 0; f < 8; f++) left[f] = *(const float4*)&gradients[f * 8 + row][at];
#pragma unroll
        for (int c = 0; c < 8; c++) {
          float4 right = *(const float4*)&pixels[c * 4 + column][at];
#pragma unroll
          for (int f = 0; f < 8; f++) sums[f][c] = fmaf(left[f].w, right.w, fmaf(left[f].z, right.z, fmaf(left[f].y, right.y, fmaf(left[f].x, right.x, sums[f][c]))));
        }
      }
    }
  }
#pragma unroll 1
  for (int half = WARPS / 2; half > 0; half /= 2) {
    __syncthreads();
    float* box = shared + (warp % half) * BLOCK_FILTERS * BLOCK_CHANNELS + lane;
    if (warp >= half && warp < 2 * half) {
#pragma unroll
      for (int i = 0; i < 64; i++) box[i * 32] = sums[i / 8][i % 8];
    }
    __syncthreads();
    if (warp < half) {
#pragma unroll
      for (int i = 0; i < 64; i++) sums[i / 8][i % 8] += box[i * 32];
    }
  }
  float* part = partials + (size_t)blockIdx.x * filters * (channels + 1);
  if (warp == 0) {
#pragma unroll
    for (int f = 0; f < 8; f++)
#pragma unroll
      for (int c = 0; c < 8; c++) part[filters + (firstFilter + f * 8 + row) * channels + firstChannel + c * 4 + column] = sums[f][c];
  }
  bias += __shfl_xor_sync(ALL_LANES, bias, 1);
  bias += __shfl_xor_sync(ALL_LANES, bias, 2);
  if (blockIdx.y == 0 && threadIdx.x % 4 == 0) part[firstFilter + threadIdx.x / 4] = bias;
}

#define FEW 3  // channels of an image
#define FEW_FILTERS 32

// What a filter makes of four pixels of three channels.
static __device__ float4 few(const float4 (&pixels)[FEW], const float* weights, float bias) {
  float4 v = make_float4(0, 0, 0, 0);
#pragma unroll
  for (int c = 0; c < FEW; c++) v = make_float4(fmaf(weights[c], pixels[c].x, v.x), fmaf(weights[c], pixels[c].y, v.y), fmaf(weights[c], pixels[c].z, v.z), fmaf(weights[c], pixels[c].w, v.w));
  return make_float4(rectified(v.x + bias), rectified(v.y + bias), rectified(v.z + bias), rectified(v.w + bias));
}

static __device__ void loadFew(float4 (&pixels)[FEW], const float* input, int n, int plane, int at) {
#pragma unroll
  for (int c = 0; c < FEW; c++) pixels[c] = *(const float4*)&input[((size_t)n * FEW + c) * plane + at];
}

// A thread makes 32 filters of four pixels. Grid: examples by columns / 512 by filters / 32.
extern "C" __global__ void __launch_bounds__(128) pointwise_few(const int* step, const float* __restrict__ input, const float* __restrict__ biases,
                                                               const float* __restrict__ from, float* __restrict__ output, int plane, int filters) {
  SHARED float weights[FEW_FILTERS][FEW + 1];
  int n = blockIdx.x, at = (blockIdx.y * 128 + threadIdx.x) * 4, firstFilter = blockIdx.z * FEW_FILTERS;
  if (n >= stepCount(step)) return;
  if (threadIdx.x < FEW_FILTERS * (FEW + 1)) {
    int f = firstFilter + threadIdx.x / (FEW + 1), c = threadIdx.x % (FEW + 1);
    weights[threadIdx.x / (FEW + 1)][c] = c == FEW ? biasOf(biases, f) : from[f * FEW + c];
  }
  __syncthreads();
  if (at >= plane) return;
  float4 pixels[FEW];
  loadFew(pixels, input, n, plane, at);
#pragma unroll 4
  for (int f = 0; f < FEW_FILTERS; f++) *(float4*)&output[((size_t)n * filters + firstFilter + f) * plane + at] = few(pixels, weights[f], weights[f][FEW]);
}

// A warp has four filters; the output is computed again, which is faster than reading it. Grid: parts by filters / 32.
extern "C" __global__ void __launch_bounds__(256) pointwise_few_weight_gradient(const int* step, const float* __restrict__ input,
    const float* __restrict__ allBiases, const float* __restrict__ allWeights, const float* __restrict__ gradient, float* __restrict__ partials, int plane, int filters, int images) {
  int lane = threadIdx.x % 32, firstFilter = blockIdx.y * FEW_FILTERS + threadIdx.x / 32 * 4;
  float weights[4][FEW], biases[4], sums[4][FEW + 1];
#pragma unroll
  for (int f = 0; f < 4; f++) {
    biases[f] = biasOf(allBiases, firstFilter + f);
    sums[f][FEW] = 0;
#pragma unroll
    for (int c = 0; c < FEW; c++) {
      weights[f][c] = allWeights[(firstFilter + f) * FEW + c];
      sums[f][c] = 0;
    }
  }
  int begin = blockIdx.x * images, end = min(begin + images, stepCount(step));
#pragma unroll 1
  for (int n = begin; n < end; n++) {
#pragma unroll 2
    for (int at = lane * 4; at < plane; at += 128) {
      float4 pixels[FEW];
      loadFew(pixels, input, n, plane, at);
#pragma unroll
      for (int f = 0; f < 4; f++) {
        float4 g = *(const float4*)&gradient[((size_t)n * filters + firstFilter + f) * plane + at], y = few(pixels, weights[f], biases[f]);
        g = make_float4(y.x <= 0 ? 0 : g.x, y.y <= 0 ? 0 : g.y, y.z <= 0 ? 0 : g.z, y.w <= 0 ? 0 : g.w);
#pragma unroll
        for (int c = 0; c < FEW; c++) sums[f][c] = fmaf(g.w, pixels[c].w, fmaf(g.z, pixels[c].z, fmaf(g.y, pixels[c].y, fmaf(g.x, pixels[c].x, sums[f][c]))));
        sums[f][FEW] += (g.x + g.y) + (g.z + g.w);
      }
    }
  }
  float* part = partials + (size_t)blockIdx.x * filters * (FEW + 1);
#pragma unroll
  for (int f = 0; f < 4; f++)
#pragma unroll
    for (int c = 0; c < FEW + 1; c++) {
      float sum = warpSum(sums[f][c]);
      if (lane == 0) part[c == FEW ? firstFilter + f : filters + (firstFilter + f) * FEW + c] = sum;
    }
}
