#!/bin/sh
# Usage: cycles.sh [limit]. Models on cortex-m7 the loops that are to take the fewest cycles, and fails where one
# takes more than `limit` cycles a multiply-accumulate, by default 0.65. Needs llvm-mca-19.
set -e
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../../..
limit=${1:-0.65}
assembly=$(mktemp)
trap 'rm -f "$assembly"' EXIT
clang --target=thumbv7em-none-eabihf -mcpu=cortex-m7 -mfpu=fpv5-sp-d16 -mfloat-abi=hard -std=c11 -O3 -fshort-enums \
  -I"$root/Sources/Kernels/API/include" -I"$root/Sources/Kernels/Portable" -isystem /usr/lib/arm-none-eabi/include \
  -fno-integrated-as -S -o "$assembly" "$root/Sources/Kernels/DSP/conv2d_1x1_s8_pairs_dual.c"

# function, the label that its loop begins with, the one that it leaves for
check() {
  loop=$(sed -n "/^$1:/,/^\.Lfunc_end/p" "$assembly" | sed -n "/^$2:/,/^[[:space:]]*b[[:space:]]*$2b/p")
  macs=$(($(echo "$loop" | grep -c smlad) * 2))
  total=$(printf '%s\n%s:\n' "$loop" "$3" |
    llvm-mca-19 -mtriple=thumbv7em-none-eabihf -mcpu=cortex-m7 -iterations=100 - |
    sed -n 's/^Total Cycles: *//p')
  awk -v name="$1" -v total="$total" -v macs="$macs" -v limit="$limit" 'BEGIN {
    if (macs + 0 == 0 || total + 0 == 0) { print name ": no loop found"; exit 1 }
    printf "%s: %.1f cycles, %d MACs, %.3f a MAC\n", name, total / 100, macs, total / 100 / macs
    exit total / 100 / macs > limit }'
}

check tinysdk_serve_pairs_dual 500 70
check tinysdk_multiply_pairs_dual 2 4
