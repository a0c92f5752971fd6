package org.shmrt.array;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Objects;
import org.shmrt.posix.SharedObject;

/**
 * Names of arrays as SharedArray knows them: {@code shm://NAME} or a bare NAME in POSIX shared memory, whose leading
 * slashes do not count, and {@code file://PATH} anywhere.
 */
final class ArrayName {
    private static final String SHM = "shm://";
    private static final String FILE = "file://";

    private ArrayName() {}

    /** The file behind a name; {@link IllegalArgumentException} for what cannot be one. */
    static Path file(String name) {
        Objects.requireNonNull(name, "name");
        if (name.startsWith(FILE)) {
            String path = name.substring(FILE.length());
            if (path.isEmpty()) {
                throw new IllegalArgumentException("'" + name + "' names no file: write file:///PATH");
            }
            try {
                return Path.of(path);
            } catch (InvalidPathException e) {
                throw new IllegalArgumentException("'" + name + "' cannot name a file: " + e.getReason(), e);
            }
        }
        if (!name.startsWith(SHM) && name.contains("://")) {
            throw new IllegalArgumentException(
                    "'" + name + "' cannot name an array: only shm://NAME and file://PATH can");
        }
        String object = (name.startsWith(SHM) ? name.substring(SHM.length()) : name).replaceFirst("^/+", "");
        if (object.indexOf('/') >= 0 && object.indexOf('\0') < 0) {
            throw new IllegalArgumentException("'" + name + "' cannot name an array: a name in shared memory has no "
                    + "slash inside; for a file write file://" + name.replaceFirst("^shm://", ""));
        }
        return SharedObject.file(object);
    }

    /** The shortest name by which a file is attached. */
    static String of(Path file) {
        Path absolute = file.toAbsolutePath().normalize();
        Path object = SharedObject.directory();
        return object.equals(absolute.getParent()) ? absolute.getFileName().toString() : FILE + absolute;
    }
}
