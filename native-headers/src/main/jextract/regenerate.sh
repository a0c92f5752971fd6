#!/bin/sh
# Generates the Java bindings from the headers in ../c and the lists beside this script, with the `jextract` on PATH.
#
#   regenerate.sh            replaces the packages of org.shmrt.bindings in src/main/java and src/test/java
#   regenerate.sh --check    changes nothing; fails if the checked-in packages differ from what would be generated
set -eu

check=false
case "${1-}" in
    '') ;;
    --check) check=true ;;
    *) echo "usage: $0 [--check]" >&2; exit 2 ;;
esac
command -v jextract >/dev/null || { echo "$0: no jextract on PATH, see README.md of this module" >&2; exit 1; }

# Relative paths from here on, so that nothing generated depends on where the tree is.
cd "$(dirname "$0")/.."
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
stale=false

# header, package, class, source root, options. The functions of posix.h are in libc, which the linker's default lookup
# finds, so no library is named for it.
generate() {
    # shellcheck disable=SC2086 # the options are several words
    jextract ${5-} --output "$fresh" --target-package "org.shmrt.bindings.$2" --header-class-name "$3" \
        "@jextract/$1.args" "c/$1.h"
    generated=$fresh/org/shmrt/bindings/$2
    checked_in=$4/org/shmrt/bindings/$2
    test -f "$generated/$3.java" || { echo "$0: jextract made no $3.java" >&2; exit 1; }
    if $check; then
        diff -r "$checked_in" "$generated" || stale=true
    else
        rm -rf "$checked_in"
        cp -R "$generated" "$checked_in"
    fi
}
generate posix        posix       Posix        java
generate aravis       aravis      Aravis       java '--library :libaravis-0.8.so.0'
generate dao_image    dao         Dao          ../test/java
generate milk_image   milk        Milk         ../test/java
generate shared_array sharedarray SharedArrays ../test/java

if $stale; then
    echo "$0: the checked-in bindings are not what jextract generates from these headers" >&2
    exit 1
fi
! $check || echo "bindings are up to date"
