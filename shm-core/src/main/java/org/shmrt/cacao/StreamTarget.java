package org.shmrt.cacao;

import java.nio.file.Path;
import org.shmrt.stream.inspect.StreamDirectory;

/**
 * A stream as cacao's scripts name it: the files about it bear its name without the prefix, its own file bears both.
 *
 * @param name without directory, prefix and {@code .im.shm}
 * @param file the stream's file
 */
record StreamTarget(String name, Path file) {
    /**
     * What a user means.
     *
     * @param text a path or a bare name
     * @param prefix put before the file's name; empty for none
     * @throws IllegalArgumentException if that names no file
     */
    static StreamTarget of(String text, String prefix) {
        checkPlain("prefix", prefix);
        Path path = StreamDirectory.resolve(text);
        String file = path.getFileName() == null ? "" : path.getFileName().toString();
        String name = file.endsWith(StreamDirectory.SUFFIX)
                ? file.substring(0, file.length() - StreamDirectory.SUFFIX.length())
                : file;
        if (name.isEmpty() || name.equals(".") || name.equals("..")) {
            throw new IllegalArgumentException("'" + text + "' names no stream");
        }
        checkPlain("name", name);
        return new StreamTarget(name, path.resolveSibling(prefix + file));
    }

    private static void checkPlain(String what, String text) {
        if (text.indexOf('/') >= 0 || text.chars().anyMatch(c -> c < ' ')) {
            throw new IllegalArgumentException("the " + what + " of a stream has no slash and no control characters: '"
                    + text.replaceAll("\\p{Cntrl}", "?") + "'");
        }
    }

    /** The same in a working directory, for relative paths. */
    StreamTarget in(Path directory) {
        return new StreamTarget(name, directory.resolve(file));
    }
}
