// The beginning of a step: which examples it takes, and their images as the network takes them.
#include "device.cuh"

#define THREADS 512

/** What a round's steps read, in its table of addresses in device memory, so that one graph serves all rounds. */
enum Round { IMAGES, LABELS, ORDER, VIEWS, BOUNDS, RATES };

/** A shift of nine bits, with its sign. */
__device__ __forceinline__ int signed_shift(long long bits) { return (int)((unsigned int)bits << 23) >> 23; }

/** The place of the image that a place of a shifted view shows; -1 for black. */
__device__ __forceinline__ int source_of(int moved, int size, bool reflected) {
  if (moved >= 0 && moved < size) return moved;
  return !reflected ? -1 : moved < 0 ? -moved : 2 * (size - 1) - moved;
}

/**
 * One block an example of the step whose number is in next. Writes the step's header {examples, first, number, 0}, the
 * images [examples][channels][height][width] through numbers[channel][256], and the labels. An example's view is the
 * code of an ImageView: bits for flip and reflection, nine each for the shifts, eight each for the square's place and
 * size. What it shows outside of the image is black, or the image reflected; the square is 0.
 */
extern "C" __global__ void __launch_bounds__(THREADS) examples(
    const int* __restrict__ next, const unsigned long long* __restrict__ round, int* step,
    const float* __restrict__ numbers, float* __restrict__ to, int* __restrict__ labels, int channels, int height,
    int width) {
  const int* bounds = (const int*)round[BOUNDS];
  int index = next[0], first = bounds[index], count = bounds[index + 1] - first, number = blockIdx.x;
  if (number == 0 && threadIdx.x == 0) {
    step[0] = count;
    step[1] = first;
    step[2] = index;
    step[3] = 0;
  }
  if (number >= count) return;
  int example = ((const int*)round[ORDER])[first + number], plane = height * width, pixels = channels * plane;
  const long long* views = (const long long*)round[VIEWS];
  const unsigned char* image = (const unsigned char*)round[IMAGES] + (size_t)example * pixels;
  long long view = views == nullptr ? 0 : views[example];
  bool flip = view & 1, reflected = view & 2;
  int down = signed_shift(view >> 2), right = signed_shift(view >> 11);
  int top = (int)(view >> 20) & 255, left = (int)(view >> 28) & 255, size = (int)(view >> 36) & 255;
  if (threadIdx.x == 0) labels[number] = ((const int*)round[LABELS])[example];
  to += (size_t)number * pixels;
  // A thread has one column of every few rows; images are at most 256 wide.
  int rows = THREADS / width, column = threadIdx.x % width, moved = source_of(column - right, width, reflected);
  bool within = moved >= 0, cut = column >= left && column < left + size;
  int source = flip ? width - 1 - moved : moved;
  if (threadIdx.x >= rows * width) return;
#pragma unroll 6
  for (int r = threadIdx.x / width; r < channels * height; r += rows) {
    int channel = r / height, to_row = r - channel * height, row = source_of(to_row - down, height, reflected);
    bool inside = within && row >= 0;
    int value = inside ? image[(channel * height + row) * width + source] : 0;
    bool zero = cut && to_row >= top && to_row < top + size;
    to[r * width + column] = zero ? 0.0f : numbers[256 * channel + value];
  }
}
