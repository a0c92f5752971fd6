package org.shmrt.cacao;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.shmrt.error.IncompatibleException;
import org.shmrt.posix.IoErrors;

/** What {@code stat --format "%n %s %y"} prints of a file, but always in UTC, whatever the time zone is today. */
final class FileStamp {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.nnnnnnnnn xx").withZone(ZoneOffset.UTC);

    private FileStamp() {}

    /**
     * Looks at an ordinary file, following links.
     *
     * @param file the file
     * @param shown its name in the line
     * @return name, size in bytes, modification time
     */
    static String of(Path file, String shown) {
        try {
            BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
            if (!found.isRegularFile()) {
                throw new IncompatibleException(
                        shown + " is no ordinary file" + (found.isDirectory() ? " but a directory" : ""));
            }
            return shown + " " + found.size() + " "
                    + TIME.format(found.lastModifiedTime().toInstant());
        } catch (IOException e) {
            throw IoErrors.reading(file, e);
        }
    }
}
