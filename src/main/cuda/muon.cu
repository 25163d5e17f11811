// Muon's updates of matrices: their Nesterov momentum, made nearly orthogonal by five Newton-Schulz steps as
// io.involution.optimizer.Orthogonalization has them. A launch is for all matrices of a network: its blocks are named in
// tables. With s the smaller side of a matrix, a step squares it (s x s), computes a polynomial of that, and applies it.
#include "device.cuh"
#include "update.cuh"

#define THREADS 256
#define EACH 4      // entries of a thread
#define TILE 32     // rows and columns of a block's part of a product, and of a stage of it
#define LINE 36     // of a tile in shared memory: 16-byte reads, and few lanes meet in a bank
#define QUARTERS 4  // of a block's threads: each adds up a quarter of every stage
#define QUARTER (THREADS / QUARTERS)
#define BOX 65      // a thread's sums in shared memory are so far apart

/** A matrix: [rows][columns] from an entry of the parameter vector on, and where it is in the scratch memory. */
struct Matrix {
  int rows, columns, parameter, entry, square, way, part, parts;
};

/**
 * A block is 1,024 entries of a matrix, {matrix, number}. Moves the velocity, writes G + mu V' into x, and the sum of its
 * squares by block.
 */
extern "C" __global__ void __launch_bounds__(THREADS) muon_momentum(
    const int* __restrict__ step, const unsigned long long* __restrict__ round, const Matrix* __restrict__ matrices,
    const int2* __restrict__ blocks, const float* __restrict__ gradients, const float* __restrict__ parameters,
    float* __restrict__ velocity, float* __restrict__ x, double* __restrict__ squares, int ways) {
  __shared__ double warps[THREADS / WARP];
  const Matrix matrix = matrices[blocks[blockIdx.x].x];
  const float* way = (const float*)round[RATES] + ((size_t)stepIndex(step) * ways + matrix.way) * NUMBERS;
  float l2 = way[L2], momentum = way[FIRST], count = (float)stepCount(step);
  int start = blocks[blockIdx.x].y * THREADS * EACH + threadIdx.x, length = matrix.rows * matrix.columns;
  double sum = 0.0;
#pragma unroll
  for (int j = 0; j < EACH; j++) {
    int i = start + j * THREADS, at = matrix.parameter + i;
    if (i >= length) continue;
    float mean = gradients[at] / count;
    if (l2 != 0.0f) mean = fmaf(l2, parameters[at], mean);
    float moved = fmaf(momentum, velocity[at], mean), direction = fmaf(momentum, moved, mean);
    velocity[at] = moved;
    x[matrix.entry + i] = direction;
    sum = fma((double)direction, (double)direction, sum);
  }
  sum = blockSum<THREADS>(sum, warps);
  if (threadIdx.x == 0) squares[blockIdx.x] = sum;
}

/** The same blocks: divides x by its norm. */
extern "C" __global__ void __launch_bounds__(THREADS) muon_normalize(
    const Matrix* __restrict__ matrices, const int2* __restrict__ blocks, const double* __restrict__ squares,
    float* __restrict__ x) {
  __shared__ double warps[THREADS / WARP];
  const Matrix matrix = matrices[blocks[blockIdx.x].x];
  double sum = 0.0;
  for (int i = threadIdx.x; i < matrix.parts; i += THREADS) sum += squares[matrix.part + i];
  sum = blockSum<THREADS>(sum, warps);
  float factor = (float)(1.0 / (sqrt(sum) + 1e-7));
  int start = blocks[blockIdx.x].y * THREADS * EACH + threadIdx.x, length = matrix.rows * matrix.columns;
#pragma unroll
  for (int j = 0; j < EACH; j++) {
    int i = start + j * THREADS;
    if (i < length) x[matrix.entry + i] *= factor;
  }
}

/** A matrix in row order. */
struct Stored {
  const float* values;
  int rows, columns;
};

/** Two tiles of factors, or in the end every quarter's sums. */
union Shared {
  struct {
    float left[TILE][LINE], right[TILE][LINE];
  } tiles;
  float sums[QUARTERS][EACH * EACH][BOX];
};

/** A tile from (top, left) on, or its transpose; 0 outside of the matrix. */
template <bool TRANSPOSED>
static __device__ void load(const Stored& from, int top, int left, float (&into)[TILE][LINE]) {
#pragma unroll
  for (int j = 0; j < TILE * TILE / THREADS; j++) {
    int i = threadIdx.x + j * THREADS, r = i / TILE, c = i % TILE;
    bool inside = top + r < from.rows && left + c < from.columns;
    float value = inside ? from.values[(size_t)(top + r) * from.columns + left + c] : 0.0f;
    if (TRANSPOSED)
      into[c][r] = value;
    else
      into[r][c] = value;
  }
}

/**
 * A tile of a product, from (row, column) on: the sums over k of left[k][row] right[k][column]; TRANSPOSED factors are
 * stored the other way round. Thread t gets those of row t / TILE + 8 j and column t % TILE.
 */
template <bool LEFT_TRANSPOSED, bool RIGHT_TRANSPOSED>
static __device__ void product(const Stored& left, const Stored& right, int row, int column, int depth, Shared& shared,
                               float (&results)[EACH]) {
  int quarter = threadIdx.x / QUARTER, place = threadIdx.x % QUARTER;
  int own_row = place / (TILE / EACH) * EACH, own_column = place % (TILE / EACH) * EACH;
  float sums[EACH][EACH] = {};
#pragma unroll 1
  for (int from = 0; from < depth; from += TILE) {
    __syncthreads();
    load<LEFT_TRANSPOSED>(left, LEFT_TRANSPOSED ? row : from, LEFT_TRANSPOSED ? from : row, shared.tiles.left);
    load<RIGHT_TRANSPOSED>(right, RIGHT_TRANSPOSED ? column : from, RIGHT_TRANSPOSED ? from : column,
                           shared.tiles.right);
    __syncthreads();
#pragma unroll
    for (int k = 0; k < TILE / QUARTERS; k++) {
      float4 a = *(const float4*)&shared.tiles.left[quarter * (TILE / QUARTERS) + k][own_row];
      float4 b = *(const float4*)&shared.tiles.right[quarter * (TILE / QUARTERS) + k][own_column];
      float rows[EACH] = {a.x, a.y, a.z, a.w}, columns[EACH] = {b.x, b.y, b.z, b.w};
#pragma unroll
      for (int i = 0; i < EACH; i++)
#pragma unroll
        for (int j = 0; j < EACH; j++) sums[i][j] = fmaf(rows[i], columns[j], sums[i][j]);
    }
  }
  __syncthreads();
#pragma unroll
  for (int i = 0; i < EACH; i++)
#pragma unroll
    for (int j = 0; j < EACH; j++) shared.sums[quarter][i * EACH + j][place] = sums[i][j];
  __syncthreads();
#pragma unroll
  for (int j = 0; j < EACH; j++) {
    int r = threadIdx.x / TILE + j * (THREADS / TILE), c = threadIdx.x % TILE;
    int entry = r % EACH * EACH + c % EACH, at = r / EACH * (TILE / EACH) + c / EACH;
    results[j] = (shared.sums[0][entry][at] + shared.sums[1][entry][at]) +
                 (shared.sums[2][entry][at] + shared.sums[3][entry][at]);
  }
}

/** A block is a tile {matrix, row, column, 0} of the square A: X X' of a matrix that is not tall, otherwise X' X. */
extern "C" __global__ void __launch_bounds__(THREADS) muon_square(
    const Matrix* __restrict__ matrices, const int4* __restrict__ tiles, const float* __restrict__ x,
    float* __restrict__ square) {
  SHARED16 Shared shared;
  const int4 tile = tiles[blockIdx.x];
  const Matrix matrix = matrices[tile.x];
  Stored stored = {x + matrix.entry, matrix.rows, matrix.columns};
  int side = min(matrix.rows, matrix.columns);
  float results[EACH];
  if (matrix.rows > matrix.columns)
    product<false, false>(stored, stored, tile.y, tile.z, matrix.rows, shared, results);
  else
    product<true, true>(stored, stored, tile.y, tile.z, matrix.columns, shared, results);
#pragma unroll
  for (int j = 0; j < EACH; j++) {
    int r = tile.y + threadIdx.x / TILE + j * (THREADS / TILE), c = tile.z + threadIdx.x % TILE;
    if (r < side && c < side) square[matrix.square + (size_t)r * side + c] = results[j];
  }
}

/** The same tiles of b A + c A A. A is its own transpose to the bit. */
extern "C" __global__ void __launch_bounds__(THREADS) muon_polynomial(
    const Matrix* __restrict__ matrices, const int4* __restrict__ tiles, const float* __restrict__ square,
    float* __restrict__ polynomial) {
  SHARED16 Shared shared;
  const int4 tile = tiles[blockIdx.x];
  const Matrix matrix = matrices[tile.x];
  int side = min(matrix.rows, matrix.columns);
  Stored stored = {square + matrix.square, side, side};
  float results[EACH];
  product<false, false>(stored, stored, tile.y, tile.z, side, shared, results);
#pragma unroll
  for (int j = 0; j < EACH; j++) {
    int r = tile.y + threadIdx.x / TILE + j * (THREADS / TILE), c = tile.z + threadIdx.x % TILE;
    size_t at = (size_t)r * side + c;
    if (r < side && c < side)
      polynomial[matrix.square + at] = fmaf(-4.7750f, stored.values[at], 2.0315f * results[j]);
  }
}

/**
 * A block is a tile of a X + P X, P being the polynomial, which is its own transpose too. Unless directions is null, the
 * matrix goes there, at its parameters, times sqrt(max(1, rows / columns)).
 */
extern "C" __global__ void __launch_bounds__(THREADS) muon_apply(
    const Matrix* __restrict__ matrices, const int4* __restrict__ tiles, const float* __restrict__ x,
    const float* __restrict__ polynomial, float* __restrict__ y, float* __restrict__ directions) {
  SHARED16 Shared shared;
  const int4 tile = tiles[blockIdx.x];
  const Matrix matrix = matrices[tile.x];
  int side = min(matrix.rows, matrix.columns);
  Stored own = {x + matrix.entry, matrix.rows, matrix.columns}, factor = {polynomial + matrix.square, side, side};
  bool tall = matrix.rows > matrix.columns;
  float results[EACH], scale = tall ? sqrtf((float)matrix.rows / (float)matrix.columns) : 1.0f;
  if (tall)
    product<true, false>(own, factor, tile.y, tile.z, side, shared, results);
  else
    product<false, false>(factor, own, tile.y, tile.z, side, shared, results);
#pragma unroll
  for (int j = 0; j < EACH; j++) {
    int r = tile.y + threadIdx.x / TILE + j * (THREADS / TILE), c = tile.z + threadIdx.x % TILE;
    if (r >= matrix.rows || c >= matrix.columns) continue;
    int at = r * matrix.columns + c;
    float value = fmaf(3.4445f, own.values[at], results[j]);
    if (directions == nullptr)
      y[matrix.entry + at] = value;
    else
      directions[matrix.parameter + at] = scale * value;
  }
}
