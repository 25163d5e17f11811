// Gradients of the inputs of convolutions of stride 1 on tensor cores: convolutions of the output's gradient with the filters in reverse,
// channels and filters exchanged.
#include "tf32_products.cuh"

template <class Tile, int WM>
static __device__ void gradientWindow(Product<Tile, WM>& product, const int* step, const int* shape, const float* back, const float* gradient, const float* output,
                                      const unsigned char* choice, float* inputGradient) {
  typedef Product<Tile, WM> Own;
  const Shape& s = *(const Shape*)shape;  // read again where it is wanted, which takes no registers
  int image = blockIdx.x * Tile::IMAGES;
  if (image >= stepCount(step)) return;
  Tile tile = Tile::of(blockIdx.y, image, stepCount(step), s.width);
  Gradients source(s, gradient, output, choice, image);
  Position positions[Own::READS];
  Own::find(positions, tile, source, 2 - s.top, 2 - s.left);
  float sums[2][Own::PLACES][4];
  product.sum(sums, (const float4*)back, source, positions, s.filters);
  Own::store(sums, tile, inputGradient, nullptr, 0, s.channels, s.height, s.width);
}

template <int WM>
static __device__ void gradientFlat(Product<Flat<128>, WM>& product, const int* step, const int* shape, const float* back, const float* gradient, const float* output,
                                    float* inputGradient) {
  typedef Flat<128> Tile;
  typedef Product<Tile, WM> Own;
  const Shape& s = *(const Shape*)shape;  // read again where it is wanted, which takes no registers
  int first = blockIdx.x * Tile::PIXELS;
  if (first >= stepCount(step) * s.height * s.width) return;
  Tile tile = Tile::of(first, 0, stepCount(step), s.height, s.width);
  Gradients source(s, gradient, output, nullptr, tile.firstImage);
  Position positions[Own::READS];
  Own::find(positions, tile, source, 0, 0);
  float sums[2][Own::PLACES][4];
  product.sum(sums, (const float4*)back, source, positions, s.filters);
  Own::store(sums, tile, inputGradient, nullptr, 0, s.channels, s.height, s.width);
}

// Grids: groups of images by tiles of an image by channels / rows of a block; the names end in columns of a tile and rows.
extern "C" __global__ void __launch_bounds__(128, 4) tf32_input_gradient_16_32(const int* step, const int* shape, const float* __restrict__ back,
    const float* __restrict__ gradient, const float* __restrict__ output, const unsigned char* __restrict__ choice, float* inputGradient) {
  SHARED16 Product<Window<1, 8, 16>, 1> product;
  gradientWindow(product, step, shape, back, gradient, output, choice, inputGradient);
}

extern "C" __global__ void __launch_bounds__(128, 4) tf32_input_gradient_16_64(const int* step, const int* shape, const float* __restrict__ back,
    const float* __restrict__ gradient, const float* __restrict__ output, const unsigned char* __restrict__ choice, float* inputGradient) {
  SHARED16 Product<Window<1, 8, 16>, 2> product;
  gradientWindow(product, step, shape, back, gradient, output, choice, inputGradient);
}

extern "C" __global__ void __launch_bounds__(128, 4) tf32_input_gradient_8_64(const int* step, const int* shape, const float* __restrict__ back,
    const float* __restrict__ gradient, const float* __restrict__ output, const unsigned char* __restrict__ choice, float* inputGradient) {
  SHARED16 Product<Window<1, 8, 8>, 2> product;
  gradientWindow(product, step, shape, back, gradient, output, choice, inputGradient);
}

extern "C" __global__ void __launch_bounds__(128, 4) tf32_input_gradient_4_64(const int* step, const int* shape, const float* __restrict__ back,
    const float* __restrict__ gradient, const float* __restrict__ output, const unsigned char* __restrict__ choice, float* inputGradient) {
  SHARED16 Product<Window<4, 4, 4>, 2> product;
  gradientWindow(product, step, shape, back, gradient, output, choice, inputGradient);
}

// Grid: pixels of all examples / 128 by 1 by channels / 64.
extern "C" __global__ void __launch_bounds__(128, 4) tf32_pointwise_input_gradient(const int* step, const int* shape, const float* __restrict__ back,
    const float* __restrict__ gradient, const float* __restrict__ output, const unsigned char*, float* inputGradient) {
  SHARED16 Product<Flat<128>, 2> product;
  gradientFlat(product, step, shape, back, gradient, output, inputGradient);
}
