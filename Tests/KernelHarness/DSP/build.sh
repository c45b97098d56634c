#!/bin/sh
# Usage: build.sh host|m7|m4 folder program... Builds programs of this folder with both backends' kernels, which are
# compiled once, into the folder.
set -e
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../../..
target=$1 folder=$2
shift 2
common="-std=c11 -O3 -g -ffp-contract=off -fno-math-errno -fno-strict-aliasing -Wall -Wextra -Werror
  -I$root/Sources/Kernels/API/include -I$root/Sources/Kernels/Portable"
cross="--target=thumbv7em-none-eabihf -mfloat-abi=hard -fshort-enums -ffunction-sections -fdata-sections
  -isystem /usr/lib/arm-none-eabi/include"
case $target in
host) flags="-O1 -mfma -fsanitize=address,undefined -fno-sanitize-recover=all" start=host ;;
m7) cpu="-mcpu=cortex-m7 -mfpu=fpv5-sp-d16" flags="$cross $cpu" start=device ;;
m4) cpu="-mcpu=cortex-m4 -mfpu=fpv4-sp-d16" flags="$cross $cpu" start=device ;;
esac

objects=$folder/objects
mkdir -p "$objects"
compile() { # sources
  printf '%s\n' "$@" | xargs -P "$(nproc)" -I SOURCE sh -c \
    'clang '"$(echo $common $flags)"' -c SOURCE -o '"$objects"'/$(basename $(dirname SOURCE))-$(basename SOURCE).o'
}
compile "$root"/Sources/Kernels/DSP/*.c "$root"/Sources/Kernels/Portable/*.c "$here/$start.c"
for program; do compile "$here/$program.c"; done

kernels="$objects/DSP-$start.c.o $(ls "$objects"/Portable-*.o)"
for kernel in "$root"/Sources/Kernels/DSP/*.c; do kernels="$kernels $objects/DSP-$(basename "$kernel").o"; done
for program; do
  if [ "$target" = host ]; then
    clang -fuse-ld=lld -fsanitize=address,undefined -o "$folder/$program" "$objects/DSP-$program.c.o" $kernels -lm
  else
    libc=$(arm-none-eabi-gcc $cpu -mfloat-abi=hard -mthumb -print-file-name=libc.a)
    libgcc=$(arm-none-eabi-gcc $cpu -mfloat-abi=hard -mthumb -print-libgcc-file-name)
    ld.lld --gc-sections -e harness_reset -T "$here/device.ld" -o "$folder/$program" "$objects/DSP-$program.c.o" $kernels \
      "$libc" "$libgcc" "$(dirname "$libc")/libnosys.a"
  fi
done
