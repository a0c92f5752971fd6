package org.shmrt.cacao;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.shmrt.error.IncompatibleException;
import org.shmrt.posix.IoErrors;

/** Name, size and modification time of a file, as {@code stat --format "%n %s %y"} prints them with the time zone UTC. */
final class FileStamp {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.nnnnnnnnn xx").withZone(ZoneOffset.UTC);

    private FileStamp() {}

    /**
     * Reads the attributes of a regular file; links are followed.
     *
     * @param file the file
     * @param name name for the line
     * @return name, size in bytes, modification time
     */
    static String of(Path file, String name) {
        try {
            BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
            if (!found.isRegularFile()) {
                throw new IncompatibleException(
                        name + " is not a regular file" + (found.isDirectory() ? " but a directory" : ""));
            }
            return name + " " + found.size() + " "
                    + TIME.format(found.lastModifiedTime().toInstant());
        } catch (IOException e) {
            throw IoErrors.reading(file, e);
        }
    }
}
