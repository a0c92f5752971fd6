# Functions that the launchers of ShmRT share. A launcher sets $command, its name, and then reads this file with ".".
# To start quickly, they start no program that they can do without.

# Opens those of the descriptors 0 to 2 that are closed on /dev/null. Otherwise the JVM would open its own files there,
# and a verb would read them as its input or write into them. What is opened as standard output can only be read, so
# that a verb that prints something reports that its output was lost.
open_descriptors() {
    { command : 3<&0; } 2>/dev/null || exec 0</dev/null
    { command : 3>&1; } 2>/dev/null || exec 1</dev/null
    { command : 3>&2; } || exec 2>/dev/null
}

# Without a locale, Java could not name files with characters beyond ASCII.
set_locale() {
    case ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} in
        C | POSIX) export SHMRT_LOCALE=C LC_ALL=C.UTF-8 ;; # asked for: shm top draws with ASCII only
        '') export LC_ALL=C.UTF-8 ;;
    esac
}

# Sets tuning to the options of the JVM for the verb $1. Short verbs end before the optimising compiler, or fresh memory
# pages for all their allocations, would pay off.
choose_tuning() {
    case $1 in
        demo | read | record | relay | replay | view | write) tuning= ;;
        *) tuning='-XX:TieredStopAtLevel=1 -Xmn8m' ;;
    esac
}

# Whether the directory $1 has a JDK 22 or newer. Sets major to its version, from its "release" file; to 0 without a JDK.
is_jdk() {
    major=0
    if [ -n "$1" ] && [ -x "$1/bin/java" ] && [ -r "$1/release" ]; then
        while IFS='=' read -r key value; do
            if [ "$key" = JAVA_VERSION ]; then
                major=${value#\"}
                major=${major%%[!0-9]*}
                break
            fi
        done <"$1/release"
    fi
    [ "$major" -ge 22 ]
}

# Sets on_path to the directory of the JDK whose java is on PATH, or to nothing. It is usually one of those given, because
# the java on PATH is a link into it; only another one costs the start of readlink.
find_on_path() {
    on_path=
    found=
    separators=$IFS
    IFS=:
    set -f
    for directory in $PATH; do
        if [ -f "${directory:-.}/java" ] && [ -x "${directory:-.}/java" ]; then
            found=${directory:-.}/java
            break
        fi
    done
    set +f
    IFS=$separators
    [ -n "$found" ] || return 0
    for directory; do
        if [ ! -L "$directory" ] && [ "$directory/bin/java" -ef "$found" ]; then
            on_path=$directory
            return 0
        fi
    done
    on_path=$(readlink -f "$found") && on_path=${on_path%/bin/java}
}

# Sets java_home to the first JDK 22 or newer: $JAVA_HOME, the java on PATH, then what the system has installed.
find_jdk() {
    java_home=${JAVA_HOME:-}
    ! is_jdk "$java_home" || return 0
    set -- /usr/lib/jvm/* /opt/java/* /opt/jdk* "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/*
    find_on_path "$@"
    for java_home in "$on_path" "$@"; do
        ! is_jdk "$java_home" || return 0
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

# remove_on_signal [FILE]: from now on, a signal that ends the launcher removes FILE first; without FILE, it removes nothing.
# The shell removes it when the command that it waits for has ended, and Ctrl-C ends that command too.
remove_on_signal() {
    left_over=${1:-}
    for signal in HUP INT TERM; do
        if [ -n "$left_over" ]; then
            # The launcher ends by the signal, as it does without a trap.
            trap "rm -f \"\$left_over\"; trap - $signal; kill -s $signal \$\$" "$signal"
        else
            trap - "$signal"
        fi
    done
}

# The process that checks in the background whether a jar is built, if there is one.
check=

# Starts to check whether the jar $1 exists and is newer than all files below the other arguments, for prepare. It takes
# some milliseconds, so it runs in the background while the launcher looks for the JDK.
start_check() {
    [ -f "$1" ] || return 0
    jar_file=$1
    shift
    # The status of find is that of false if there is a newer file.
    find "$@" -newer "$jar_file" -exec false {} + >/dev/null 2>&1 &
    check=$!
}

# Whether this user may replace the jar $1: it is theirs, and its directory is writable. A build by another user, root
# for example, would leave files that the owner cannot replace.
may_replace() {
    [ -O "$1" ] && [ -w "${1%/*}" ]
}

# prepare ROOT MODULE JAR SOURCES...: builds the jar if it is missing, or older than a source. A jar that cannot be built
# again is used as it is.
prepare() {
    root=$1
    module=$2
    shift 2
    # A check that fails may also mean that find or false is missing.
    [ -z "$check" ] || ! wait "$check" || return 0
    ! is_built "$@" || return 0
    if [ -f "$1" ]; then
        reason=
        command -v mvn >/dev/null 2>&1 || reason="Maven is not installed"
        may_replace "$1" || reason="it is not yours, or not writable"
        if [ -n "$reason" ]; then
            echo "$command: using $1, which is older than its sources, because $reason" >&2
            return 0
        fi
        build "building ShmRT again, because its sources have changed; this takes about a minute ..." "$@"
    else
        directory=${1%/*}
        [ -d "$directory" ] || directory=${directory%/*}
        if [ ! -w "$directory" ]; then
            echo "$command: ShmRT has not been built, and $directory is not writable for you:" \
                "ask its owner to run $command once" >&2
            exit 1
        fi
        build "building ShmRT for the first time, this takes about a minute ..." "$@"
    fi
}

# What a successful build ends with, on a line of its own: Maven may end its output without a line feed.
build_done='the build is complete'

# Copies the output of Maven to the file $1. On a terminal it shows the step that runs, in one line that is redrawn.
show_steps() {
    downloads=0
    while IFS= read -r line; do
        printf '%s\n' "$line" >>"$1"
        [ -t 2 ] || continue
        step=
        case $line in
            *Downloaded\ from*)
                downloads=$((downloads + 1))
                step="downloading libraries ($downloads files so far)"
                ;;
            *'--- '*compiler*' @ '*) step="compiling ${line##*@ }" ;;
            *'--- '*jar*' @ '*) step="packing ${line##*@ }" ;;
            *'--- '*' @ '*) step="preparing ${line##*@ }" ;;
        esac
        [ -z "$step" ] || printf '\r\033[K  %s' "${step% ---}" >&2
    done
    [ ! -t 2 ] || printf '\r\033[K' >&2
}

# build MESSAGE JAR SOURCES...: builds the jar, only once if several launchers ask for it at the same time.
build() {
    message=$1
    shift
    command -v mvn >/dev/null 2>&1 || {
        echo "$command: cannot build ShmRT, because Maven is not installed: install it" \
            "(for example the package maven)" >&2
        exit 1
    }
    # If two first runs start together, the second waits for the first and then finds the jar.
    exec 9<"$root/$module"
    if command -v flock >/dev/null 2>&1 && ! flock -n 9; then
        echo "$command: waiting for another build of ShmRT ..." >&2
        flock 9
    fi
    if ! is_built "$@"; then
        echo "$command: $message" >&2
        log=$(mktemp) || exit 1
        remove_on_signal "$log"
        (CDPATH= cd -- "$root" && mvn -B -Dstyle.color=never -Dmaven.test.skip=true -pl "$module" -am package \
            && printf '\n%s\n' "$build_done") 2>&1 | show_steps "$log"
        if ! grep -qxF "$build_done" "$log"; then
            grep '^\[ERROR\]' "$log" >&2 || tail -n 20 "$log" >&2
            echo "$command: building ShmRT failed, see the errors above" >&2
            rm -f "$log"
            exit 1
        fi
        rm -f "$log"
        remove_on_signal
    fi
    exec 9<&-
}
