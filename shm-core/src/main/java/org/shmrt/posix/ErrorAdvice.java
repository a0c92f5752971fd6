package org.shmrt.posix;

import java.util.Map;

/** What a user can do about a system error, looked up by the C library's text of the error. */
final class ErrorAdvice {
    private static final Map<String, String> ADVICE = Map.of(
            "Too many open files", "raise the limit of open files (ulimit -n)",
            "Too many open files in system", "raise the system's limit of open files (sysctl fs.file-max)",
            "Read-only file system", "choose a writable directory",
            "File name too long", "choose a shorter name",
            "Too many levels of symbolic links", "its links lead in a circle, correct or remove one of them",
            "File too large", "raise the limit of file sizes (ulimit -f), or choose another file system");

    private ErrorAdvice() {}

    static boolean isKnown(String text) {
        return ADVICE.containsKey(text);
    }

    /** The text, followed by the advice if there is any. */
    static String with(String text) {
        return isKnown(text) ? text + ": " + ADVICE.get(text) : text;
    }
}
