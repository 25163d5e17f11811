// Convolution blocks of any size: convolution, bias, ReLU and 2x2 max-pool, their parameters' and their input's gradients.
// One thread computes one number; convolution_fast.cu has the forms for 3x3 filters and convolution_pointwise.cu those for 1x1.
#include "convolution.cuh"

// Output value `row`, `column` of filter `filter` before the ReLU.
static __device__ float filtered(const Shape& s, const float* image, const float* parameters, int filter, int row, int column) {
  int taps = s.kernelSize * s.kernelSize;
  const float* weights = parameters + s.filters + (size_t)filter * s.channels * taps;
  int top = row * s.stride - s.top, left = column * s.stride - s.left;
  float sum = 0;
  for (int c = 0; c < s.channels; c++) {
    const float* plane = image + (size_t)c * s.height * s.width;
    for (int i = 0; i < s.kernelSize; i++) {
      if (top + i < 0 || top + i >= s.height) continue;
      for (int j = 0; j < s.kernelSize; j++) {
        if (left + j < 0 || left + j >= s.width) continue;
        sum = fmaf(weights[c * taps + i * s.kernelSize + j], plane[(top + i) * s.width + left + j], sum);
      }
    }
  }
  return sum + parameters[filter];
}

// Grid: examples by outputs of an example / 256. `choice` is written with a pool only.
extern "C" __global__ void __launch_bounds__(256) convolve(const int* step, const int* shape, const float* input, const float* parameters,
                                                          float* output, unsigned char* choice) {
  Shape s = *(const Shape*)shape;
  int n = blockIdx.x, at = blockIdx.y * 256 + threadIdx.x;
  if (n >= step[0] || at >= s.filters * s.finalHeight * s.finalWidth) return;
  const float* image = input + (size_t)n * s.channels * s.height * s.width;
  int filter = at / (s.finalHeight * s.finalWidth), row = at / s.finalWidth % s.finalHeight, column = at % s.finalWidth;
  size_t to = (size_t)n * s.filters * s.finalHeight * s.finalWidth + at;
  if (!s.pool) {
    float value = filtered(s, image, parameters, filter, row, column);
    output[to] = s.relu ? rectified(value) : value;
    return;
  }
  float window[4];
  for (int i = 0; i < 4; i++) window[i] = filtered(s, image, parameters, filter, 2 * row + i / 2, 2 * column + i % 2);
  output[to] = pooled(window, s.relu, &choice[to]);
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

// Grid: examples by elements of an image / 256.
extern "C" __global__ void __launch_bounds__(256) input_gradient(const int* step, const int* shape, const float* parameters, const float* gradient,
                                                                const float* output, const unsigned char* choice, float* inputGradient) {
  Shape s = *(const Shape*)shape;
  int n = blockIdx.x, at = blockIdx.y * 256 + threadIdx.x, plane = s.height * s.width;
  if (n >= step[0] || at >= s.channels * plane) return;
  int c = at / plane, row = at / s.width % s.height + s.top, column = at % s.width + s.left, taps = s.kernelSize * s.kernelSize;
  float sum = 0;
  for (int f = 0; f < s.filters; f++) {
    size_t from = ((size_t)n * s.filters + f) * s.finalHeight * s.finalWidth;
    const float* weights = parameters + s.filters + ((size_t)f * s.channels + c) * taps;
    for (int i = 0; i < s.kernelSize; i++) {
      int y = row - i;
      if (y < 0 || y % s.stride != 0 || y / s.stride >= s.outHeight) continue;
      for (int j = 0; j < s.kernelSize; j++) {
        int x = column - j;
        if (x < 0 || x % s.stride != 0 || x / s.stride >= s.outWidth) continue;
        sum = fmaf(weights[i * s.kernelSize + j], spread(s, gradient + from, output + from, choice + from, y / s.stride, x / s.stride), sum);
      }
    }
  }
  inputGradient[(size_t)n * s.channels * plane + at] = sum;
}

// Sums over the examples [part * images, part * images + images) that there are: partials[part] in the order [biases | tap, filter, channel].
// A row's sum is added to the rest's, which keeps the chains of additions short. Grid: parameters / 64 by parts.
extern "C" __global__ void __launch_bounds__(64) weight_gradient(const int* step, const int* shape, const float* input, const float* gradient,
                                                                const float* output, const unsigned char* choice, float* partials, int images) {
  Shape s = *(const Shape*)shape;
  int taps = s.kernelSize * s.kernelSize, length = s.filters * (s.channels * taps + 1), at = blockIdx.x * 64 + threadIdx.x;
  if (at >= length) return;
  bool bias = at < s.filters;
  int weight = at - s.filters, tap = weight / (s.filters * s.channels);
  int f = bias ? at : weight / s.channels % s.filters, c = bias ? 0 : weight % s.channels, i = tap / s.kernelSize, j = tap % s.kernelSize;
  int first = blockIdx.y * images, last = first + images < step[0] ? first + images : step[0];
  float sum = 0;
  for (int n = first; n < last; n++) {
    size_t from = ((size_t)n * s.filters + f) * s.finalHeight * s.finalWidth;
    const float* plane = input + ((size_t)n * s.channels + c) * s.height * s.width;
    for (int y = 0; y < s.outHeight; y++) {
      int row = y * s.stride + i - s.top;
      if (!bias && (row < 0 || row >= s.height)) continue;
      float line = 0;
      for (int x = 0; x < s.outWidth; x++) {
        int column = x * s.stride + j - s.left;
        if (!bias && (column < 0 || column >= s.width)) continue;
        line = fmaf(spread(s, gradient + from, output + from, choice + from, y, x), bias ? 1 : plane[row * s.width + column], line);
      }
      sum += line;
    }
  }
  partials[(size_t)blockIdx.y * length + at] = sum;
}

// gradients = the sums over all parts, in the order of the parameters: [biases | filter, channel, tap].
// A block sums 32 neighbors, in 8 groups of parts; their sums are added in a fixed tree. Grid: parameters / 32.
extern "C" __global__ void __launch_bounds__(256) sum_partials(const float* partials, float* gradients, int parts, int filters, int channels, int taps) {
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
  gradients[at < filters ? at : filters + pair * taps + tap] = total;
}
