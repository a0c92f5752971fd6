package org.shmrt.cacao;

import java.nio.file.Path;
import org.shmrt.stream.inspect.StreamDirectory;
import org.shmrt.text.FileNames;

/**
 * A stream as cacao's scripts name it. The file of the stream has a prefix in its name; the files about it do not.
 *
 * @param name name without directory, prefix and {@code .im.shm}
 * @param file file of the stream
 */
record StreamTarget(String name, Path file) {
    /**
     * Resolves the name of a stream.
     *
     * @param text a path or a bare name
     * @param prefix prefix of the file name, empty for none
     * @throws IllegalArgumentException if name or prefix cannot be part of a file name
     */
    static StreamTarget of(String text, String prefix) {
        checkPlain("prefix", prefix);
        Path path = StreamDirectory.resolve(text);
        String file = path.getFileName() == null ? "" : FileNames.text(path.getFileName());
        String name = file.endsWith(StreamDirectory.SUFFIX)
                ? file.substring(0, file.length() - StreamDirectory.SUFFIX.length())
                : file;
        if (name.isEmpty() || name.equals(".") || name.equals("..")) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not the name of a stream: give a path or a bare name");
        }
        checkPlain("name", name);
        return new StreamTarget(name, path.resolveSibling(FileNames.name(prefix + file)));
    }

    private static void checkPlain(String what, String text) {
        if (text.indexOf('/') >= 0 || text.chars().anyMatch(c -> c < ' ')) {
            throw new IllegalArgumentException(
                    "the " + what + " of a stream must not contain a slash or control characters: '"
                            + text.replaceAll("\\p{Cntrl}", "?") + "'");
        }
    }

    /** This stream, with a relative path resolved in a working directory. */
    StreamTarget in(Path directory) {
        return new StreamTarget(name, directory.resolve(file));
    }
}
