// The beginning of a step: which examples it takes, and their images as the network takes them.
#include "device.cuh"

#define THREADS 512

/** What a round's steps read, in its table of addresses in device memory, so that one graph serves all rounds. */
enum Round { IMAGES, LABELS, ORDER, VIEWS, BOUNDS, RATES };

/**
 * One block an example of the step whose number is in next. Writes the step's header {examples, first, number, 0}, the
 * images [examples][channels][height][width] through numbers[channel][256], and the labels. An example's view is an
 * ImageView: 2 * (9 * (down + 4) + right + 4) + flip; what it shows outside of the image is black.
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
  const int* views = (const int*)round[VIEWS];
  const unsigned char* image = (const unsigned char*)round[IMAGES] + (size_t)example * pixels;
  int view = views == nullptr ? 2 * (9 * 4 + 4) : views[example];
  bool flip = view % 2 == 1;
  int down = view / 2 / 9 - 4, right = view / 2 % 9 - 4;
  if (threadIdx.x == 0) labels[number] = ((const int*)round[LABELS])[example];
  to += (size_t)number * pixels;
  // A thread has one column of every few rows; images are at most 256 wide.
  int rows = THREADS / width, column = threadIdx.x % width, moved = column - right;
  bool within = moved >= 0 && moved < width;
  int source = flip ? width - 1 - moved : moved;
  if (threadIdx.x >= rows * width) return;
#pragma unroll 6
  for (int r = threadIdx.x / width; r < channels * height; r += rows) {
    int channel = r / height, row = r - channel * height - down;
    bool inside = within && row >= 0 && row < height;
    int value = inside ? image[(channel * height + row) * width + source] : 0;
    to[r * width + column] = numbers[256 * channel + value];
  }
}
