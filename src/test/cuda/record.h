// A kernel's launch as a file: its arguments and the memory that they point to, before and after. The sanitized program runs
// it again (replay.cpp).
#pragma once
#include <stdint.h>
#include <string>
#include <vector>
#include "cuda_on_cpu.h"

namespace cuda_on_cpu {
using Bytes = std::vector<char>;

struct RecordedMemory {
  uint64_t address = 0;
  Bytes before, after;
};

struct RecordedLaunch {
  std::string kernel;
  dim3 blocks{}, threads{};
  std::vector<Bytes> arguments;
  std::vector<RecordedMemory> memory;

  /** Equal for launches that differ in their addresses and memory alone. */
  std::string key(const std::vector<bool>& isAddress) const;
  void write(const std::string& file) const;
  static RecordedLaunch read(const std::string& file);
};
}  // namespace cuda_on_cpu
