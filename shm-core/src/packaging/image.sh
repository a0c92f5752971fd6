#!/bin/sh
# Builds a self-contained image of the shm command in target/image, and packs it. Maven runs it with the JDK that it
# selected (TOOLCHAIN_JAVA_HOME), after it has built the jars: mvn -Pimage package.
#
#   image.sh VERSION TIMESTAMP    TIMESTAMP: the time of all packed files, so that equal sources give equal packages
set -eu

version=$1
timestamp=$2
jdk=$TOOLCHAIN_JAVA_HOME
core=$(CDPATH= cd -- "$(dirname "$0")/../.." && pwd -P)
packaging=$core/src/packaging
target=$core/target
case $(uname -m) in x86_64) arch=x64 ;; aarch64) arch=arm64 ;; *) arch=$(uname -m) ;; esac
name=shmrt-$version-linux-$arch
image=$target/image/$name

# Modules that the code or the optional libraries use. jdk.management and java.management: counters of the JVM;
# java.naming and java.xml: Jetty; jdk.unsupported: Agrona; jdk.crypto.ec and jdk.crypto.cryptoki are not needed: the
# TLS of shm view uses java.base.
modules=java.base,java.desktop,java.logging,java.management,java.naming,java.xml
modules=$modules,jdk.incubator.vector,jdk.management,jdk.unsupported

rm -rf "$target/image"
mkdir -p "$image/bin" "$image/lib/lib" "$image/share/doc/shmrt"

"$jdk/bin/jlink" --add-modules "$modules" --strip-debug --no-header-files --no-man-pages --compress=zip-6 \
    --generate-cds-archive --output "$image/runtime"

install -m 755 "$packaging/shm" "$image/bin/shm"
cp "$core/bin/launch.sh" "$image/lib/"
cp "$target/shm-core.jar" "$image/lib/"
cp "$target/lib/"*.jar "$image/lib/lib/"
cp "$core/../LICENSE" "$core/docs/install.md" "$core/docs/dependencies.md" "$image/share/doc/shmrt/"
cp -r "$packaging/examples" "$packaging/systemd" "$image/share/doc/shmrt/"
[ ! -f "$target/bom.json" ] || cp "$target/bom.json" "$image/share/doc/shmrt/"

java=$image/runtime/bin/java
completion() {
    mkdir -p "${1%/*}"
    "$java" -Xlog:disable -jar "$image/lib/shm-core.jar" completion "$2" >"$1"
}
completion "$image/share/bash-completion/completions/shm" bash
completion "$image/share/zsh/vendor-completions/_shm" zsh
completion "$image/share/fish/vendor_completions.d/shm.fish" fish
"$java" -Xlog:disable -jar "$image/lib/shm-core.jar" manual "$image/share/man/man1"
gzip -9n "$image/share/man/man1/"*.1

# The JVM uses the archive of classes only if the jars have the times and sizes that it recorded.
find "$image" -exec touch -h -d "$timestamp" {} +
"$java" -XX:ArchiveClassesAtExit="$image/lib/shm.jsa" -XX:+UseSerialGC -Xlog:disable -Djava.awt.headless=true \
    -jar "$image/lib/shm-core.jar" cds-warmup >/dev/null 2>&1
chmod -R u+rwX,go+rX,go-w "$image"

pack() {
    archive=$1
    shift
    tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="$timestamp" --format=gnu -cf - "$@" |
        gzip -9n >"$archive"
}
pack "$target/$name.tar.gz" -C "$target/image" "$name"

# The Debian package has the same files at the places that Debian prescribes.
deb=$target/image/deb
mkdir -p "$deb/usr/bin" "$deb/usr/lib" "$deb/usr/lib/systemd/system" "$deb/usr/lib/sysusers.d"
cp -a "$image" "$deb/usr/lib/shmrt"
mv "$deb/usr/lib/shmrt/share" "$deb/usr/share"
cp "$packaging/deb/copyright" "$deb/usr/share/doc/shmrt/"
mv "$deb/usr/share/doc/shmrt/systemd/"*.conf "$deb/usr/lib/sysusers.d/"
mv "$deb/usr/share/doc/shmrt/systemd/"* "$deb/usr/lib/systemd/system/"
rmdir "$deb/usr/share/doc/shmrt/systemd"
ln -s ../lib/shmrt/bin/shm "$deb/usr/bin/shm"
pack "$target/image/deb.tar.gz" -C "$deb" usr
echo "$target/$name.tar.gz"
