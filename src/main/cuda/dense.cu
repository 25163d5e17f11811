// Dense layers: products of matrices by square tiles of the result. Weights are [outputs][inputs], as DL4J's 'f'
// order [inputs, outputs] lies in memory, and activations [examples][units]. Every entry of a result is the sum
// of four chains of fused multiply-adds, of every fourth term each; the forward pass cuts the sum into parts, joined in order.
#include "device.cuh"

#define THREADS 256
#define GROUP 64  // threads that compute a tile together
#define DEPTH 32  // entries of the sum that are in shared memory at once

/** Rows of an operand: entry k of row r is values[r * stride + k] or, where the rows are columns, values[r + k * stride]. */
struct Matrix {
  const float* values;
  int rows;
  int stride;
};

/**
 * A block's shared memory: DEPTH columns of SIDE rows of both operands, depth by depth, with four more rows so that
 * transposing stores meet no bank twice; in the end, the sums that threads hand to each other.
 */
template <int SIDE> struct alignas(16) Tile {
  union {
    struct {
      float left[DEPTH][SIDE + 4];
      float right[DEPTH][SIDE + 4];
    };
    float4 sums[2][SIDE * SIDE / 4];
  };
};

/** Which row and which depth of a tile a thread's j-th entry is. ALONG: neighbors in memory are neighbors of the sum. */
template <int SIDE, bool ALONG> static __device__ inline int rowOf(int j) {
  return ALONG ? threadIdx.x / 8 % SIDE + j % (SIDE / 32) * 32 : threadIdx.x % SIDE;
}
template <int SIDE, bool ALONG> static __device__ inline int depthOf(int j) {
  return ALONG ? threadIdx.x % 8 + j / (SIDE / 32) * 8 : threadIdx.x / SIDE + j * (THREADS / SIDE);
}

/** The next DEPTH columns of SIDE rows, in registers; from is the thread's first entry, and 0 is beyond rows and depth. */
template <int SIDE, bool ALONG>
static __device__ inline void fetch(const float* from, int stride, int rows, int depth,
                                    float (&next)[SIDE * DEPTH / THREADS]) {
#pragma unroll
  for (int j = 0; j < SIDE * DEPTH / THREADS; j++) {
    int row = rowOf<SIDE, ALONG>(j) - rowOf<SIDE, ALONG>(0), k = depthOf<SIDE, ALONG>(j) - depthOf<SIDE, ALONG>(0);
    bool inside = rowOf<SIDE, ALONG>(j) < rows && depthOf<SIDE, ALONG>(j) < depth;
    next[j] = inside ? from[ALONG ? row * stride + k : row + k * stride] : 0.0f;
  }
}

/** A thread's first entry of a tile. */
template <int SIDE, bool ALONG> static __device__ inline const float* first(const Matrix& m, int row, int from) {
  size_t r = row + rowOf<SIDE, ALONG>(0), k = from + depthOf<SIDE, ALONG>(0);
  return m.values + (ALONG ? r * m.stride + k : k * m.stride + r);
}

template <int SIDE, bool ALONG>
static __device__ inline void store(const float (&next)[SIDE * DEPTH / THREADS], float (&tile)[DEPTH][SIDE + 4]) {
#pragma unroll
  for (int j = 0; j < SIDE * DEPTH / THREADS; j++) tile[depthOf<SIDE, ALONG>(j)][rowOf<SIDE, ALONG>(j)] = next[j];
}

/**
 * A quarter of the block's threads, a GROUP, computes the whole tile, each thread a square of EACH * EACH of its entries:
 * those of rows and columns 4 t to 4 t + 3, and for tiles of 64 of 32 + 4 t to 32 + 4 t + 3 too. Entry i is at:
 */
static __device__ inline int place(int t, int i) { return i / 4 * 32 + 4 * t + i % 4; }

/** A thread's EACH entries of a row of a tile: reads of 16 bytes. */
template <int EACH> static __device__ inline void read(const float* row, int t, float (&to)[EACH]) {
#pragma unroll
  for (int i = 0; i < EACH; i += 4) {
    float4 v = *(const float4*)&row[place(t, i)];
    to[i] = v.x;
    to[i + 1] = v.y;
    to[i + 2] = v.z;
    to[i + 3] = v.w;
  }
}

/** Hands over the rows of a thread's square from one on, or adds those that were handed over to its own. */
template <int EACH, int ROWS>
static __device__ inline void give(const float (&sums)[EACH][EACH], int first, float4* to) {
#pragma unroll
  for (int i = 0; i < ROWS; i++)
#pragma unroll
    for (int j = 0; j < EACH; j += 4) {
      const float* from = &sums[first + i][j];
      to[(i * EACH + j) / 4 * GROUP] = make_float4(from[0], from[1], from[2], from[3]);
    }
}
template <int EACH, int ROWS>
static __device__ inline void take(float (&sums)[EACH][EACH], int first, const float4* from) {
#pragma unroll
  for (int i = 0; i < ROWS; i++)
#pragma unroll
    for (int j = 0; j < EACH; j += 4) {
      float4 v = from[(i * EACH + j) / 4 * GROUP];
      float* to = &sums[first + i][j];
      to[0] += v.x;
      to[1] += v.y;
      to[2] += v.z;
      to[3] += v.w;
    }
}

/**
 * A tile of the product: result[row][column] = sum over k in [from, to) of left[row][k] * right[column][k]. Each group
 * of threads takes every fourth k in order; the sums are joined as (first + third) + (second + fourth).
 */
template <int SIDE, bool LEFT_ALONG, bool RIGHT_ALONG>
static __device__ inline void multiply(const Matrix& left, const Matrix& right, int row, int column, int from, int to,
                                       Tile<SIDE>& tile, float* result, int columns) {
  constexpr int EACH = SIDE / 8, HALF = EACH / 2;
  float nextLeft[SIDE * DEPTH / THREADS], nextRight[SIDE * DEPTH / THREADS], sums[EACH][EACH];
  int group = threadIdx.x / GROUP, thread = threadIdx.x % GROUP, top = thread / 8, side = thread % 8;
#pragma unroll
  for (int i = 0; i < EACH; i++)
#pragma unroll
    for (int j = 0; j < EACH; j++) sums[i][j] = 0.0f;
  const float* l = first<SIDE, LEFT_ALONG>(left, row, from);
  const float* r = first<SIDE, RIGHT_ALONG>(right, column, from);
  int rows = left.rows - row, others = right.rows - column;
  fetch<SIDE, LEFT_ALONG>(l, left.stride, rows, to - from, nextLeft);
  fetch<SIDE, RIGHT_ALONG>(r, right.stride, others, to - from, nextRight);
  for (int k = from; k < to; k += DEPTH) {
    __syncthreads();
    store<SIDE, LEFT_ALONG>(nextLeft, tile.left);
    store<SIDE, RIGHT_ALONG>(nextRight, tile.right);
    __syncthreads();
    if (k + DEPTH < to) {
      l += LEFT_ALONG ? DEPTH : DEPTH * left.stride;
      r += RIGHT_ALONG ? DEPTH : DEPTH * right.stride;
      fetch<SIDE, LEFT_ALONG>(l, left.stride, rows, to - k - DEPTH, nextLeft);
      fetch<SIDE, RIGHT_ALONG>(r, right.stride, others, to - k - DEPTH, nextRight);
    }
#pragma unroll 2
    for (int d = group; d < DEPTH; d += THREADS / GROUP) {
      float a[EACH], b[EACH];
      read<EACH>(tile.left[d], top, a);
      read<EACH>(tile.right[d], side, b);
#pragma unroll
      for (int i = 0; i < EACH; i++)
#pragma unroll
        for (int j = 0; j < EACH; j++) sums[i][j] = fmaf(a[i], b[j], sums[i][j]);
    }
  }
  __syncthreads();
  if (group >= 2) give<EACH, EACH>(sums, 0, tile.sums[group - 2] + thread);
  __syncthreads();
  if (group < 2) take<EACH, EACH>(sums, 0, tile.sums[group] + thread);
  __syncthreads();
  if (group == 0) give<EACH, HALF>(sums, HALF, tile.sums[0] + thread);
  if (group == 1) give<EACH, HALF>(sums, 0, tile.sums[1] + thread);
  __syncthreads();
  if (group == 0) take<EACH, HALF>(sums, 0, tile.sums[1] + thread);
  if (group == 1) take<EACH, HALF>(sums, HALF, tile.sums[0] + thread);
#pragma unroll
  for (int i = 0; i < EACH; i++)
#pragma unroll
    for (int j = 0; j < EACH; j++) {
      int below = place(top, i), beside = place(side, j);
      if (group == i / HALF && below < rows && beside < others)
        result[(size_t)(row + below) * columns + column + beside] = sums[i][j];
    }
}

/**
 * Forward, without bias: partial[part][capacity][outputs] = sum over the part's inputs of x[example][input] *
 * w[output][input]. Grid: tiles of outputs, tiles of examples, parts of `part` inputs.
 */
extern "C" __global__ void __launch_bounds__(THREADS, 2) dense_forward(
    const int* __restrict__ step, const float* __restrict__ x, const float* __restrict__ w, float* __restrict__ partial,
    int capacity, int inputs, int outputs, int part) {
  __shared__ Tile<64> tile;
  int count = step[0], row = blockIdx.y * 64, column = blockIdx.x * 64;
  if (row >= count) return;
  int from = blockIdx.z * part, to = from + part < inputs ? from + part : inputs;
  Matrix examples = {x, count, inputs}, weights = {w, outputs, inputs};
  float* result = partial + (size_t)blockIdx.z * capacity * outputs;
  multiply<64, true, true>(examples, weights, row, column, from, to, tile, result, outputs);
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
  multiply<SIDE, false, false>(rows, columns, row, column, 0, count, tile, gradient, inputs);
}

/** A block of the input gradient g[example][input] = sum over outputs of d[example][output] * w[output][input]. */
template <int SIDE>
static __device__ void inputGradient(const float* d, const float* w, int block, int count, int inputs, int outputs,
                                     float* gradient, Tile<SIDE>& tile) {
  int across = tiles(inputs, SIDE), row = block / across * SIDE, column = block % across * SIDE;
  if (row >= count) return;
  Matrix rows = {d, count, outputs}, columns = {w, inputs, inputs};
  multiply<SIDE, true, false>(rows, columns, row, column, 0, outputs, tile, gradient, inputs);
}

/**
 * All gradients of a dense layer from that of its output, before the ReLU: the blocks are first those of the weights,
 * then of the input (none if dx is null), then of the biases (nothing if db is null); and after them the weights and biases of a second layer
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
  else if (db != nullptr)
    biasGradient(d, (block - weights - input) * 64, step[0], outputs, db, parts);
}

/** The gradients by tiles of 64: for large layers. */
extern "C" __global__ void __launch_bounds__(THREADS, 2) dense_gradients(
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
