package org.shmrt.posix;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Optional;

/**
 * The system errors whose messages contain more than the C library's text. Their numbers are those of Linux on x86-64
 * and aarch64 (asm-generic/errno.h); reading them from the bindings would require native access.
 *
 * <p>The exceptions of java.io and java.nio have no error number, only this text, in the language of the process.
 */
public enum SystemError {
    NOT_PERMITTED(1, "Operation not permitted"),
    BAD_ADDRESS(14, "Bad address"),
    NOT_A_DIRECTORY(20, "Not a directory"),
    IS_A_DIRECTORY(21, "Is a directory", "name a file in it"),
    NO_SPACE(28, "No space left on device"),
    QUOTA_EXCEEDED(122, "Disk quota exceeded"),
    ADDRESS_IN_USE(98, "Address already in use"),
    PROCESS_FILES(24, "Too many open files", "raise the limit of open files (ulimit -n)"),
    SYSTEM_FILES(23, "Too many open files in system", "raise the system's limit of open files (sysctl fs.file-max)"),
    READ_ONLY(30, "Read-only file system", "choose a writable directory"),
    LONG_NAME(36, "File name too long", "choose a shorter name"),
    LINK_CIRCLE(40, "Too many levels of symbolic links", "its links lead in a circle, correct or remove one of them"),
    LARGE_FILE(27, "File too large", "raise the limit of file sizes (ulimit -f), or choose another file system");

    private static final SystemError[] ALL = values();

    private final int errno;
    private final String english;
    private final String advice;

    SystemError(int errno, String english) {
        this(errno, english, "");
    }

    SystemError(int errno, String english, String advice) {
        this.errno = errno;
        this.english = english;
        this.advice = advice;
    }

    /** The error whose text a reason contains. */
    static Optional<SystemError> of(String reason) {
        SystemError found = null;
        int foundLength = 0;
        for (SystemError error : ALL) {
            // Some texts contain another one, so the longest match counts.
            int length = Math.max(
                    reason.contains(error.english) ? error.english.length() : 0,
                    reason.contains(error.text()) ? error.text().length() : 0);
            if (length > foundLength) {
                found = error;
                foundLength = length;
            }
        }
        return Optional.ofNullable(found);
    }

    int errno() {
        return errno;
    }

    /** The error with a number. */
    static Optional<SystemError> of(int errno) {
        for (SystemError error : ALL) {
            if (error.errno == errno) {
                return Optional.of(error);
            }
        }
        return Optional.empty();
    }

    /** Whether an exception of java.io or java.nio reports this error. */
    public boolean isReportedBy(IOException e) {
        return of(reasonOf(e)).filter(this::equals).isPresent();
    }

    /** The first line of a message, without the name of the file; empty if there is none. */
    static String reasonOf(IOException e) {
        String text = e instanceof FileSystemException failed ? failed.getReason() : e.getMessage();
        String line = text == null ? "" : text.lines().findFirst().orElse("");
        // A stream of java.io has the message "NAME (REASON)".
        return line.endsWith(")") ? line.substring(line.lastIndexOf('(') + 1, line.length() - 1) : line;
    }

    /** The C library's text, in the language of the process. */
    String text() {
        return Texts.LOCAL[ordinal()];
    }

    /** A message, followed by what a user can do if that is known. */
    String advise(String message) {
        return advice.isEmpty() ? message : message + ": " + advice;
    }

    /** The texts in the language of the process, which does not change. */
    private static final class Texts {
        private static final String[] LOCAL = new String[ALL.length];

        static {
            // Without native access java.nio's texts can be compared with the English ones only.
            for (SystemError error : ALL) {
                LOCAL[error.ordinal()] = OwnProcess.HAS_NATIVE_ACCESS ? Errno.text(error.errno) : error.english;
            }
        }
    }
}
