// Products on tensor cores: float32 factors rounded to TF32 (10 bits behind the point, ties away from zero), sums in float32. On the CPU
// the products are exact and the sums in the order of the entries; a GPU's tensor cores have their own order, the same in every run.
#pragma once
#include "convolution.cuh"

/** A number as tensor cores read it. Not-a-number stays one. */
static __device__ inline float toTf32(float value) {
#ifdef __CUDACC__
  unsigned bits;
  asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(bits) : "f"(value));
  return __uint_as_float(bits);
#else
  if (value != value) return floatOfBits(0x7fffffff);
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  bits = (bits + 0x1000u) & ~0x1fffu;
  memcpy(&value, &bits, sizeof value);
  return value;
#endif
}

/**
 * sums += a b by a whole warp: 16 rows of 8 entries times 8 entries of 8 columns, all in TF32. With g = lane / 4 and t = lane % 4, a lane
 * gives rows g and g + 8 of entry t (a.x, a.y) and of entry t + 4 (a.z, a.w), and entries t and t + 4 of column g (b0, b1); it gets rows
 * g and g + 8 of columns 2t and 2t + 1: sums[0], sums[1] and sums[2], sums[3].
 */
static __device__ inline void multiplyAdd(float (&sums)[4], const float4& a, float b0, float b1) {
#ifdef __CUDACC__
  asm("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
      : "+f"(sums[0]), "+f"(sums[1]), "+f"(sums[2]), "+f"(sums[3])
      : "r"(__float_as_uint(a.x)), "r"(__float_as_uint(a.y)), "r"(__float_as_uint(a.z)), "r"(__float_as_uint(a.w)), "r"(__float_as_uint(b0)),
        "r"(__float_as_uint(b1)));
#else
  cuda_on_cpu::multiplyAdd(sums, a, b0, b1, __FILE__, __LINE__);
#endif
}

/** Begins a copy of 16 bytes to shared memory, which is there after copiesDone() and a barrier. */
static __device__ inline void copyAsync(float4* to, const float4* from) {
#ifdef __CUDACC__
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"((unsigned)__cvta_generic_to_shared(to)), "l"(from) : "memory");
#else
  cuda_on_cpu::begunCopies().push_back({to, from});
#endif
}

/** Waits for the thread's own copies. */
static __device__ inline void copiesDone() {
#ifdef __CUDACC__
  asm volatile("cp.async.wait_all;" ::: "memory");
#else
  for (const cuda_on_cpu::Copy& copy : cuda_on_cpu::begunCopies()) *copy.to = *copy.from;
  cuda_on_cpu::begunCopies().clear();
#endif
}

/** A pixel of a tile: the image's number after the tile's first one, and where it is in there. */
struct Spot {
  int image, row, column;
  bool inside;
};

/** Where a value is in the first plane of the tile's images, or -1 where there is none; its place in a window of the pool. */
struct Position {
  int at, mark;
};

/** Images as a layer reads them. */
struct Pixels {
  const float* values;
  int channels, height, width;
  __device__ Pixels(const Shape& s, const float* input, int firstImage)
      : values(input + (size_t)firstImage * s.channels * s.height * s.width), channels(s.channels), height(s.height), width(s.width) {}
  __device__ Position position(const Spot& p) const {
    bool inside = p.inside && p.row >= 0 && p.row < height && p.column >= 0 && p.column < width;
    return {inside ? (p.image * channels * height + p.row) * width + p.column : -1, 0};
  }
  __device__ float read(const Position& p, int channel) const {
    return p.at >= 0 && channel < channels ? values[p.at + channel * height * width] : 0;
  }
};

/** The gradient of the convolution's output, read through the ReLU and the pool. */
struct Gradients {
  const float *gradient, *output;
  const unsigned char* choice;
  int filters, height, width, plane, pool, relu;
  __device__ Gradients(const Shape& s, const float* gradients, const float* outputs, const unsigned char* choices, int firstImage)
      : filters(s.filters), height(s.pool ? s.finalHeight * 2 : s.outHeight), width(s.pool ? s.finalWidth * 2 : s.outWidth),
        plane(s.finalHeight * s.finalWidth), pool(s.pool), relu(s.relu) {
    size_t from = (size_t)firstImage * filters * plane;
    gradient = gradients + from;
    output = outputs + from;
    choice = choices + from;
  }
  __device__ Position position(const Spot& p) const {
    if (!p.inside || p.row < 0 || p.row >= height || p.column < 0 || p.column >= width) return {-1, 0};
    int at = pool ? p.row / 2 * (width / 2) + p.column / 2 : p.row * width + p.column;
    return {p.image * filters * plane + at, p.row % 2 * 2 + p.column % 2};
  }
  __device__ float read(const Position& p, int filter) const {
    if (p.at < 0 || filter >= filters) return 0;
    int at = p.at + filter * plane;
    if (pool) return choice[at] == p.mark ? gradient[at] : 0;
    return relu && output[at] <= 0 ? 0 : gradient[at];
  }
};

/** The smallest length of a plane in shared memory that leaves the remainder FIRST, or more by multiples of STEP, of 32 banks. */
template <int LENGTH, int FIRST, int STEP>
static constexpr int paddedPlane() {
  int length = LENGTH;
  while (length % 32 % STEP != FIRST) length++;
  return length;
}

/**
 * A tile of IMAGES images, ROWS rows and COLUMNS columns, with what the taps of 3x3 filters reach around it. Small images are side by side
 * in pairs, so that two rows of four pixels meet no bank twice.
 */
template <int IMAGES_, int ROWS_, int COLUMNS_>
struct Window {
  static const int IMAGES = IMAGES_, ROWS = ROWS_, COLUMNS = COLUMNS_, TAPS = 9, GROUPS = 1;
  static const int PIXELS = IMAGES * ROWS * COLUMNS, ACROSS = IMAGES > 1 ? 2 : 1, LINE = ACROSS * (COLUMNS + 2);
  static const int FRAME = (ROWS + 2) * LINE, POSITIONS = IMAGES / ACROSS * FRAME;
  int firstImage, images, top, left;

  /** Where a pixel's first tap is in a plane; the sum of those of a multiple of 16 and of a rest. */
  static constexpr __device__ int place(int pixel) {
    return pixel / (ROWS * COLUMNS * ACROSS) * FRAME + pixel / (ROWS * COLUMNS) % ACROSS * (COLUMNS + 2) + pixel / COLUMNS % ROWS * LINE + pixel % COLUMNS;
  }
  static constexpr __device__ int tap(int t) { return t / 3 * LINE + t % 3; }

  /** How many tiles images of a size have. */
  static __device__ int tiles(int height, int width) { return (height + ROWS - 1) / ROWS * ((width + COLUMNS - 1) / COLUMNS); }
  /** The tile of a number, of images from one to before another. */
  static __device__ Window of(int tile, int first, int end, int width) {
    int across = (width + COLUMNS - 1) / COLUMNS;
    return {first, min(IMAGES, end - first), tile / across * ROWS, tile % across * COLUMNS};
  }
  __device__ Spot pixel(int n) const {
    int image = n / (ROWS * COLUMNS);
    return {image, top + n / COLUMNS % ROWS, left + n % COLUMNS, image < images};
  }
  __device__ Spot around(int position, int above, int before) const {
    int image = position / FRAME * ACROSS + position % LINE / (COLUMNS + 2);
    int column = left + position % LINE % (COLUMNS + 2) - before;
    return {image, top + position / LINE % (ROWS + 2) - above, column, position < POSITIONS && image < images};
  }
  /** Whether two neighbors, of which the first is even, are one aligned pair in every plane. */
  static __device__ bool pairs(int height, int width) { return width % 2 == 0; }
};

/** A tile of neighboring pixels of whatever images, for 1x1 filters. */
template <int PIXELS_>
struct Flat {
  static const int PIXELS = PIXELS_, TAPS = 1, GROUPS = 2, POSITIONS = PIXELS;
  int firstImage, first, end, plane, width;

  static constexpr __device__ int place(int pixel) { return pixel; }
  static constexpr __device__ int tap(int t) { return t; }
  /** The tile that begins at a pixel, counted from one image on to before another. */
  static __device__ Flat of(int from, int image, int endImage, int height, int width) {
    int plane = height * width, skipped = from / plane;
    return {image + skipped, from - skipped * plane, (endImage - image - skipped) * plane, plane, width};
  }
  __device__ Spot pixel(int n) const {
    int at = first + n, rest = at % plane;
    return {at / plane, rest / width, rest % width, at < end};
  }
  __device__ Spot around(int position, int, int) const { return pixel(position); }
  static __device__ bool pairs(int height, int width) { return height * width % 2 == 0; }
};
