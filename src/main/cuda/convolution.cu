// Convolution blocks of any size: convolution, bias, ReLU and 2x2 max-pool, their parameters' and their input's gradients. All three
// are products of matrices, one of which is gathered from images as it is read; a block computes 64x64 entries of the product, a
// thread 4x4. convolution_first.cu, _pooled.cu, _tiles.cu and pointwise.cu are faster for certain sizes.
#include "convolution.cuh"

#define SIDE 64   // rows and columns of a block's part of the product
#define DEPTH 16  // entries of a sum in shared memory at once
#define THREADS 256

// Where the entry of a sum is: what its number stands for, by the matrices below.
struct Entry {
  int plane, row, column, at;
};

// Entry k as filter tap: which of the planes, and the tap's row and column.
static __device__ Entry tapOf(const Shape& s, int k) {
  int taps = s.kernelSize * s.kernelSize, tap = k % taps;
  return {k / taps, tap / s.kernelSize, tap % s.kernelSize, k};
}

// The gradient of the convolution's output at a row and column, read through the ReLU and the pool; 0 outside of the pool's windows.
static __device__ float spread(const Shape& s, const float* gradient, const float* output, const unsigned char* choice, int row, int column) {
  if (!s.pool) {
    int at = row * s.outWidth + column;
    return s.relu && output[at] <= 0 ? 0 : gradient[at];
  }
  if (row / 2 >= s.finalHeight || column / 2 >= s.finalWidth) return 0;
  int at = row / 2 * s.finalWidth + column / 2;
  return choice[at] == row % 2 * 2 + column % 2 ? gradient[at] : 0;
}

// Output pixels as columns of a product; with a pool a window's four follow each other.
struct Outputs {
  int count, row, column;
  __device__ Outputs(const Shape& s, int at) {
    int window = s.pool ? at / 4 : at, width = s.pool ? s.finalWidth : s.outWidth;
    count = s.finalHeight * s.finalWidth * (s.pool ? 4 : 1);
    row = window / width;
    column = window % width;
    if (s.pool) {
      row = 2 * row + at % 4 / 2;
      column = 2 * column + at % 2;
    }
  }
};

// A block's product: sums[r][c] is entry (4 * (thread / 16) + r, 4 * (thread % 16) + c). `matrices` has left(row, entry), right(entry), whose
// column is thread % 64 of the block, and entry(k); both give 0 beyond their edges.
struct Product {
  Entry entries[2][DEPTH];
  float left[DEPTH][SIDE + 4];
  float right[DEPTH][SIDE + 4];

  static __device__ int row() { return threadIdx.x / 16 * 4; }
  static __device__ int column() { return threadIdx.x % 16 * 4; }

  template <class Matrices>
  __device__ void add(float (&sums)[4][4], const Matrices& matrices, int depth) {
    __syncthreads();
    if (threadIdx.x < DEPTH) entries[0][threadIdx.x] = matrices.entry(threadIdx.x);
#pragma unroll 1
    for (int first = 0, turn = 0; first < depth; first += DEPTH, turn ^= 1) {
      __syncthreads();
#pragma unroll
      for (int i = threadIdx.x; i < DEPTH * SIDE; i += THREADS) {
        left[i % DEPTH][i / DEPTH] = first + i % DEPTH < depth ? matrices.left(i / DEPTH, entries[turn][i % DEPTH]) : 0;
        right[i / SIDE][i % SIDE] = first + i / SIDE < depth ? matrices.right(entries[turn][i / SIDE]) : 0;
      }
      if (threadIdx.x < DEPTH) entries[turn ^ 1][threadIdx.x] = matrices.entry(first + DEPTH + threadIdx.x);
      __syncthreads();
#pragma unroll
      for (int k = 0; k < DEPTH; k++) {
        float4 a = *(const float4*)&left[k][row()], b = *(const float4*)&right[k][column()];
        float rows[4] = {a.x, a.y, a.z, a.w}, columns[4] = {b.x, b.y, b.z, b.w};
#pragma unroll
        for (int r = 0; r < 4; r++)
#pragma unroll
          for (int c = 0; c < 4; c++) sums[r][c] = fmaf(rows[r], columns[c], sums[r][c]);
      }
    }
  }
};

// Filters by taps, times taps by output pixels.
struct Forward {
  const Shape& s;
  const float *image, *weights;
  int firstFilter, top, leftmost, patch;
  bool inside;
  __device__ Forward(const Shape& shape, const float* image, const float* weights, int firstFilter, int pixel)
      : s(shape), image(image), weights(weights), firstFilter(firstFilter), patch(shape.channels * shape.kernelSize * shape.kernelSize) {
    Outputs output(s, pixel);
    inside = pixel < output.count;
    top = output.row * s.stride - s.top;
    leftmost = output.column * s.stride - s.left;
  }
  __device__ Entry entry(int k) const { return tapOf(s, k); }
  __device__ float left(int row, const Entry& e) const { return firstFilter + row < s.filters ? weights[(size_t)(firstFilter + row) * patch + e.at] : 0; }
  __device__ float right(const Entry& e) const {
    int row = top + e.row, column = leftmost + e.column;
    return inside && row >= 0 && row < s.height && column >= 0 && column < s.width ? image[((size_t)e.plane * s.height + row) * s.width + column] : 0;
  }
};

// Grid: examples by output pixels / 64 by filters / 64. `choice` is written with a pool only.
extern "C" __global__ void __launch_bounds__(256) convolve(const int* step, const int* shape, const float* input, const float* biases,
                                                          const float* weights, float* output, unsigned char* choice) {
  SHARED16 Product product;
  Shape s = *(const Shape*)shape;
  if ((int)blockIdx.x >= stepCount(step)) return;
  float sums[4][4] = {};
  const float* image = input + (size_t)blockIdx.x * s.channels * s.height * s.width;
  product.add(sums, Forward(s, image, weights, blockIdx.z * SIDE, blockIdx.y * SIDE + threadIdx.x % SIDE), s.channels * s.kernelSize * s.kernelSize);
  int first = blockIdx.y * SIDE + Product::column(), length = s.finalHeight * s.finalWidth;
#pragma unroll
  for (int r = 0; r < 4; r++) {
    int filter = blockIdx.z * SIDE + Product::row() + r;
    if (filter >= s.filters) break;
    size_t plane = ((size_t)blockIdx.x * s.filters + filter) * length;
#pragma unroll
    for (int c = 0; c < 4; c++) sums[r][c] += biasOf(biases, filter);
    if (s.pool) {
      if (first / 4 < length) output[plane + first / 4] = pooled(sums[r], s.relu, &choice[plane + first / 4]);
      continue;
    }
#pragma unroll
    for (int c = 0; c < 4; c++)
      if (first + c < length) output[plane + first + c] = s.relu ? rectified(sums[r][c]) : sums[r][c];
  }
}

// Channels by taps of all filters, times those taps by pixels of the input.
struct Backward {
  const Shape& s;
  const float *weights, *gradient, *output;
  const unsigned char* choice;
  int firstChannel, row, column, taps;
  bool inside;
  __device__ Backward(const Shape& shape, const float* weights, const float* gradient, const float* output, const unsigned char* choice, int firstChannel, int pixel)
      : s(shape), weights(weights), gradient(gradient), output(output), choice(choice), firstChannel(firstChannel), row(pixel / shape.width + shape.top),
        column(pixel % shape.width + shape.left), taps(shape.kernelSize * shape.kernelSize), inside(pixel < shape.height * shape.width) {}
  __device__ Entry entry(int k) const { return tapOf(s, k); }
  __device__ float left(int row, const Entry& e) const {
    return firstChannel + row < s.channels ? weights[((size_t)e.plane * s.channels + firstChannel + row) * taps + e.row * s.kernelSize + e.column] : 0;
  }
  __device__ float right(const Entry& e) const {
    int y = row - e.row, x = column - e.column;
    if (!inside || y < 0 || x < 0 || y % s.stride != 0 || x % s.stride != 0 || y / s.stride >= s.outHeight || x / s.stride >= s.outWidth) return 0;
    size_t from = (size_t)e.plane * s.finalHeight * s.finalWidth;
    return spread(s, gradient + from, output + from, choice + from, y / s.stride, x / s.stride);
  }
};

// Grid: examples by pixels / 64 by channels / 64.
extern "C" __global__ void __launch_bounds__(256) input_gradient(const int* step, const int* shape, const float* weights, const float* gradient,
                                                                const float* output, const unsigned char* choice, float* inputGradient) {
  SHARED16 Product product;
  Shape s = *(const Shape*)shape;
  if ((int)blockIdx.x >= stepCount(step)) return;
  float sums[4][4] = {};
  size_t from = (size_t)blockIdx.x * s.filters * s.finalHeight * s.finalWidth;
  product.add(sums, Backward(s, weights, gradient + from, output + from, choice + from, blockIdx.z * SIDE, blockIdx.y * SIDE + threadIdx.x % SIDE),
              s.filters * s.kernelSize * s.kernelSize);
  int first = blockIdx.y * SIDE + Product::column(), length = s.height * s.width;
#pragma unroll
  for (int r = 0; r < 4; r++) {
    int channel = blockIdx.z * SIDE + Product::row() + r;
#pragma unroll
    for (int c = 0; c < 4; c++)
      if (channel < s.channels && first + c < length) inputGradient[((size_t)blockIdx.x * s.channels + channel) * length + first + c] = sums[r][c];
  }
}

// Filters by output pixels of an example, times those pixels by taps; the last column's pixels are 1, for the biases.
struct Weights {
  const Shape& s;
  const float *image, *gradient, *output;
  const unsigned char* choice;
  int firstFilter, column;
  Entry tap;
  __device__ Weights(const Shape& shape, int firstFilter, int column) : s(shape), firstFilter(firstFilter), column(column), tap(tapOf(shape, column)) {}
  __device__ void of(int n, const float* input, const float* gradients, const float* outputs, const unsigned char* choices) {
    size_t from = (size_t)n * s.filters * s.finalHeight * s.finalWidth;
    image = input + (size_t)n * s.channels * s.height * s.width;
    gradient = gradients + from;
    output = outputs + from;
    choice = choices + from;
  }
  __device__ Entry entry(int k) const { return {0, k / s.outWidth, k % s.outWidth, k}; }
  __device__ float left(int row, const Entry& e) const {
    if (firstFilter + row >= s.filters) return 0;
    size_t from = (size_t)(firstFilter + row) * s.finalHeight * s.finalWidth;
    return spread(s, gradient + from, output + from, choice + from, e.row, e.column);
  }
  __device__ float right(const Entry& e) const {
    if (tap.plane >= s.channels) return tap.row == 0 && tap.column == 0 ? 1 : 0;
    int y = e.row * s.stride + tap.row - s.top, x = e.column * s.stride + tap.column - s.left;
    return y >= 0 && y < s.height && x >= 0 && x < s.width ? image[((size_t)tap.plane * s.height + y) * s.width + x] : 0;
  }
};

// Sums over the examples [part * images, part * images + images) that there are: partials[part] in the order [biases | tap, filter, channel].
// Grid: (weights of a filter + 1) / 64 by parts by filters / 64.
extern "C" __global__ void __launch_bounds__(256, 3) weight_gradient(const int* step, const int* shape, const float* input, const float* gradient,
                                                                    const float* output, const unsigned char* choice, float* partials, int images) {
  SHARED16 Product product;
  Shape s = *(const Shape*)shape;
  int taps = s.kernelSize * s.kernelSize, patch = s.channels * taps, firstFilter = blockIdx.z * SIDE, firstColumn = blockIdx.x * SIDE;
  float sums[4][4] = {};
  Weights matrices(s, firstFilter, firstColumn + threadIdx.x % SIDE);
  int begin = blockIdx.y * images, end = min(begin + images, stepCount(step));
  for (int n = begin; n < end; n++) {
    matrices.of(n, input, gradient, output, choice);
    product.add(sums, matrices, s.outHeight * s.outWidth);
  }
  float* part = partials + (size_t)blockIdx.y * s.filters * (patch + 1);
#pragma unroll
  for (int r = 0; r < 4; r++) {
    int filter = firstFilter + Product::row() + r;
#pragma unroll
    for (int c = 0; c < 4; c++) {
      int column = firstColumn + Product::column() + c;
      if (filter < s.filters && column <= patch)
        part[column == patch ? filter : s.filters + (size_t)(column % taps * s.filters + filter) * s.channels + column / taps] = sums[r][c];
    }
  }
}

// The sums over all parts, the weights' as [filter, channel, tap]; nobody wants those that are null.
// A block sums 32 neighbors, in 8 groups of parts; their sums are added in a fixed tree. Grid: parameters / 32.
extern "C" __global__ void __launch_bounds__(256) sum_partials(const float* partials, float* biases, float* weights, int parts, int filters, int channels, int taps) {
  __shared__ float sums[8][32];
  int lane = threadIdx.x % 32, group = threadIdx.x / 32, at = blockIdx.x * 32 + lane, length = filters * (channels * taps + 1);
  float sum = 0;
  if (at < length) {
#pragma unroll 8
    for (int part = group; part < parts; part += 8) sum += partials[(size_t)part * length + at];
  }
  sums[group][lane] = sum;
  __syncthreads();
  if (group > 0 || at >= length) return;
  float total = ((sums[0][lane] + sums[4][lane]) + (sums[2][lane] + sums[6][lane])) + ((sums[1][lane] + sums[5][lane]) + (sums[3][lane] + sums[7][lane]));
  int weight = at - filters, pair = weight % (filters * channels), tap = weight / (filters * channels);
  float* to = at < filters ? biases : weights;
  if (to != nullptr) to[at < filters ? at : pair * taps + tap] = total;
}
