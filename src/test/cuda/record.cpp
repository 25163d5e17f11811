#include "record.h"
#include <fstream>
#include <functional>

namespace cuda_on_cpu {
static void put(std::ostream& out, const Bytes& bytes) {
  uint64_t size = bytes.size();
  out.write(reinterpret_cast<const char*>(&size), sizeof size);
  out.write(bytes.data(), size);
}

static Bytes get(std::istream& in) {
  uint64_t size = 0;
  in.read(reinterpret_cast<char*>(&size), sizeof size);
  Bytes bytes(in ? size : 0);
  in.read(bytes.data(), bytes.size());
  return bytes;
}

template <class T>
static Bytes bytesOf(const T& value) {
  return Bytes(reinterpret_cast<const char*>(&value), reinterpret_cast<const char*>(&value + 1));
}

template <class T>
static void get(std::istream& in, T& value) {
  Bytes bytes = get(in);
  if (bytes.size() == sizeof value) memcpy(&value, bytes.data(), sizeof value);
}

std::string RecordedLaunch::key(const std::vector<bool>& isAddress) const {
  std::string all(reinterpret_cast<const char*>(&blocks), sizeof blocks);
  all.append(reinterpret_cast<const char*>(&threads), sizeof threads);
  for (size_t i = 0; i < arguments.size(); i++) {
    uint64_t address = 0;
    if (isAddress[i]) memcpy(&address, arguments[i].data(), sizeof address);
    if (!isAddress[i]) all.append(arguments[i].data(), arguments[i].size());
    if (isAddress[i]) all += address == 0 ? 'n' : 'a';
  }
  return kernel + "-" + std::to_string(std::hash<std::string>{}(all));
}

void RecordedLaunch::write(const std::string& file) const {
  std::ofstream out(file, std::ios::binary);
  put(out, Bytes(kernel.begin(), kernel.end()));
  put(out, bytesOf(blocks));
  put(out, bytesOf(threads));
  put(out, bytesOf(arguments.size()));
  for (const Bytes& argument : arguments) put(out, argument);
  for (const RecordedMemory& part : memory) {
    put(out, bytesOf(part.address));
    put(out, part.before);
    put(out, part.after);
  }
}

RecordedLaunch RecordedLaunch::read(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  RecordedLaunch launch;
  Bytes name = get(in);
  launch.kernel.assign(name.begin(), name.end());
  size_t count = 0;
  get(in, launch.blocks);
  get(in, launch.threads);
  get(in, count);
  while (in && count-- > 0) launch.arguments.push_back(get(in));
  while (in.peek() != EOF) {
    RecordedMemory part;
    get(in, part.address);
    part.before = get(in);
    part.after = get(in);
    launch.memory.push_back(part);
  }
  return launch;
}
}  // namespace cuda_on_cpu
