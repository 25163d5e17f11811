#!/usr/bin/env bash
# build.sh OUT [KIND]: the emulated libcuda.so.1 with all kernels of src/main/cuda, in OUT; prints the library's path. Only what
# has changed is compiled. KIND thread or address: the program that runs recorded launches again (replay.cpp), with kernels
# under ThreadSanitizer or AddressSanitizer and UndefinedBehaviorSanitizer.
set -euo pipefail
shopt -s inherit_errexit
here=$(dirname "$(readlink -f "$0")")
kernels=$(readlink -f "${CUDA_KERNELS:-$here/../../main/cuda}")
mkdir -p "$1"
out=$(readlink -f "$1")
kind=${2:-fibers}

common=(-std=c++17 -fPIC -march=native -ffp-contract=off -fno-strict-aliasing -Wall -Wno-unknown-pragmas -Wno-unused-function -Wno-sign-compare -I"$here" -I"$kernels")
case $kind in
  fibers) flags=(-O2) ;;
  thread) flags=(-O1 -g1 -fsanitize=thread) common+=(-DCUDA_ON_CPU_THREAD) ;;
  address) flags=(-O1 -g1 -fsanitize=address -fsanitize=undefined -fno-sanitize-recover=undefined) common+=(-DCUDA_ON_CPU_ADDRESS) ;;
  *) echo "build.sh: unknown kind $kind: fibers, thread or address" >&2; exit 2 ;;
esac

# compile NAME FILES... -- ARGUMENTS...: makes $out/NAME-KIND-DIGEST of those files unless it is there, and prints its path.
compile() {
  local name=$1 files=() made
  shift
  while [[ $1 != -- ]]; do files+=("$1"); shift; done
  shift
  made=$out/$name-$kind-$({ cat "${files[@]}" "$0"; g++ -dumpfullversion; } | sha256sum | cut -c1-16)
  if [[ ! -e $made ]]; then
    g++ "${common[@]}" "$@" -o "$made.$$" >&2
    mv "$made.$$" "$made"
  fi
  echo "$made"
}

# The library, or the program that runs recorded launches again; the sanitizers see the kernels alone.
main() {
  local shared=("$here"/{memory,modules,record,blocks,fibers}.cpp -ldl -lpthread)
  if [[ $kind == fibers ]]; then
    compile libcuda "$here"/*.{cpp,h} -- -O2 -shared -Wl,-soname,libcuda_on_cpu.so "$here/libcuda.cpp" "${shared[@]}"
  else
    local objects=() file object
    for file in replay modules record blocks fibers; do
      object=$(compile "$file.o" "$here"/*.{cpp,h} -- -O2 -c "$here/$file.cpp")
      objects+=("$object")
    done
    compile replay "$here"/*.{cpp,h} -- "${flags[@]}" -rdynamic "${objects[@]}" -ldl -lpthread
  fi
}

# module SOURCE: the library of a .cu file's kernels, whose names are taken from it.
module() {
  local source=$1 name names wrapper
  name=$(basename "$source" .cu)
  names=$(tr '\n' ' ' < "$source" | grep -oE 'extern "C" __global__ void +(__launch_bounds__\([^)]*\) *)?[A-Za-z0-9_]+ *\(' | sed -E 's/ *\($//; s/.*[ )]//')
  wrapper=$out/$name-$BASHPID.cpp
  {
    echo "#include \"cuda_on_cpu.h\""
    echo "#include \"module.h\""
    echo "#include \"$source\""
    echo "#define MODULE \"$name\""
    echo "extern \"C\" const std::vector<cuda_on_cpu::Kernel>& cuda_on_cpu_kernels() {"
    echo "  static const std::vector<cuda_on_cpu::Kernel> all = {$(for kernel in $names; do echo "KERNEL($kernel), "; done)};"
    echo "  return all;"
    echo "}"
  } > "$wrapper"
  compile "$name" "$source" "$kernels"/*.cuh "$here"/{cuda_on_cpu,module}.h -- "${flags[@]}" -shared "$wrapper"
  rm -f "$wrapper"
}

# Two at a time; what they print is kept in files named by their order.
parts=$(mktemp -d)
trap 'rm -rf "$parts"' EXIT
main > "$parts/main" &
jobs=($!)
sources=("$kernels"/*.cu "$here"/kernels/*.cu)
for i in "${!sources[@]}"; do
  [[ -e ${sources[i]} ]] || continue
  if ((${#jobs[@]} == 2)); then wait "${jobs[0]}"; jobs=("${jobs[1]}"); fi
  module "${sources[i]}" > "$parts/module-$i" &
  jobs+=($!)
done
for job in "${jobs[@]}"; do wait "$job"; done

all=$out/$kind-$(cat "$parts"/* | sha256sum | cut -c1-16)
mkdir -p "$all/modules"
for part in "$parts"/module-*; do ln -f "$(cat "$part")" "$all/modules/$(basename "$(cat "$part")")"; done
if [[ $kind == fibers ]]; then result=$all/libcuda.so.1; else result=$all/replay; fi
ln -f "$(cat "$parts/main")" "$result"
echo "$result"
