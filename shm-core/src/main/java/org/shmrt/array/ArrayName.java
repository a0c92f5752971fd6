package org.shmrt.array;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Objects;
import org.shmrt.posix.SharedObject;
import org.shmrt.text.FileNames;

/**
 * Names of arrays as SharedArray defines them: {@code shm://NAME} or a bare NAME for POSIX shared memory, with leading
 * slashes ignored, and {@code file://PATH} for any other file.
 */
final class ArrayName {
    private static final String SHM = "shm://";
    private static final String FILE = "file://";

    private ArrayName() {}

    /** The file that a name refers to; {@link IllegalArgumentException} if the name is invalid. */
    static Path file(String name) {
        Objects.requireNonNull(name, "name");
        if (name.startsWith(FILE)) {
            String path = name.substring(FILE.length());
            if (path.isEmpty()) {
                throw new IllegalArgumentException("'" + name + "' contains no path: write file:///PATH");
            }
            try {
                return FileNames.parse(path);
            } catch (InvalidPathException e) {
                throw new IllegalArgumentException("'" + name + "' is not a valid path: " + e.getReason(), e);
            }
        }
        if (!name.startsWith(SHM) && name.contains("://")) {
            throw new IllegalArgumentException(
                    "'" + name + "' is not a valid array name: only shm://NAME and file://PATH are supported");
        }
        String object = (name.startsWith(SHM) ? name.substring(SHM.length()) : name).replaceFirst("^/+", "");
        if (object.indexOf('/') >= 0 && object.indexOf('\0') < 0) {
            throw new IllegalArgumentException("'" + name + "' is not a valid array name: a name in shared memory "
                    + "has no slash inside; for a file write file://" + name.replaceFirst("^shm://", ""));
        }
        return SharedObject.file(object);
    }

    /** The shortest name that refers to a file. */
    static String of(Path file) {
        Path absolute = file.toAbsolutePath().normalize();
        Path object = SharedObject.directory();
        return object.equals(absolute.getParent())
                ? FileNames.text(absolute.getFileName())
                : FILE + FileNames.text(absolute);
    }
}
