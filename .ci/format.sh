#!/bin/sh
# Formats the hand-written Java files, or checks that they are formatted. The build runs it with the class path of the
# formatter and the JDK that it selected; by hand, use `mvn -Pformat`.
#
#   format.sh check CLASSPATH    fails if a file that changed since the last successful check is not formatted
#   format.sh write CLASSPATH    formats in place every file that changed since then
set -eu

mode=$1
class_path=$2
CDPATH= cd -- "$(dirname -- "$0")/.."
mkdir -p target
stamp=target/format.stamp
files=target/format.files
touch "$stamp.new"

# Generated code is left as it is.
set -- .
[ ! -f "$stamp" ] || set -- . -newer "$stamp"
where=$1
shift
find "$where" -name '*.java' "$@" ! -path '*/target/*' ! -path './native-headers/src/*/bindings/*/*' >"$files"

if [ -s "$files" ]; then
    case $mode in
        check) option='--dry-run --set-exit-if-changed' ;;
        write) option=--replace ;;
    esac
    exports=
    for package in api code file parser tree util; do
        exports="$exports --add-exports jdk.compiler/com.sun.tools.javac.$package=ALL-UNNAMED"
    done
    # shellcheck disable=SC2086 # lists of words
    "$TOOLCHAIN_JAVA_HOME/bin/java" -XX:TieredStopAtLevel=1 $exports -cp "$class_path" com.palantir.javaformat.java.Main \
        --palantir $option "@$files" || {
            echo "$0: the Java files listed above are not formatted (or do not compile); run 'mvn -Pformat'" >&2
            exit 1
        }
fi
mv "$stamp.new" "$stamp"
