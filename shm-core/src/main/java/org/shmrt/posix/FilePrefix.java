package org.shmrt.posix;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * The first bytes of a file, copied by reading: a fifth of what mapping costs, and with nothing to fault when the file
 * is cut off. For a glance at many files; needs no native access.
 */
public final class FilePrefix {
    private FilePrefix() {}

    /**
     * Copies the first bytes of a file. What another process stores meanwhile may be in the copy in part.
     *
     * @param path the file
     * @param into where to, native memory; filled from its start, as far as the file goes
     * @return size of the whole file, bytes
     * @throws org.shmrt.error.NotFoundException if there is no such file
     * @throws org.shmrt.error.AccessDeniedException if it may not be read
     * @throws org.shmrt.error.IncompatibleException if it is no ordinary file, or empty
     */
    public static long read(Path path, MemorySegment into) {
        try {
            // Before it is opened: a pipe would keep who opens it.
            BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
            MappedFile.check(path, found.isRegularFile(), found.size());
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
                ByteBuffer buffer = into.asByteBuffer();
                int length = 0;
                while (buffer.hasRemaining() && length >= 0) {
                    length = channel.read(buffer, buffer.position());
                }
                return channel.size();
            }
        } catch (IOException e) {
            throw IoErrors.failure("read", path, e);
        }
    }
}
