// What the kernels of convolutions share: the sizes, the ReLU and the pool as the CPU computes them.
#pragma once
#include "device.cuh"

// The sizes of a block, as io.involution.layers.convolution.ConvolutionShape names them; pool and relu are 0 or 1.
struct Shape {
  int channels, height, width, filters, kernelSize, stride, top, left, outHeight, outWidth, finalHeight, finalWidth, pool, relu;
};

// A filter's bias; blocks may have none.
static __device__ float biasOf(const float* biases, int filter) { return biases == nullptr ? 0 : biases[filter]; }

// Not-a-number stays what it is.
static __device__ float rectified(float value) { return value <= 0 ? 0 : value; }

static __device__ float larger(float a, float b) { return b > a || b != b ? b : a; }

// The mark of a window that the ReLU cut off.
static const int INACTIVE = 4;

// The largest of a window's four values, rectified; `choice` gets the first largest one's number or INACTIVE.
static __device__ float pooled(const float* window, int relu, unsigned char* choice) {
  int upper = window[1] > window[0] ? 1 : 0, lower = window[3] > window[2] ? 3 : 2;
  float above = larger(window[0], window[1]), below = larger(window[2], window[3]), value = larger(above, below);
  int place = below > above ? lower : upper;
  *choice = (unsigned char)(value <= (relu ? 0.0f : -INFINITY) ? INACTIVE : place);
  return relu ? rectified(value) : value;
}
