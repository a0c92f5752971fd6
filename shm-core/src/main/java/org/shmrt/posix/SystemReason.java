package org.shmrt.posix;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Map;

/**
 * What the system said where java.nio has no exception of its own for it, and what a user can do about it. Stateless;
 * called on failure only.
 */
public final class SystemReason {
    private static final Map<String, String> ADVICE = Map.of(
            "Too many open files", "raise the limit of open files (ulimit -n)",
            "Too many open files in system", "raise the system's limit of open files (sysctl fs.file-max)",
            "Read-only file system", "choose a directory that is not read-only",
            "File name too long", "choose a shorter name",
            "Too many levels of symbolic links", "its links lead in a circle, remove one of them",
            "File too large", "raise the limit of file sizes (ulimit -f), or choose another file system");

    private SystemReason() {}

    /**
     * The reason in one line, without the file's name, which stands in the message already.
     *
     * @param e what java.nio threw
     * @return the system's words, and the advice there is
     */
    public static String of(IOException e) {
        String said = e instanceof FileSystemException failed && failed.getReason() != null
                ? failed.getReason()
                : e.getMessage();
        if (said == null || said.isBlank()) {
            return e.getClass().getSimpleName();
        }
        String line = said.lines().findFirst().orElse(said);
        // a stream of java.io says "NAME (REASON)"
        String words = line.endsWith(")") ? line.substring(line.lastIndexOf('(') + 1, line.length() - 1) : line;
        String advice = ADVICE.get(words);
        return advice == null ? line : words + ": " + advice;
    }
}
