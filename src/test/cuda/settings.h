// What kind of device the emulation plays: environment variables that begin with CUDA_ON_CPU_, read at every use.
#pragma once
#include <stdlib.h>
#include <string>

namespace cuda_on_cpu {
/** A setting's text; the device's own part where it is a list with commas (the last part serves all further devices). */
inline std::string setting(const char* name, const std::string& otherwise, int device = 0) {
  const char* found = getenv((std::string("CUDA_ON_CPU_") + name).c_str());
  if (found == nullptr || *found == 0) return otherwise;
  std::string text = found;
  for (; device > 0 && text.find(',') != std::string::npos; device--) text = text.substr(text.find(',') + 1);
  return text.substr(0, text.find(','));
}

inline long long number(const char* name, long long otherwise, int device = 0) {
  return atoll(setting(name, std::to_string(otherwise), device).c_str());
}
}  // namespace cuda_on_cpu
