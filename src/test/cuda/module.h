// How a module's library (one .cu file) tells which kernels it holds.
#pragma once
#include <stddef.h>
#include <utility>
#include <vector>

namespace cuda_on_cpu {
/** A kernel's parameter: its size, and whether it is an address in device memory. */
struct Parameter {
  size_t size;
  bool address;
};

struct Kernel {
  const char* module;
  const char* name;
  std::vector<Parameter> parameters;
  void (*run)(void* const* arguments);
};

template <auto FUNCTION, class... A, size_t... I>
void callWith(void* const* arguments, void (*)(A...), std::index_sequence<I...>) {
  FUNCTION(*static_cast<std::remove_reference_t<A>*>(arguments[I])...);
}

template <auto FUNCTION, class... A>
Kernel kernelOf(const char* module, const char* name, void (*)(A...)) {
  return {module, name, {{sizeof(A), std::is_pointer_v<A>}...}, [](void* const* arguments) {
            callWith<FUNCTION>(arguments, FUNCTION, std::index_sequence_for<A...>{});
          }};
}
}  // namespace cuda_on_cpu

#define KERNEL(name) cuda_on_cpu::kernelOf<&name>(MODULE, #name, &name)
