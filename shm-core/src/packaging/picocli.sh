#!/bin/sh
# Compiles picocli from its published sources, and replaces the classes in target/lib. Those of the published jar are
# compiled for Java 5, and the JVM does not keep such old classes in its archive of preloaded classes: every start of the
# command would load and verify 170 of them. Maven runs it with the JDK that it selected (TOOLCHAIN_JAVA_HOME).
#
#   picocli.sh VERSION RELEASE TIMESTAMP    RELEASE: of Java; TIMESTAMP: the time of the files in the jar
set -eu

version=$1
release=$2
timestamp=$3
target=$(CDPATH= cd -- "$(dirname "$0")/../.." && pwd -P)/target
jar=$target/lib/picocli-$version.jar
work=$target/picocli
done=$work/done

# The jar is older than the mark, unless Maven has copied the published one again.
[ "$done" -nt "$jar" ] && exit 0

rm -rf "$work/sources" "$work/classes"
mkdir -p "$work/sources" "$work/classes"
(cd "$work/sources" && "$TOOLCHAIN_JAVA_HOME/bin/jar" --extract --file="$work/picocli-$version-sources.jar" picocli)
"$TOOLCHAIN_JAVA_HOME/bin/javac" --release "$release" -encoding UTF-8 -nowarn -Xlint:none -proc:none \
    -XDstringConcat=inline -d "$work/classes" "$work/sources/picocli/"*.java
"$TOOLCHAIN_JAVA_HOME/bin/jar" --update --file="$jar" --date="$timestamp" -C "$work/classes" picocli
touch "$done"
