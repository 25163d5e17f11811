#!/usr/bin/env bash
# build.sh OUT [KIND]: the emulated libcuda.so.1 with all kernels of src/main/cuda, in OUT; prints the library's path. Only what
# has changed is compiled. KIND: fibers (as is), thread or address (real threads under that sanitizer).
set -euo pipefail
shopt -s inherit_errexit
here=$(dirname "$(readlink -f "$0")")
kernels=$(readlink -f "${CUDA_KERNELS:-$here/../../main/cuda}")
mkdir -p "$1"
out=$(readlink -f "$1") kind=${2:-fibers}

flags=(-std=c++17 -fPIC -march=native -ffp-contract=off -fno-strict-aliasing -Wall -Wno-unknown-pragmas -Wno-unused-function -I"$here" -I"$kernels")
case $kind in
  fibers) flags+=(-O2) runner=fibers ;;
  thread) flags+=(-O1 -g -DCUDA_THREADS -fsanitize=thread) runner=threads ;;
  address) flags+=(-O1 -g -DCUDA_THREADS -fsanitize=address,undefined -fno-sanitize-recover=undefined) runner=threads ;;
  *) echo "build.sh: unknown kind $kind: fibers, thread or address" >&2; exit 2 ;;
esac

# compile NAME SOURCES-TO-DIGEST... -- ARGUMENTS...: makes $out/NAME-DIGEST.so unless it is there, and prints its path.
compile() {
  local name=$1 sources=() made
  shift
  while [[ $1 != -- ]]; do sources+=("$1"); shift; done
  shift
  made=$out/$name-$kind-$({ cat "${sources[@]}" "$0"; echo "${flags[@]}"; g++ -dumpfullversion; } | sha256sum | cut -c1-16).so
  if [[ ! -e $made ]]; then
    g++ "${flags[@]}" -shared "$@" -o "$made.$$" >&2
    mv "$made.$$" "$made"
  fi
  echo "$made"
}

driver=$(compile libcuda "$here"/*.cpp "$here"/*.h -- -Wl,-soname,libcuda_on_cpu.so "$here"/{libcuda,memory,blocks,$runner}.cpp -ldl -lpthread)
modules=()
for source in "$kernels"/*.cu "$here"/kernels/*.cu; do
  [[ -e $source ]] || continue
  module=$(basename "$source" .cu)
  names=$(tr '\n' ' ' < "$source" | grep -oE 'extern "C" __global__ void +(__launch_bounds__\([^)]*\) *)?[A-Za-z0-9_]+ *\(' | sed -E 's/ *\($//; s/.*[ )]//')
  wrapper=$out/$module-$$.cpp
  {
    echo "#include \"cuda_on_cpu.h\""
    echo "#include \"module.h\""
    echo "#include \"$source\""
    echo "#define MODULE \"$module\""
    echo "extern \"C\" const std::vector<cuda_on_cpu::Kernel>& cuda_on_cpu_kernels() {"
    echo "  static const std::vector<cuda_on_cpu::Kernel> all = {$(for name in $names; do echo "KERNEL($name), "; done)};"
    echo "  return all;"
    echo "}"
  } > "$wrapper"
  modules+=("$(compile "$module" "$source" "$kernels"/*.cuh "$here"/{cuda_on_cpu,module}.h -- "$wrapper")")
  rm -f "$wrapper"
done

all=$out/$kind-$(printf '%s\n' "$driver" "${modules[@]}" | sha256sum | cut -c1-16)
mkdir -p "$all/modules"
for module in "${modules[@]}"; do ln -f "$module" "$all/modules/$(basename "$module")"; done
ln -f "$driver" "$all/libcuda.so.1"
echo "$all/libcuda.so.1"
