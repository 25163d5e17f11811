#!/usr/bin/env bash
# build.sh [MODULE...]: makes the PTX that the job ships, src/main/resources/io/involution/cuda/MODULE.ptx, of all or of the
# named .cu files. PTX_OUT=FOLDER writes elsewhere. The first line names the digest of what it was made of.
# Modules named tf32_... are for tensor cores: compute capability 8.0 and newer.
# build.sh registers [MODULE...]: what ptxas makes of it: registers, spills and shared memory of every kernel.
# Needs CUDA's nvcc and ptxas 13.
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "$(readlink -f "$0")")"
out=${PTX_OUT:-../resources/io/involution/cuda}
# The same bits on every GPU: no multiplications fused with additions unless a kernel says so.
flags=(-ptx -fmad=false -std=c++17)
registers=false
if [[ ${1:-} == registers ]]; then registers=true; shift; fi
{ command -v nvcc && command -v ptxas; } > /dev/null || { echo "build.sh: nvcc and ptxas of CUDA 13 are not on the PATH" >&2; exit 2; }
modules=("$@")
if (($# == 0)); then for source in *.cu; do modules+=("${source%.cu}"); done; fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# A source and the headers that it includes, those of the headers too, each once.
sources() {
  local file=$1 header
  [[ " $found " != *" $file "* ]] || return 0
  found+=" $file"
  while read -r header; do sources "$header"; done < <(sed -n 's/^#include "\(.*\.cuh\)".*/\1/p' "$file")
}

for module in "${modules[@]}"; do
  [[ -e $module.cu ]] || { echo "build.sh: there is no $module.cu" >&2; exit 2; }
  # PTX 6.3 and 7.0 are the oldest versions that know these compute capabilities: drivers since CUDA 11.0 read both.
  if [[ $module == tf32_* ]]; then capability=80 version=7.0 targets=(sm_80 sm_90); else capability=75 version=6.3 targets=(sm_75 sm_80 sm_90); fi
  if $registers; then
    for target in "${targets[@]}"; do
      ptxas -v -arch=$target "$out/$module.ptx" -o /dev/null 2>&1 | awk -v target=$target -v module="$module" '
        /Compiling entry function/ { name = $(NF - 2); gsub("\047", "", name) }
        /spill/ { spills = $5 + $9 }
        /Used .* registers/ {
          match($0, /Used [0-9]+/); used = substr($0, RSTART + 5, RLENGTH - 5)
          shared = match($0, /[0-9]+ bytes smem/) ? substr($0, RSTART, RLENGTH - 11) : 0
          printf "%-6s %-16s %-32s %4d registers %6d bytes spilled %6d shared\n", target, module, name, used, spills, shared
        }'
    done
    continue
  fi
  nvcc "${flags[@]}" -arch=compute_$capability "$module.cu" -o "$scratch/$module.ptx"
  found=
  sources "$module.cu"
  # shellcheck disable=SC2086  # names without spaces
  {
    echo "// sources $(cat $found | sha256sum | cut -d' ' -f1)"
    # A pragma that says which bytes of a load are used is newer, and only advice.
    sed -E '/used_bytes_mask/d; s/^\.version .*/.version '$version'/; s/[ \t]+$//' "$scratch/$module.ptx" | sed -E '/^\/\/($| (Compiler Build ID|Based on))/d' | cat -s
  } > "$scratch/made"
  ptxas -arch=sm_$capability "$scratch/made" -o /dev/null  # that nothing in it is newer than its version
  mkdir -p "$out"
  cp "$scratch/made" "$out/$module.ptx"
  echo "$module.ptx: $(wc -c < "$out/$module.ptx") bytes"
done
