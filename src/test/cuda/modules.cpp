#include "modules.h"
#include <dirent.h>
#include <dlfcn.h>
#include <link.h>

namespace cuda_on_cpu {
/** The thread-local variables of the library that a function is in. */
static SharedMemory sharedMemoryOf(void* function) {
  Dl_info info{};
  dladdr(function, &info);
  std::pair<void*, SharedMemory> wanted{info.dli_fbase, {}};
  dl_iterate_phdr(
      [](dl_phdr_info* library, size_t, void* data) {
        auto& wanted = *static_cast<std::pair<void*, SharedMemory>*>(data);
        if (reinterpret_cast<void*>(library->dlpi_addr) != wanted.first) return 0;
        for (int i = 0; i < library->dlpi_phnum; i++)
          if (library->dlpi_phdr[i].p_type == PT_TLS)
            wanted.second = {library->dlpi_tls_modid, library->dlpi_phdr[i].p_memsz};
        return 1;
      },
      &wanted);
  return wanted.second;
}

std::string loadKernels(const std::string& folder, std::map<std::string, LoadedKernel>& kernels) {
  DIR* files = opendir(folder.c_str());
  if (files == nullptr) return "there is no folder " + folder;
  std::string fault;
  while (dirent* file = fault.empty() ? readdir(files) : nullptr) {
    if (file->d_name[0] == '.') continue;
    void* library = dlopen((folder + "/" + file->d_name).c_str(), RTLD_NOW | RTLD_LOCAL);
    void* list = library == nullptr ? nullptr : dlsym(library, "cuda_on_cpu_kernels");
    if (list == nullptr) {
      fault = dlerror();
      break;
    }
    SharedMemory shared = sharedMemoryOf(list);
    for (const Kernel& kernel : reinterpret_cast<const std::vector<Kernel>& (*)()>(list)())
      if (!kernels.insert({kernel.name, {kernel, shared}}).second) fault = std::string("two kernels ") + kernel.name;
  }
  closedir(files);
  return fault;
}
}  // namespace cuda_on_cpu
