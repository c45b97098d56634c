#!/bin/sh
# Usage: build.sh host|m7|m4 program output. Builds one program of this folder with both backends.
set -e
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../../..
sources="$here/$2.c $root/Sources/Kernels/DSP/*.c $root/Sources/Kernels/Portable/*.c"
common="-std=c11 -O3 -g -ffp-contract=off -fno-math-errno -fno-strict-aliasing -Wall -Wextra -Werror
  -I$root/Sources/Kernels/API/include -I$root/Sources/Kernels/Portable"
case $1 in
host)
  clang -fuse-ld=lld $common -O1 -mfma -fsanitize=address,undefined -fno-sanitize-recover=all -o "$3" $sources "$here/host.c" -lm
  exit ;;
m7) cpu="-mcpu=cortex-m7 -mfpu=fpv5-sp-d16 -mfloat-abi=hard" ;;
m4) cpu="-mcpu=cortex-m4 -mfpu=fpv4-sp-d16 -mfloat-abi=hard" ;;
esac
libc=$(arm-none-eabi-gcc $cpu -mthumb -print-file-name=libc.a)
libgcc=$(arm-none-eabi-gcc $cpu -mthumb -print-libgcc-file-name)
objects=$(mktemp -d)
trap 'rm -rf "$objects"' EXIT
for source in $sources "$here/device.c"; do
  clang --target=thumbv7em-none-eabihf $cpu $common -fshort-enums -ffunction-sections -fdata-sections \
    -isystem /usr/lib/arm-none-eabi/include -c "$source" -o "$objects/$(basename "$(dirname "$source")")-$(basename "$source").o"
done
ld.lld --gc-sections -e harness_reset -T "$here/device.ld" -o "$3" "$objects"/*.o "$libc" "$libgcc" "$(dirname "$libc")/libnosys.a"
