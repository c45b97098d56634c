#!/bin/sh
# Builds the harness and runs it: "host" (with sanitizers), "m55" (emulated), "measure" (instruction counts).
# "gcc" compiles the backend with arm-none-eabi-gcc only, for its warnings.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
kernels=$here/../../../Sources/Kernels
build=${BUILD:-/tmp/tinysdk-helium-harness}
mkdir -p "$build"
includes="-I$here -I$kernels/API/include -I$kernels/Portable -I$kernels/Helium"
warnings="-Wall -Wextra -Werror"
common="-std=c11 -ffp-contract=off -fno-math-errno -fno-strict-aliasing $warnings $includes ${DEFINES:-}"
portable=$(ls "$kernels"/Portable/*.c | grep -v -e loss -e softmax)
sources="$here/harness.c $here/main.c $here/compare_int8.c $here/compare_gradients.c $here/compare_updates.c"
sources="$sources $here/compare_integer.c $here/measure.c"
sources="$sources $kernels/Helium/*.c"
sysroot=$(arm-none-eabi-gcc -mcpu=cortex-m55 -mthumb -mfloat-abi=hard -print-file-name=libc.a)
support=$(arm-none-eabi-gcc -mcpu=cortex-m55 -mthumb -mfloat-abi=hard -print-libgcc-file-name)
device="--target=thumbv8.1m.main-none-eabihf -mcpu=cortex-m55+nomve.fp -mfloat-abi=hard -O3 -fshort-enums
  -ffunction-sections -fdata-sections -fno-unwind-tables -fno-asynchronous-unwind-tables
  -isystem /usr/lib/arm-none-eabi/include"

compile_device() {
  objects=
  for source in $portable $sources $here/start_m55.c; do
    object=$build/$1-$(basename "$source" .c).o
    clang $device $common $2 -c "$source" -o "$object"
    objects="$objects $object"
  done
  ld.lld --gc-sections -T "$here/m55.ld" $objects "$sysroot" "$support" -o "$build/$1.elf"
}

run_device() {
  timeout 600 qemu-system-arm -M mps3-an547 -nographic -monitor none -serial none \
    -semihosting-config enable=on,target=native -kernel "$build/$1.elf" $2
}

case $1 in
host)
  clang -O1 -g -fuse-ld=lld -fsanitize=address,undefined -fno-sanitize-recover=all $common $portable $sources \
    "$here/start_host.c" -lm -o "$build/host"
  "$build/host"
  ;;
m55)
  compile_device m55 ""
  run_device m55 ""
  ;;
measure)
  compile_device measure "-DMEASURE"
  run_device measure "-icount shift=6,sleep=off"
  ;;
gcc)
  for source in "$kernels"/Helium/*.c; do
    arm-none-eabi-gcc -mthumb -mcpu=cortex-m55+nomve.fp -mfloat-abi=hard -O3 -ffunction-sections $common \
      -c "$source" -o "$build/gcc.o"
  done
  ;;
esac
