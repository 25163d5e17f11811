// Convolution blocks of any size: convolution, bias, ReLU and 2x2 max-pool, their parameters' and their input's gradients. All three
// are products of matrices, one or both of which are gathered from images as they are read; a block computes a square of a product.
// How large the square is does not matter to the bits: every entry is one chain of fused multiply-adds, in the order of the sum.
// convolution_first.cu, _pooled.cu, _tiles.cu and pointwise.cu are faster for certain sizes.
#include "convolution.cuh"

#define THREADS 256
#define SMALL 64
#define LARGE 128

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

// Output pixels of all examples as columns of a product; with a pool a window's four follow each other.
struct Outputs {
  int example, row, column;
  __device__ Outputs(const Shape& s, int at) {
    int each = countOf(s), width = s.pool ? s.finalWidth : s.outWidth;
    example = at / each;
    at -= example * each;
    int window = s.pool ? at / 4 : at;
    row = window / width;
    column = window - row * width;
    if (s.pool) {
      row = 2 * row + at % 4 / 2;
      column = 2 * column + at % 2;
    }
  }
  // Columns of an example.
  static __device__ int countOf(const Shape& s) { return s.finalHeight * s.finalWidth * (s.pool ? 4 : 1); }
};

// A block's product, SIDE x SIDE: a thread has the rows and columns place(thread / 16, i) and place(thread % 16, i). `matrices` has
// left(row, entry), right(column, entry) and entry(k); both give 0 beyond their edges. ALONG: neighbors in memory are neighbors of the sum;
// else a thread asks for one column only, thread % SIDE.
template <int SIDE>
struct Product {
  static const int EACH = SIDE / 16, DEPTH = SIDE == LARGE ? 8 : 16, LOADS = SIDE * DEPTH / THREADS;  // DEPTH entries of a sum at once
  Entry entries[2][DEPTH];
  float left[DEPTH][SIDE + 4];
  float right[DEPTH][SIDE + 4];

  static __device__ int place(int thread, int i) { return i / 4 * 64 + 4 * thread + i % 4; }
  static __device__ int row(int i) { return place(threadIdx.x / 16, i); }
  static __device__ int column(int i) { return place(threadIdx.x % 16, i); }

  static __device__ int depthOf(bool along, int j) { return along ? threadIdx.x % DEPTH : threadIdx.x / SIDE + j * (THREADS / SIDE); }
  static __device__ int lineOf(bool along, int j) { return along ? threadIdx.x / DEPTH + j * (THREADS / DEPTH) : threadIdx.x % SIDE; }

  // The next DEPTH entries of all rows and columns, in registers.
  template <class Matrices>
  __device__ void fetch(float (&l)[LOADS], float (&r)[LOADS], const Matrices& matrices, const Entry* of, int depth) const {
#pragma unroll
    for (int j = 0; j < LOADS; j++) {
      int k = depthOf(Matrices::LEFT_ALONG, j), line = lineOf(Matrices::LEFT_ALONG, j);
      l[j] = k < depth ? matrices.left(line, of[k]) : 0;
      k = depthOf(Matrices::RIGHT_ALONG, j);
      line = lineOf(Matrices::RIGHT_ALONG, j);
      r[j] = k < depth ? matrices.right(line, of[k]) : 0;
    }
  }

  static __device__ void read(const float* from, int thread, float (&to)[EACH]) {
#pragma unroll
    for (int i = 0; i < EACH; i += 4) {
      float4 v = *(const float4*)&from[place(thread, i)];
      to[i] = v.x;
      to[i + 1] = v.y;
      to[i + 2] = v.z;
      to[i + 3] = v.w;
    }
  }

  template <class Matrices>
  __device__ void multiply(float (&sums)[EACH][EACH], const Matrices& matrices, int depth) {
    float l[LOADS], r[LOADS];
#pragma unroll
    for (int i = 0; i < EACH * EACH; i++) sums[i / EACH][i % EACH] = 0;
    if (threadIdx.x < 2 * DEPTH) entries[threadIdx.x / DEPTH][threadIdx.x % DEPTH] = matrices.entry(threadIdx.x);
    __syncthreads();
    fetch(l, r, matrices, entries[0], depth);
#pragma unroll 1
    for (int first = 0, turn = 0; first < depth; first += DEPTH, turn ^= 1) {
      __syncthreads();
#pragma unroll
      for (int j = 0; j < LOADS; j++) {
        left[depthOf(Matrices::LEFT_ALONG, j)][lineOf(Matrices::LEFT_ALONG, j)] = l[j];
        right[depthOf(Matrices::RIGHT_ALONG, j)][lineOf(Matrices::RIGHT_ALONG, j)] = r[j];
      }
      if (threadIdx.x < DEPTH) entries[turn][threadIdx.x] = matrices.entry(first + 2 * DEPTH + threadIdx.x);
      __syncthreads();
      if (first + DEPTH < depth) fetch(l, r, matrices, entries[turn ^ 1], depth - first - DEPTH);
#pragma unroll 2
      for (int k = 0; k < DEPTH; k++) {
        float rows[EACH], columns[EACH];
        read(left[k], threadIdx.x / 16, rows);
        read(right[k], threadIdx.x % 16, columns);
#pragma unroll
        for (int i = 0; i < EACH; i++)
#pragma unroll
          for (int j = 0; j < EACH; j++) sums[i][j] = fmaf(rows[i], columns[j], sums[i][j]);
      }
    }
  }
};

// Filters by taps, times taps by output pixels.
struct Forward {
  static const bool LEFT_ALONG = true, RIGHT_ALONG = false;
  const Shape& s;
  const float *image, *weights;
  int firstFilter, top, leftmost, patch;
  bool inside;
  __device__ Forward(const Shape& shape, const float* input, const float* weights, int firstFilter, int pixel, int count)
      : s(shape), weights(weights), firstFilter(firstFilter), patch(shape.channels * shape.kernelSize * shape.kernelSize) {
    Outputs output(s, pixel);
    inside = output.example < count;
    image = input + (size_t)output.example * s.channels * s.height * s.width;
    top = output.row * s.stride - s.top;
    leftmost = output.column * s.stride - s.left;
  }
  __device__ Entry entry(int k) const { return tapOf(s, k); }
  __device__ float left(int row, const Entry& e) const { return firstFilter + row < s.filters ? weights[(size_t)(firstFilter + row) * patch + e.at] : 0; }
  __device__ float right(int, const Entry& e) const {
    int row = top + e.row, column = leftmost + e.column;
    return inside && row >= 0 && row < s.height && column >= 0 && column < s.width ? image[(e.plane * s.height + row) * s.width + column] : 0;
  }
};

template <int SIDE>
static __device__ void convolution(Product<SIDE>& product, const int* step, const int* shape, const float* input, const float* biases, const float* weights,
                                float* output, unsigned char* choice) {
  typedef Product<SIDE> Own;
  const Shape& s = *(const Shape*)shape;
  int count = stepCount(step), first = blockIdx.x * SIDE, firstFilter = blockIdx.y * SIDE;
  if (first >= count * Outputs::countOf(s)) return;
  float sums[Own::EACH][Own::EACH];
  product.multiply(sums, Forward(s, input, weights, firstFilter, first + threadIdx.x % SIDE, count), s.channels * s.kernelSize * s.kernelSize);
  int window = s.pool ? 4 : 1, length = s.finalHeight * s.finalWidth;
#pragma unroll
  for (int j = 0; j < Own::EACH; j += 4) {
    size_t to[4];
    int there = 0;
#pragma unroll
    for (int c = 0; c < 4 && c < 4 / window; c++) {
      int at = (first + Own::column(j) + c) / window, example = at / length;
      to[c] = (size_t)example * s.filters * length + (at - example * length);
      there += example < count;
    }
#pragma unroll
    for (int r = 0; r < Own::EACH; r++) {
      int filter = firstFilter + Own::row(r);
      if (filter >= s.filters) continue;
      size_t plane = (size_t)filter * length;
      float four[4], bias = biasOf(biases, filter);
#pragma unroll
      for (int c = 0; c < 4; c++) four[c] = sums[r][j + c] + bias;
      if (s.pool) {
        if (there > 0) output[to[0] + plane] = pooled(four, s.relu, &choice[to[0] + plane]);
        continue;
      }
#pragma unroll
      for (int c = 0; c < 4; c++)
        if (c < there) output[to[c] + plane] = s.relu ? rectified(four[c]) : four[c];
    }
  }
}

// Grid: output pixels of all examples / 64 by filters / 64. `choice` is written with a pool only.
extern "C" __global__ void __launch_bounds__(THREADS, 3) convolve(const int* step, const int* __restrict__ shape, const float* __restrict__ input,
    const float* __restrict__ biases, const float* __restrict__ weights, float* output, unsigned char* choice) {
  SHARED16 Product<SMALL> product;
  convolution(product, step, shape, input, biases, weights, output, choice);
}

// The same by 128.
extern "C" __global__ void __launch_bounds__(THREADS, 2) convolve_large(const int* step, const int* __restrict__ shape, const float* __restrict__ input,
    const float* __restrict__ biases, const float* __restrict__ weights, float* output, unsigned char* choice) {
  SHARED16 Product<LARGE> product;
  convolution(product, step, shape, input, biases, weights, output, choice);
}

// Channels by taps of all filters, times those taps by pixels of the input.
struct Backward {
  static const bool LEFT_ALONG = false, RIGHT_ALONG = false;
  const Shape& s;
  const float *weights, *gradient, *output;
  const unsigned char* choice;
  int firstChannel, row, column, taps;
  bool inside;
  __device__ Backward(const Shape& shape, const float* weights, const float* gradients, const float* outputs, const unsigned char* choices, int firstChannel, int pixel,
                      int count)
      : s(shape), weights(weights), firstChannel(firstChannel), taps(shape.kernelSize * shape.kernelSize) {
    int plane = s.height * s.width, example = pixel / plane;
    pixel -= example * plane;
    row = pixel / s.width + s.top;
    column = pixel % s.width + s.left;
    inside = example < count;
    size_t from = (size_t)example * s.filters * s.finalHeight * s.finalWidth;
    gradient = gradients + from;
    output = outputs + from;
    choice = choices + from;
  }
  __device__ Entry entry(int k) const { return tapOf(s, k); }
  __device__ float left(int row, const Entry& e) const {
    return firstChannel + row < s.channels ? weights[((size_t)e.plane * s.channels + firstChannel + row) * taps + e.row * s.kernelSize + e.column] : 0;
  }
  __device__ float right(int, const Entry& e) const {
    int y = row - e.row, x = column - e.column;
    if (!inside || y < 0 || x < 0) return 0;
    if (s.stride > 1) {
      if (y % s.stride != 0 || x % s.stride != 0) return 0;
      y /= s.stride;
      x /= s.stride;
    }
    if (y >= s.outHeight || x >= s.outWidth) return 0;
    int from = e.plane * s.finalHeight * s.finalWidth;
    return spread(s, gradient + from, output + from, choice + from, y, x);
  }
};

template <int SIDE>
static __device__ void inputGradients(Product<SIDE>& product, const int* step, const int* shape, const float* weights, const float* gradient, const float* output,
                                      const unsigned char* choice, float* inputGradient) {
  typedef Product<SIDE> Own;
  const Shape& s = *(const Shape*)shape;
  int count = stepCount(step), length = s.height * s.width, first = blockIdx.x * SIDE, firstChannel = blockIdx.y * SIDE;
  if (first >= count * length) return;
  float sums[Own::EACH][Own::EACH];
  product.multiply(sums, Backward(s, weights, gradient, output, choice, firstChannel, first + threadIdx.x % SIDE, count), s.filters * s.kernelSize * s.kernelSize);
#pragma unroll
  for (int c = 0; c < Own::EACH; c++) {
    int at = first + Own::column(c), example = at / length;
    if (example >= count) break;
    size_t to = (size_t)example * s.channels * length + (at - example * length);
#pragma unroll
    for (int r = 0; r < Own::EACH; r++) {
      int channel = firstChannel + Own::row(r);
      if (channel < s.channels) inputGradient[to + (size_t)channel * length] = sums[r][c];
    }
  }
}

// Grid: pixels of all examples / 64 by channels / 64.
extern "C" __global__ void __launch_bounds__(THREADS, 3) input_gradient(const int* step, const int* __restrict__ shape, const float* __restrict__ weights,
    const float* __restrict__ gradient, const float* __restrict__ output, const unsigned char* __restrict__ choice, float* inputGradient) {
  SHARED16 Product<SMALL> product;
  inputGradients(product, step, shape, weights, gradient, output, choice, inputGradient);
}

// The same by 128.
extern "C" __global__ void __launch_bounds__(THREADS, 2) input_gradient_large(const int* step, const int* __restrict__ shape, const float* __restrict__ weights,
    const float* __restrict__ gradient, const float* __restrict__ output, const unsigned char* __restrict__ choice, float* inputGradient) {
  SHARED16 Product<LARGE> product;
  inputGradients(product, step, shape, weights, gradient, output, choice, inputGradient);
}

// Filters by output pixels of a part's examples, times those pixels by taps; the last column's pixels are 1, for the biases.
struct Weights {
  static const bool LEFT_ALONG = true, RIGHT_ALONG = true;
  const Shape& s;
  const float *input, *gradients, *outputs;
  const unsigned char* choices;
  const Entry* taps;  // by column
  int firstFilter, begin;
  // Pixels of an example follow those of the one before.
  __device__ Entry entry(int k) const {
    int each = s.outHeight * s.outWidth, example = k / each;
    k -= example * each;
    return {begin + example, k / s.outWidth, k % s.outWidth, k};
  }
  __device__ float left(int row, const Entry& e) const {
    if (firstFilter + row >= s.filters) return 0;
    size_t from = ((size_t)e.plane * s.filters + firstFilter + row) * s.finalHeight * s.finalWidth;
    return spread(s, gradients + from, outputs + from, choices + from, e.row, e.column);
  }
  __device__ float right(int column, const Entry& e) const {
    const Entry& tap = taps[column];
    if (tap.plane >= s.channels) return tap.at == s.channels * s.kernelSize * s.kernelSize ? 1 : 0;
    int y = e.row * s.stride + tap.row - s.top, x = e.column * s.stride + tap.column - s.left;
    return y >= 0 && y < s.height && x >= 0 && x < s.width ? input[(((size_t)e.plane * s.channels + tap.plane) * s.height + y) * s.width + x] : 0;
  }
};

template <int SIDE>
static __device__ void weightGradients(Product<SIDE>& product, Entry (&columns)[SIDE], const int* step, const int* shape, const float* input, const float* gradient,
                                       const float* output, const unsigned char* choice, float* partials, int images) {
  typedef Product<SIDE> Own;
  const Shape& s = *(const Shape*)shape;
  int taps = s.kernelSize * s.kernelSize, patch = s.channels * taps, firstFilter = blockIdx.z * SIDE, firstColumn = blockIdx.x * SIDE;
  int begin = blockIdx.y * images, count = max(0, min(images, stepCount(step) - begin));
  if (threadIdx.x < SIDE) columns[threadIdx.x] = tapOf(s, firstColumn + threadIdx.x);
  __syncthreads();
  float sums[Own::EACH][Own::EACH];
  product.multiply(sums, Weights{s, input, gradient, output, choice, columns, firstFilter, begin}, count * s.outHeight * s.outWidth);
  float* part = partials + (size_t)blockIdx.y * s.filters * (patch + 1);
#pragma unroll
  for (int c = 0; c < Own::EACH; c++) {
    const Entry& tap = columns[Own::column(c)];
    if (tap.at > patch) break;
    size_t to = tap.at == patch ? 0 : s.filters + (size_t)(tap.row * s.kernelSize + tap.column) * s.filters * s.channels + tap.plane;
#pragma unroll
    for (int r = 0; r < Own::EACH; r++) {
      int filter = firstFilter + Own::row(r);
      if (filter < s.filters) part[to + (size_t)filter * (tap.at == patch ? 1 : s.channels)] = sums[r][c];
    }
  }
}

// Sums over the examples [part * images, part * images + images) that there are: partials[part] in the order [biases | tap, filter, channel].
// Grid: (weights of a filter, and 1 where there are biases) / 64 by parts by filters / 64.
extern "C" __global__ void __launch_bounds__(THREADS, 3) weight_gradient(const int* step, const int* __restrict__ shape, const float* __restrict__ input,
    const float* __restrict__ gradient, const float* __restrict__ output, const unsigned char* __restrict__ choice, float* partials, int images) {
  SHARED16 Product<SMALL> product;
  SHARED Entry columns[SMALL];
  weightGradients(product, columns, step, shape, input, gradient, output, choice, partials, images);
}

// The same by 128.
extern "C" __global__ void __launch_bounds__(THREADS, 2) weight_gradient_large(const int* step, const int* __restrict__ shape, const float* __restrict__ input,
    const float* __restrict__ gradient, const float* __restrict__ output, const unsigned char* __restrict__ choice, float* partials, int images) {
  SHARED16 Product<LARGE> product;
  SHARED Entry columns[LARGE];
  weightGradients(product, columns, step, shape, input, gradient, output, choice, partials, images);
}

// The sums over all parts, the weights' as [filter, channel, tap]; nobody wants those that are null.
// A block sums 32 neighbors, in 8 groups of parts; their sums are added in a fixed tree. Grid: sums / 32.
extern "C" __global__ void __launch_bounds__(THREADS) sum_partials(const float* partials, float* biases, float* weights, int parts, int filters, int channels, int taps) {
  __shared__ float sums[8][32];
  int lane = threadIdx.x % 32, group = threadIdx.x / 32, at = blockIdx.x * 32 + lane, length = filters * (channels * taps + 1);
  float* to = at < filters ? biases : weights;
  bool wanted = at < length && to != nullptr;
  float sum = 0;
  if (wanted) {
#pragma unroll 8
    for (int part = group; part < parts; part += 8) sum += partials[(size_t)part * length + at];
  }
  sums[group][lane] = sum;
  __syncthreads();
  if (group > 0 || !wanted) return;
  float total = ((sums[0][lane] + sums[4][lane]) + (sums[2][lane] + sums[6][lane])) + ((sums[1][lane] + sums[5][lane]) + (sums[3][lane] + sums[7][lane]));
  int weight = at - filters, pair = weight % (filters * channels), tap = weight / (filters * channels);
  to[at < filters ? at : pair * taps + tap] = total;
}
