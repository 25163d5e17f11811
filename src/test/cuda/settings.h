// What kind of machine the emulation plays: environment variables, read at every use, whose names begin with CUDA_ON_CPU_.
// Those with a star may be lists with commas, one part for each device.
//   DEVICES       how many devices there are (1); CUDA_VISIBLE_DEVICES chooses among them
//   DRIVER        the driver's version, such as 12040 (13000)
//   CAPABILITY *  compute capability (9.0)
//   MEMORY *      bytes of device memory (16 GiB)
//   NAME *, UUID *  a name with MIG in it is a slice's; the UUID is 16 letters
//   ORDER         in which blocks, warps and lanes run: 0 forward, 1 backward, others seed a shuffle (0)
//   INSTANT       1: kernels do nothing, and new memory is 0
//   INIT          an error that cuInit gives
//   REFUSE        a kernel whose launches are refused
//   LOST_AFTER *  launches after which the device is lost, for good; with LOST_CODE (999), and with LOST_ONCE, the name of
//                 a file that the first process to lose a device makes: no other process loses one then
//   KILLED_ONCE   the name of a file: the first process to make it, after KILLED_AFTER (0) launches, is killed
//   RECORD, RECORD_ONCE  see libcuda.cpp
//   QUIET         1: faults are not written to the error output
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
