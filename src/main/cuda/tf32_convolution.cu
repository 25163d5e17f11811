// Convolutions of stride 1 on tensor cores: filters of 3x3 by tiles of images, of 1x1 by neighboring pixels.
#include "tf32_products.cuh"

// weights[tile of 16 rows][stage][step][lane][4] in TF32, as multiplyAdd takes its rows: row filter, entries channels; and back, with
// channels and filters exchanged and taps in reverse. Rows and entries that there are not are 0.
static __device__ float arranged(const float* weights, int i, int rows, int depth, int taps, int groups, bool back) {
  int e = i % 4, lane = i / 4 % 32, step = i / 128 % (taps * groups), stages = (depth + 8 * groups - 1) / (8 * groups);
  int row = i / 128 / (taps * groups) / stages * 16 + lane / 4 + e % 2 * 8, tap = step % taps;
  int entry = (i / 128 / (taps * groups) % stages * groups + step / taps) * 8 + lane % 4 + e / 2 * 4;
  if (row >= rows || entry >= depth) return 0;
  return toTf32(back ? weights[((size_t)entry * rows + row) * taps + taps - 1 - tap] : weights[((size_t)row * depth + entry) * taps + tap]);
}

extern "C" __global__ void __launch_bounds__(256) tf32_arrange(const float* weights, float* forward, float* back, int forwardLength, int backLength,
                                                              int channels, int filters, int taps, int groups) {
  int i = blockIdx.x * 256 + threadIdx.x;
  if (i < forwardLength) forward[i] = arranged(weights, i, filters, channels, taps, groups, false);
  if (i < backLength) back[i] = arranged(weights, i, channels, filters, taps, groups, true);
}

// A window's four values are in one thread: the rows of a pair are COLUMNS / 8 places apart.
template <class Tile, int WM>
static __device__ void storePooled(float (&sums)[2][Product<Tile, WM>::PLACES][4], const Tile& tile, const Shape& s, const float* biases, float* output, unsigned char* choice) {
  typedef Product<Tile, WM> Own;
  const int NEXT = Tile::COLUMNS / 8;
  int lane = threadIdx.x % 32, first = blockIdx.z * Own::ROWS + Own::warpRow() + lane / 4;
#pragma unroll
  for (int p = 0; p < Own::PLACES; p++) {
    if (p / NEXT % 2 != 0) continue;
    Spot spot = tile.pixel(Own::firstPixel() + p * 8 + lane % 4 * 2);
    int row = spot.row / 2, column = spot.column / 2;
    if (!spot.inside || row >= s.finalHeight || column >= s.finalWidth) continue;
#pragma unroll
    for (int r = 0; r < 4; r++) {
      int filter = first + r * 8;
      if (filter >= s.filters) continue;
      const float *upper = &sums[r / 2][p][r % 2 * 2], *lower = &sums[r / 2][p + NEXT][r % 2 * 2];
      float bias = biases == nullptr ? 0 : biases[filter], window[4] = {upper[0] + bias, upper[1] + bias, lower[0] + bias, lower[1] + bias};
      size_t to = (((size_t)(tile.firstImage + spot.image) * s.filters + filter) * s.finalHeight + row) * s.finalWidth + column;
      output[to] = pooled(window, s.relu, &choice[to]);
    }
  }
}

template <class Tile, int WM>
static __device__ void convolveWindow(Product<Tile, WM>& product, const int* step, const int* shape, const float* input, const float* weights, const float* biases,
                                      float* output, unsigned char* choice) {
  typedef Product<Tile, WM> Own;
  const Shape& s = *(const Shape*)shape;  // read again where it is wanted, which takes no registers
  int image = blockIdx.x * Tile::IMAGES;
  if (image >= stepCount(step)) return;
  Tile tile = Tile::of(blockIdx.y, image, stepCount(step), s.outWidth);
  Pixels source(s, input, image);
  Position positions[Own::READS];
  Own::find(positions, tile, source, s.top, s.left);
  float sums[2][Own::PLACES][4];
  product.sum(sums, (const float4*)weights, source, positions, s.channels);
  if constexpr (Tile::COLUMNS >= 8) {
    if (s.pool) {
      storePooled<Tile, WM>(sums, tile, s, biases, output, choice);
      return;
    }
  }
  Own::store(sums, tile, output, biases, s.relu, s.filters, s.outHeight, s.outWidth);
}

template <int WM>
static __device__ void convolveFlat(Product<Flat<128>, WM>& product, const int* step, const int* shape, const float* input, const float* weights, const float* biases,
                                    float* output) {
  typedef Flat<128> Tile;
  typedef Product<Tile, WM> Own;
  const Shape& s = *(const Shape*)shape;  // read again where it is wanted, which takes no registers
  int first = blockIdx.x * Tile::PIXELS;
  if (first >= stepCount(step) * s.height * s.width) return;
  Tile tile = Tile::of(first, 0, stepCount(step), s.height, s.width);
  Pixels source(s, input, tile.firstImage);
  Position positions[Own::READS];
  Own::find(positions, tile, source, 0, 0);
  float sums[2][Own::PLACES][4];
  product.sum(sums, (const float4*)weights, source, positions, s.channels);
  Own::store(sums, tile, output, biases, s.relu, s.filters, s.height, s.width);
}

// Grids: groups of images by tiles of an image by filters / rows of a block; the names end in columns of a tile and rows.
extern "C" __global__ void __launch_bounds__(128, 4) tf32_convolve_16_32(const int* step, const int* shape, const float* __restrict__ input,
    const float* __restrict__ weights, const float* biases, float* output, unsigned char* choice) {
  SHARED16 Product<Window<1, 8, 16>, 1> product;
  convolveWindow(product, step, shape, input, weights, biases, output, choice);
}

extern "C" __global__ void __launch_bounds__(128, 4) tf32_convolve_16_64(const int* step, const int* shape, const float* __restrict__ input,
    const float* __restrict__ weights, const float* biases, float* output, unsigned char* choice) {
  SHARED16 Product<Window<1, 8, 16>, 2> product;
  convolveWindow(product, step, shape, input, weights, biases, output, choice);
}

extern "C" __global__ void __launch_bounds__(128, 4) tf32_convolve_8_64(const int* step, const int* shape, const float* __restrict__ input,
    const float* __restrict__ weights, const float* biases, float* output, unsigned char* choice) {
  SHARED16 Product<Window<1, 8, 8>, 2> product;
  convolveWindow(product, step, shape, input, weights, biases, output, choice);
}

extern "C" __global__ void __launch_bounds__(128, 4) tf32_convolve_4_64(const int* step, const int* shape, const float* __restrict__ input,
    const float* __restrict__ weights, const float* biases, float* output, unsigned char* choice) {
  SHARED16 Product<Window<4, 4, 4>, 2> product;
  convolveWindow(product, step, shape, input, weights, biases, output, choice);
}

// Grids: pixels of all examples / 128 by 1 by filters / 64.
extern "C" __global__ void __launch_bounds__(128, 4) tf32_pointwise(const int* step, const int* shape, const float* __restrict__ input,
    const float* __restrict__ weights, const float* biases, float* output, unsigned char*) {
  SHARED16 Product<Flat<128>, 2> product;
  convolveFlat(product, step, shape, input, weights, biases, output);
}
