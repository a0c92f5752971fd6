# Functions that the launchers of ShmRT share. A launcher sets $command, its name, and then reads this file with ".".
# To start quickly, they start no program that they can do without.

# Major version of the JDK in directory $1, from its "release" file; 0 if there is none.
jdk_major() {
    major=0
    if [ -x "$1/bin/java" ] && [ -r "$1/release" ]; then
        while IFS='=' read -r key value; do
            if [ "$key" = JAVA_VERSION ]; then
                major=${value#\"}
                major=${major%%[!0-9]*}
            fi
        done <"$1/release"
    fi
}

# Sets java_home to the first JDK 22 or newer: $JAVA_HOME, the java on PATH, then what the system has installed.
find_jdk() {
    on_path=$(command -v java 2>/dev/null) && on_path=$(readlink -f "$on_path") && on_path=${on_path%/bin/java}
    for java_home in "${JAVA_HOME:-}" "${on_path:-}" /usr/lib/jvm/* /opt/java/* /opt/jdk* \
            "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/*; do
        [ -n "$java_home" ] || continue
        jdk_major "$java_home"
        [ "$major" -ge 22 ] && return 0
    done
    echo "$command: no JDK 22 or newer found: install one (for example the package openjdk-25-jdk-headless)," \
        "or point JAVA_HOME to one" >&2
    exit 1
}

# Whether the jar $1 exists and is newer than all files below the other arguments.
is_built() {
    jar_file=$1
    shift
    [ -f "$jar_file" ] && [ -z "$(find "$@" -newer "$jar_file" -print 2>/dev/null)" ]
}

# build ROOT MODULE JAR SOURCES...: builds the jar, only once if several launchers ask for it at the same time.
build() {
    root=$1
    module=$2
    shift 2
    command -v mvn >/dev/null 2>&1 || {
        echo "$command: cannot build ShmRT, because Maven is not installed: install it" \
            "(for example the package maven)" >&2
        exit 1
    }
    # If two first runs start together, the second waits for the first and then finds the jar.
    exec 9<"$root/$module"
    ! command -v flock >/dev/null 2>&1 || flock 9
    if ! is_built "$@"; then
        echo "$command: building ShmRT, this takes a minute ..." >&2
        log=$(mktemp) || exit 1
        if ! (cd "$root" && mvn -B -ntp -Dstyle.color=never -Dmaven.test.skip=true -pl "$module" -am package) \
                >"$log" 2>&1; then
            grep '^\[ERROR\]' "$log" >&2 || tail -n 20 "$log" >&2
            echo "$command: building ShmRT failed, see the errors above" >&2
            rm -f "$log"
            exit 1
        fi
        rm -f "$log"
    fi
    exec 9<&-
}
