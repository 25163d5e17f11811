// The kernels' libraries.
#pragma once
#include <map>
#include <string>
#include "blocks.h"

namespace cuda_on_cpu {
struct LoadedKernel {
  Kernel kernel;
  SharedMemory shared;
};

/** All kernels of the libraries in a folder by their names; what went wrong, or nothing. */
std::string loadKernels(const std::string& folder, std::map<std::string, LoadedKernel>& kernels);
}  // namespace cuda_on_cpu
