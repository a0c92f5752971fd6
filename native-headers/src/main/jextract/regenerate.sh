#!/bin/sh
# Generates the Java bindings from the headers in ../c and the lists beside this script, with the `jextract` on PATH.
#
#   regenerate.sh            replaces the packages under ../java/org/shmrt/bindings
#   regenerate.sh --check    changes nothing; fails where the checked-in packages differ from what would be generated
set -eu

check=false
case "${1-}" in
    '') ;;
    --check) check=true ;;
    *) echo "usage: $0 [--check]" >&2; exit 2 ;;
esac
command -v jextract >/dev/null || { echo "$0: no jextract on PATH, see README.md of this module" >&2; exit 1; }

# Relative paths from here on: nothing generated can then depend on where the tree lies.
cd "$(dirname "$0")/.."
bindings=java/org/shmrt/bindings
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT

# header, package, class: everything comes from libc, which the linker's default lookup finds, so no library is named.
generate() {
    jextract --output "$fresh" --target-package "org.shmrt.bindings.$2" --header-class-name "$3" \
        "@jextract/$1.args" "c/$1.h"
    test -f "$fresh/org/shmrt/bindings/$2/$3.java" || { echo "$0: jextract made no $3.java" >&2; exit 1; }
}
generate posix        posix       Posix
generate dao_image    dao         Dao
generate milk_image   milk        Milk
generate shared_array sharedarray SharedArrays

if $check; then
    diff -r "$bindings" "$fresh/org/shmrt/bindings" || {
        echo "$0: the checked-in bindings are not what jextract makes of these headers" >&2; exit 1; }
    echo "bindings are up to date"
else
    for package in posix dao milk sharedarray; do
        rm -rf "${bindings:?}/$package"
        mkdir -p "$bindings"
        cp -R "$fresh/org/shmrt/bindings/$package" "$bindings/$package"
    done
fi
