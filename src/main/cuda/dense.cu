// Dense layers: products of matrices by square tiles of the result. Weights are [outputs][inputs], as DL4J's 'f'
// order [inputs, outputs] lies in memory, and activations [examples][units]. Every entry of a result is one chain of
// fused multiply-adds in the order of the sum's index; the forward pass cuts that chain into parts, joined in order.
#include "device.cuh"

#define THREADS 256
#define DEPTH 32  // entries of the sum that are in shared memory at once

/** Rows of an operand: entry k of row r is values[r * stride + k] or, where the rows are columns, values[r + k * stride]. */
struct Matrix {
  const float* values;
  int rows;
  int stride;
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
    size_t at = ALONG ? (size_t)(firstRow + r) * m.stride + (from + k) : (size_t)(from + k) * m.stride + (firstRow + r);
    next[j] = inside ? m.values[at] : 0.0f;
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
#pragma unroll 4
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
  Matrix examples = {x, count, inputs}, weights = {w, outputs, inputs};
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

/** The gradient before a ReLU, in place of that behind it: 0 where the layer's output y is 0. */
extern "C" __global__ void __launch_bounds__(THREADS) dense_gate(
    const int* __restrict__ step, const float* __restrict__ y, float* __restrict__ gradient, int outputs) {
  size_t i = (size_t)blockIdx.x * THREADS + threadIdx.x;
  if (i < (size_t)step[0] * outputs && !(y[i] > 0.0f)) gradient[i] = 0.0f;
}

/** Sums over the examples of an output's gradients d[example][output]: four strided chains, joined in order. */
static __device__ void biasGradient(const float* d, int first, int count, int outputs, float* gradient,
                                    float (&parts)[4][64]) {
  int lane = threadIdx.x % 64, part = threadIdx.x / 64, output = first + lane;
  float sum = 0.0f;
  if (output < outputs) {
#pragma unroll 8
    for (int n = part; n < count; n += 4) sum += d[(size_t)n * outputs + output];
  }
  parts[part][lane] = sum;
  __syncthreads();
  if (part == 0 && output < outputs)
    gradient[output] = (parts[0][lane] + parts[1][lane]) + (parts[2][lane] + parts[3][lane]);
}

static __device__ int tiles(int length, int side) { return (length + side - 1) / side; }

/** A block of the weight gradient g[output][input] = sum over examples of d[example][output] * x[example][input]. */
template <int SIDE>
static __device__ void weightGradient(const float* d, const float* x, int block, int count, int inputs, int outputs,
                                      float* gradient, Tile<SIDE>& tile) {
  int across = tiles(inputs, SIDE), row = block / across * SIDE, column = block % across * SIDE;
  Matrix rows = {d, outputs, outputs}, columns = {x, inputs, inputs};
  float sums[SIDE / 16][SIDE / 16];
  clear(sums);
  multiply<SIDE, false, false>(rows, columns, row, column, 0, count, tile, sums);
  write(sums, gradient, row, column, outputs, inputs);
}

/** A block of the input gradient g[example][input] = sum over outputs of d[example][output] * w[output][input]. */
template <int SIDE>
static __device__ void inputGradient(const float* d, const float* w, int block, int count, int inputs, int outputs,
                                     float* gradient, Tile<SIDE>& tile) {
  int across = tiles(inputs, SIDE), row = block / across * SIDE, column = block % across * SIDE;
  if (row >= count) return;
  Matrix rows = {d, count, outputs}, columns = {w, inputs, inputs};
  float sums[SIDE / 16][SIDE / 16];
  clear(sums);
  multiply<SIDE, true, false>(rows, columns, row, column, 0, outputs, tile, sums);
  write(sums, gradient, row, column, count, inputs);
}

/**
 * All gradients of a dense layer from that of its output, before the ReLU: the blocks are first those of the weights,
 * then of the input (none if dx is null), then of the biases; and after them the weights and biases of a second layer
 * (none if outputs2 is 0), whose input x2 has as many entries as the first one's output.
 */
template <int SIDE>
static __device__ void gradients(const int* step, const float* x, const float* w, const float* d, float* dw, float* db,
                                 float* dx, int capacity, int inputs, int outputs, const float* x2, const float* d2,
                                 float* dw2, float* db2, int outputs2, Tile<SIDE>& tile, float (&parts)[4][64]) {
  int block = blockIdx.x, input = dx == nullptr ? 0 : tiles(capacity, SIDE) * tiles(inputs, SIDE);
  int first = tiles(inputs, SIDE) * tiles(outputs, SIDE) + input + tiles(outputs, 64);
  if (block >= first) {  // the second layer has no input gradient
    block -= first;
    input = 0;
    d = d2;
    x = x2;
    dw = dw2;
    db = db2;
    inputs = outputs;
    outputs = outputs2;
  }
  int weights = tiles(inputs, SIDE) * tiles(outputs, SIDE);
  if (block < weights)
    weightGradient<SIDE>(d, x, block, step[0], inputs, outputs, dw, tile);
  else if (block < weights + input)
    inputGradient<SIDE>(d, w, block - weights, step[0], inputs, outputs, dx, tile);
  else
    biasGradient(d, (block - weights - input) * 64, step[0], outputs, db, parts);
}

/** The gradients by tiles of 64: for large layers. */
extern "C" __global__ void __launch_bounds__(THREADS) dense_gradients(
    const int* __restrict__ step, const float* __restrict__ x, const float* __restrict__ w,
    const float* __restrict__ d, float* __restrict__ dw, float* __restrict__ db, float* __restrict__ dx, int capacity,
    int inputs, int outputs, const float* __restrict__ x2, const float* __restrict__ d2, float* __restrict__ dw2,
    float* __restrict__ db2, int outputs2) {
  __shared__ Tile<64> tile;
  __shared__ float parts[4][64];
  gradients<64>(step, x, w, d, dw, db, dx, capacity, inputs, outputs, x2, d2, dw2, db2, outputs2, tile, parts);
}

/** The gradients by tiles of 32: for layers that have too few tiles of 64 for the device's multiprocessors. */
extern "C" __global__ void __launch_bounds__(THREADS) dense_gradients_small(
    const int* __restrict__ step, const float* __restrict__ x, const float* __restrict__ w,
    const float* __restrict__ d, float* __restrict__ dw, float* __restrict__ db, float* __restrict__ dx, int capacity,
    int inputs, int outputs, const float* __restrict__ x2, const float* __restrict__ d2, float* __restrict__ dw2,
    float* __restrict__ db2, int outputs2) {
  __shared__ Tile<32> tile;
  __shared__ float parts[4][64];
  gradients<32>(step, x, w, d, dw, db, dx, capacity, inputs, outputs, x2, d2, dw2, db2, outputs2, tile, parts);
}
