// Dense layers: products of matrices by square tiles of the result. Weights are [outputs][inputs], as DL4J's 'f'
// order [inputs, outputs] lies in memory, and activations [examples][units]. Every entry of a result is one chain of
// fused multiply-adds in the order of the sum's index; the forward pass cuts that chain into parts, joined in order.
#include "device.cuh"

#define THREADS 256
#define DEPTH 32  // entries of the sum that are in shared memory at once

/** Reads a row of a matrix: entry k of row r is values[r * row + k * depth]; 0 where the gate is given and not above 0. */
struct Matrix {
  const float* values;
  const float* gate;
  int rows;
  size_t row, depth;
};

/** DEPTH columns of SIDE rows of both operands, depth by depth; four more, so that transposing stores meet no bank twice. */
template <int SIDE> struct alignas(16) Tile {
  float left[DEPTH][SIDE + 4];
  float right[DEPTH][SIDE + 4];
};

/** The next DEPTH columns of SIDE rows, in registers. ALONG: whether neighbors in memory are neighbors of the sum. */
template <int SIDE, bool ALONG>
static __device__ void fetch(const Matrix& m, int firstRow, int from, int to, float (&next)[SIDE * DEPTH / THREADS]) {
  int thread = threadIdx.x;
#pragma unroll
  for (int j = 0; j < SIDE * DEPTH / THREADS; j++) {
    int i = j * THREADS + thread;
    int k = ALONG ? i % 8 + i / (8 * SIDE) * 8 : i / SIDE;
    int r = ALONG ? i / 8 % SIDE : i % SIDE;
    bool inside = firstRow + r < m.rows && from + k < to;
    size_t at = (size_t)(firstRow + r) * m.row + (size_t)(from + k) * m.depth;
    float value = inside ? m.values[at] : 0.0f;
    next[j] = inside && m.gate != nullptr && !(m.gate[at] > 0.0f) ? 0.0f : value;
  }
}

template <int SIDE, bool ALONG>
static __device__ void store(const float (&next)[SIDE * DEPTH / THREADS], float (&tile)[DEPTH][SIDE + 4]) {
  int thread = threadIdx.x;
#pragma unroll
  for (int j = 0; j < SIDE * DEPTH / THREADS; j++) {
    int i = j * THREADS + thread;
    int k = ALONG ? i % 8 + i / (8 * SIDE) * 8 : i / SIDE;
    int r = ALONG ? i / 8 % SIDE : i % SIDE;
    tile[k][r] = next[j];
  }
}

/** EACH neighbors of a row of a tile: one read of 8 or 16 bytes. */
template <int EACH> static __device__ void read(const float* from, float (&to)[EACH]);
template <> __device__ void read<4>(const float* from, float (&to)[4]) {
  float4 v = *(const float4*)from;
  to[0] = v.x;
  to[1] = v.y;
  to[2] = v.z;
  to[3] = v.w;
}
template <> __device__ void read<2>(const float* from, float (&to)[2]) {
  float2 v = *(const float2*)from;
  to[0] = v.x;
  to[1] = v.y;
}

/** Adds to sums: sum over k in [from, to) of left[row][k] * right[column][k]; every thread has a square of the tile. */
template <int SIDE, bool LEFT_ALONG, bool RIGHT_ALONG>
static __device__ void multiply(const Matrix& left, const Matrix& right, int row, int column, int from, int to,
                                Tile<SIDE>& tile, float (&sums)[SIDE / 16][SIDE / 16]) {
  constexpr int EACH = SIDE / 16;
  float nextLeft[SIDE * DEPTH / THREADS], nextRight[SIDE * DEPTH / THREADS];
  int top = threadIdx.x / 16 * EACH, side = threadIdx.x % 16 * EACH;
  fetch<SIDE, LEFT_ALONG>(left, row, from, to, nextLeft);
  fetch<SIDE, RIGHT_ALONG>(right, column, from, to, nextRight);
  for (int k = from; k < to; k += DEPTH) {
    __syncthreads();
    store<SIDE, LEFT_ALONG>(nextLeft, tile.left);
    store<SIDE, RIGHT_ALONG>(nextRight, tile.right);
    __syncthreads();
    if (k + DEPTH < to) {
      fetch<SIDE, LEFT_ALONG>(left, row, k + DEPTH, to, nextLeft);
      fetch<SIDE, RIGHT_ALONG>(right, column, k + DEPTH, to, nextRight);
    }
#pragma unroll 8
    for (int d = 0; d < DEPTH; d++) {
      float a[EACH], b[EACH];
      read<EACH>(&tile.left[d][top], a);
      read<EACH>(&tile.right[d][side], b);
#pragma unroll
      for (int i = 0; i < EACH; i++)
#pragma unroll
        for (int j = 0; j < EACH; j++) sums[i][j] = fmaf(a[i], b[j], sums[i][j]);
    }
  }
}

template <int EACH> static __device__ void clear(float (&sums)[EACH][EACH]) {
#pragma unroll
  for (int i = 0; i < EACH; i++)
#pragma unroll
    for (int j = 0; j < EACH; j++) sums[i][j] = 0.0f;
}

/** Writes a thread's square of a result [rows][columns]. */
template <int EACH>
static __device__ void write(const float (&sums)[EACH][EACH], float* to, int row, int column, int rows, int columns) {
  int top = row + threadIdx.x / 16 * EACH, side = column + threadIdx.x % 16 * EACH;
#pragma unroll
  for (int i = 0; i < EACH; i++)
#pragma unroll
    for (int j = 0; j < EACH; j++)
      if (top + i < rows && side + j < columns) to[(size_t)(top + i) * columns + side + j] = sums[i][j];
}

/**
 * Forward, without bias: partial[part][capacity][outputs] = sum over the part's inputs of x[example][input] *
 * w[output][input]. Grid: tiles of outputs, tiles of examples, parts of `part` inputs.
 */
extern "C" __global__ void __launch_bounds__(THREADS) dense_forward(
    const int* __restrict__ step, const float* __restrict__ x, const float* __restrict__ w, float* __restrict__ partial,
    int capacity, int inputs, int outputs, int part) {
  __shared__ Tile<64> tile;
  int count = step[0], row = blockIdx.y * 64, column = blockIdx.x * 64;
  if (row >= count) return;
  int from = blockIdx.z * part, to = from + part < inputs ? from + part : inputs;
  Matrix examples = {x, nullptr, count, (size_t)inputs, 1}, weights = {w, nullptr, outputs, (size_t)inputs, 1};
  float sums[4][4];
  clear(sums);
  multiply<64, true, true>(examples, weights, row, column, from, to, tile, sums);
  write(sums, partial + (size_t)blockIdx.z * capacity * outputs, row, column, count, outputs);
}

/** y[example][output] = the parts' sum in their order, plus bias, and 0 instead of what is below 0 if relu is 1. */
extern "C" __global__ void __launch_bounds__(THREADS) dense_join(
    const int* __restrict__ step, const float* __restrict__ partial, const float* __restrict__ bias,
    float* __restrict__ y, int capacity, int outputs, int parts, int relu) {
  size_t i = (size_t)blockIdx.x * THREADS + threadIdx.x;
  if (i >= (size_t)step[0] * outputs) return;
  float sum = partial[i];
  for (int p = 1; p < parts; p++) sum += partial[(size_t)p * capacity * outputs + i];
  sum += bias[i % outputs];
  y[i] = relu && sum <= 0.0f ? 0.0f : sum;  // NaN stays
}

/** Sums over the examples of an output's gradients: four strided chains per output, joined in order. */
static __device__ void biasGradient(const Matrix& outputGradient, int first, int count, float* gradient,
                                    float (&parts)[4][64]) {
  int lane = threadIdx.x % 64, part = threadIdx.x / 64, output = first + lane;
  float sum = 0.0f;
  if (output < outputGradient.rows)
    for (int n = part; n < count; n += 4) {
      size_t at = (size_t)n * outputGradient.depth + output;
      bool passed = outputGradient.gate == nullptr || outputGradient.gate[at] > 0.0f;
      sum += passed ? outputGradient.values[at] : 0.0f;
    }
  parts[part][lane] = sum;
  __syncthreads();
  if (part == 0 && output < outputGradient.rows)
    gradient[output] = (parts[0][lane] + parts[1][lane]) + (parts[2][lane] + parts[3][lane]);
}

static __device__ int tiles(int length, int side) { return (length + side - 1) / side; }

/** A block of the weight gradient g[output][input] = sum over examples of d[example][output] * x[example][input]. */
template <int SIDE>
static __device__ void weightGradient(const Matrix& outputGradient, const float* x, int block, int count, int inputs,
                                      float* gradient, Tile<SIDE>& tile) {
  int across = tiles(inputs, SIDE), row = block / across * SIDE, column = block % across * SIDE;
  Matrix columns = {x, nullptr, inputs, 1, (size_t)inputs};
  float sums[SIDE / 16][SIDE / 16];
  clear(sums);
  multiply<SIDE, false, false>(outputGradient, columns, row, column, 0, count, tile, sums);
  write(sums, gradient, row, column, outputGradient.rows, inputs);
}

/** A block of the input gradient g[example][input] = sum over outputs of d[example][output] * w[output][input]. */
template <int SIDE>
static __device__ void inputGradient(const float* dy, const float* gate, const float* w, int block, int count,
                                     int inputs, int outputs, float* gradient, Tile<SIDE>& tile) {
  int across = tiles(inputs, SIDE), row = block / across * SIDE, column = block % across * SIDE;
  if (row >= count) return;
  Matrix rows = {dy, gate, count, (size_t)outputs, 1}, columns = {w, nullptr, inputs, 1, (size_t)inputs};
  float sums[SIDE / 16][SIDE / 16];
  clear(sums);
  multiply<SIDE, true, false>(rows, columns, row, column, 0, outputs, tile, sums);
  write(sums, gradient, row, column, count, inputs);
}

/**
 * All gradients of a dense layer, whose blocks are first those of the weights, then of the input (none if dx is
 * null), then of the biases; and after them the weights and biases of a second layer (none if its outputs are 0),
 * whose input has as many entries as the first one's output. The output of a ReLU is its layer's gate, null if dy is
 * the gradient before the ReLU already.
 */
template <int SIDE>
static __device__ void gradients(const int* step, const float* x, const float* w, const float* gate, const float* dy,
                                 float* dw, float* db, float* dx, int capacity, int inputs, int outputs,
                                 const float* x2, const float* dy2, float* dw2, float* db2, int outputs2,
                                 Tile<SIDE>& tile, float (&parts)[4][64]) {
  int count = step[0], block = blockIdx.x;
  Matrix first = {dy, gate, outputs, 1, (size_t)outputs}, second = {dy2, nullptr, outputs2, 1, (size_t)outputs2};
  int weights = tiles(inputs, SIDE) * tiles(outputs, SIDE);
  int input = dx == nullptr ? 0 : tiles(capacity, SIDE) * tiles(inputs, SIDE);
  int weights2 = tiles(outputs, SIDE) * tiles(outputs2, SIDE);
  if (block < weights) return weightGradient<SIDE>(first, x, block, count, inputs, dw, tile);
  block -= weights;
  if (block < input) return inputGradient<SIDE>(dy, gate, w, block, count, inputs, outputs, dx, tile);
  block -= input;
  if (block < tiles(outputs, 64)) return biasGradient(first, block * 64, count, db, parts);
  block -= tiles(outputs, 64);
  if (block < weights2) return weightGradient<SIDE>(second, x2, block, count, outputs, dw2, tile);
  biasGradient(second, (block - weights2) * 64, count, db2, parts);
}

/** The gradients by tiles of 64: for large layers. */
extern "C" __global__ void __launch_bounds__(THREADS) dense_gradients(
    const int* __restrict__ step, const float* __restrict__ x, const float* __restrict__ w,
    const float* __restrict__ gate, const float* __restrict__ dy, float* __restrict__ dw, float* __restrict__ db,
    float* __restrict__ dx, int capacity, int inputs, int outputs, const float* __restrict__ x2,
    const float* __restrict__ dy2, float* __restrict__ dw2, float* __restrict__ db2, int outputs2) {
  __shared__ Tile<64> tile;
  __shared__ float parts[4][64];
  gradients<64>(step, x, w, gate, dy, dw, db, dx, capacity, inputs, outputs, x2, dy2, dw2, db2, outputs2, tile, parts);
}

/** The gradients by tiles of 32: for layers that have too few tiles of 64 for the device's multiprocessors. */
extern "C" __global__ void __launch_bounds__(THREADS) dense_gradients_small(
    const int* __restrict__ step, const float* __restrict__ x, const float* __restrict__ w,
    const float* __restrict__ gate, const float* __restrict__ dy, float* __restrict__ dw, float* __restrict__ db,
    float* __restrict__ dx, int capacity, int inputs, int outputs, const float* __restrict__ x2,
    const float* __restrict__ dy2, float* __restrict__ dw2, float* __restrict__ db2, int outputs2) {
  __shared__ Tile<32> tile;
  __shared__ float parts[4][64];
  gradients<32>(step, x, w, gate, dy, dw, db, dx, capacity, inputs, outputs, x2, dy2, dw2, db2, outputs2, tile, parts);
}
