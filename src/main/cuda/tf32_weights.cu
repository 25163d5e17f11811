// Weights' gradients of convolutions of stride 1 on tensor cores: a block has 64 filters and some channels, a warp 32 filters; the
// entries of a sum are a tile's 64 pixels at once.
#include "tf32.cuh"

#define FILTERS 64
#define PIXELS 64
#define LINE (PIXELS + 4)  // eight filters' four pixels meet each bank once

// WARPS warps side by side, each with 8 PLACES channels.
template <class Tile, int WARPS, int PLACES>
struct WeightProduct {
  static const int THREADS = 64 * WARPS, CHANNELS = WARPS * PLACES * 8, TAPS = Tile::TAPS;
  static const int PLANE = paddedPlane<Tile::POSITIONS, 4, 8>();  // eight channels' four pixels meet each bank once
  static const int SPAN = Tile::POSITIONS <= 64 ? 64 : Tile::POSITIONS <= 128 ? 128 : 256;  // threads that share a channel out
  float gradients[FILTERS][LINE];
  float pixels[CHANNELS][PLANE];

  static __device__ int firstFilter() { return threadIdx.x / 32 / WARPS * 32; }
  static __device__ int firstChannel() { return threadIdx.x / 32 % WARPS * PLACES * 8; }

  __device__ void load(const Tile& tile, const Gradients& filters, const Pixels& channels, int filter, int channel, int above, int before) {
    Position own = filters.position(tile.pixel(threadIdx.x % PIXELS));
#pragma unroll 8
    for (int f = threadIdx.x / PIXELS; f < FILTERS; f += THREADS / PIXELS) gradients[f][threadIdx.x % PIXELS] = toTf32(filters.read(own, filter + f));
    int at = threadIdx.x % SPAN;
    own = channels.position(tile.around(at, above, before));
    if (SPAN != Tile::POSITIONS && at >= Tile::POSITIONS) return;
#pragma unroll 8
    for (int c = threadIdx.x / SPAN; c < CHANNELS; c += THREADS / SPAN) pixels[c][at] = toTf32(channels.read(own, channel + c));
  }

  __device__ void add(float (&sums)[2][PLACES][TAPS][4]) const {
    int lane = threadIdx.x % 32;
    const float* left = &gradients[firstFilter() + lane / 4][lane % 4];
    const float* right = &pixels[firstChannel() + lane / 4][lane % 4];
#pragma unroll 1
    for (int k = 0; k < PIXELS; k += 8) {
      float4 a[2];
#pragma unroll
      for (int i = 0; i < 2; i++) {
        const float* from = left + i * 16 * LINE + k;
        a[i] = make_float4(from[0], from[8 * LINE], from[4], from[8 * LINE + 4]);
      }
#pragma unroll
      for (int p = 0; p < PLACES; p++)
#pragma unroll
        for (int t = 0; t < TAPS; t++) {
          const float* from = right + Tile::place(k) + p * 8 * PLANE + Tile::tap(t);
          float b0 = from[0], b1 = from[Tile::place(4)];
          multiplyAdd(sums[0][p][t], a[0], b0, b1);
          multiplyAdd(sums[1][p][t], a[1], b0, b1);
        }
    }
  }

  // The sum of a filter's gradients, a WARPS-th of it in each of as many neighboring threads.
  __device__ float bias() const {
    float sum = 0;
#pragma unroll
    for (int i = threadIdx.x % WARPS; i < PIXELS; i += WARPS) sum += gradients[threadIdx.x / WARPS][i];
    return sum;
  }

  // partials[part] as in weight_gradient: [biases | tap, filter, channel].
  __device__ void store(const float (&sums)[2][PLACES][TAPS][4], float bias, float* part, int filters, int channels) const {
    int lane = threadIdx.x % 32, filter = blockIdx.z * FILTERS + firstFilter() + lane / 4, channel = blockIdx.y * CHANNELS + firstChannel() + lane % 4 * 2;
#pragma unroll
    for (int t = 0; t < TAPS; t++)
#pragma unroll
      for (int i = 0; i < 2; i++)
#pragma unroll
        for (int p = 0; p < PLACES; p++)
#pragma unroll
          for (int e = 0; e < 4; e++) {
            int f = filter + i * 16 + e / 2 * 8, c = channel + p * 8 + e % 2;
            if (f < filters && c < channels) part[filters + ((size_t)t * filters + f) * channels + c] = sums[i][p][t][e];
          }
#pragma unroll
    for (int with = 1; with < WARPS; with *= 2) bias += __shfl_xor_sync(ALL_LANES, bias, with);
    int own = blockIdx.z * FILTERS + threadIdx.x / WARPS;
    if (blockIdx.y == 0 && threadIdx.x % WARPS == 0 && own < filters) part[own] = bias;
  }
};

template <class Tile, int WARPS, int PLACES>
static __device__ void clear(float (&sums)[2][PLACES][Tile::TAPS][4]) {
#pragma unroll
  for (int i = 0; i < 2; i++)
#pragma unroll
    for (int p = 0; p < PLACES; p++)
#pragma unroll
      for (int t = 0; t < Tile::TAPS; t++)
#pragma unroll
        for (int e = 0; e < 4; e++) sums[i][p][t][e] = 0;
}

template <class Tile>
static __device__ void windowWeights(WeightProduct<Tile, 4, 1>& product, const int* step, const int* shape, const float* input, const float* gradient,
                                     const float* output, const unsigned char* choice, float* partials, int images) {
  typedef WeightProduct<Tile, 4, 1> Own;
  const Shape& s = *(const Shape*)shape;  // read again where it is wanted, which takes no registers
  float sums[2][1][Tile::TAPS][4], bias = 0;
  clear<Tile, 4, 1>(sums);
  int begin = blockIdx.x * images, end = min(begin + images, stepCount(step)), tiles = Tile::tiles(s.outHeight, s.outWidth);
#pragma unroll 1
  for (int n = begin; n < end; n += Tile::IMAGES) {
#pragma unroll 1
    for (int t = 0; t < tiles; t++) {
      __syncthreads();
      product.load(Tile::of(t, n, end, s.outWidth), Gradients(s, gradient, output, choice, n), Pixels(s, input, n), blockIdx.z * FILTERS, blockIdx.y * Own::CHANNELS, s.top, s.left);
      __syncthreads();
      bias += product.bias();
      product.add(sums);
    }
  }
  product.store(sums, bias, partials + (size_t)blockIdx.x * s.filters * (s.channels * Tile::TAPS + 1), s.filters, s.channels);
}

// Grids: parts by channels / 32 by filters / 64; the names end in columns of a tile.
extern "C" __global__ void __launch_bounds__(256, 2) tf32_weight_gradient_8(const int* step, const int* shape, const float* __restrict__ input,
    const float* __restrict__ gradient, const float* __restrict__ output, const unsigned char* __restrict__ choice, float* partials, int images) {
  SHARED16 WeightProduct<Window<1, 8, 8>, 4, 1> product;
  windowWeights(product, step, shape, input, gradient, output, choice, partials, images);
}

extern "C" __global__ void __launch_bounds__(256, 2) tf32_weight_gradient_4(const int* step, const int* shape, const float* __restrict__ input,
    const float* __restrict__ gradient, const float* __restrict__ output, const unsigned char* __restrict__ choice, float* partials, int images) {
  SHARED16 WeightProduct<Window<4, 4, 4>, 4, 1> product;
  windowWeights(product, step, shape, input, gradient, output, choice, partials, images);
}

// Grid: parts by channels / 64 by filters / 64.
extern "C" __global__ void __launch_bounds__(128, 4) tf32_pointwise_weight_gradient(const int* step, const int* shape, const float* __restrict__ input,
    const float* __restrict__ gradient, const float* __restrict__ output, const unsigned char*, float* partials, int images) {
  typedef Flat<PIXELS> Tile;
  typedef WeightProduct<Tile, 2, 4> Own;
  SHARED16 Own product;
  const Shape& s = *(const Shape*)shape;  // read again where it is wanted, which takes no registers
  float sums[2][4][1][4], bias = 0;
  clear<Tile, 2, 4>(sums);
  int begin = blockIdx.x * images, end = min(begin + images, stepCount(step)), plane = s.height * s.width;
#pragma unroll 1
  for (int first = 0; first < (end - begin) * plane; first += PIXELS) {
    Tile tile = Tile::of(first, begin, end, s.height, s.width);
    __syncthreads();
    product.load(tile, Gradients(s, gradient, output, nullptr, tile.firstImage), Pixels(s, input, tile.firstImage), blockIdx.z * FILTERS, blockIdx.y * Own::CHANNELS, 0, 0);
    __syncthreads();
    bias += product.bias();
    product.add(sums);
  }
  product.store(sums, bias, partials + (size_t)blockIdx.x * s.filters * (s.channels + 1), s.filters, s.channels);
}
