package org.shmrt.posix;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.shmrt.error.IncompatibleException;

/**
 * A mapped file and which file it is.
 *
 * @param segment its memory
 * @param id its identity, and its size when it was mapped
 */
public record FileMapping(MemorySegment segment, FileId id) {
    private static final int ATTEMPTS = 10;

    /**
     * Maps a file for reading, without native access.
     *
     * @param path the file
     * @param arena how long it stays mapped
     * @return the mapping
     */
    public static FileMapping readOnly(Path path, Arena arena) {
        // java.nio opens by path and has no fstat: make sure that what was looked at is what was opened.
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            FileId before = checked(path, FileId.of(path));
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
                if (channel.size() != before.byteSize() || !FileId.of(path).isSameFile(before)) {
                    continue;
                }
                MapLimit.admit(path);
                return new FileMapping(channel.map(FileChannel.MapMode.READ_ONLY, 0, before.byteSize(), arena), before);
            } catch (IOException e) {
                throw FileId.failure("read", path, e);
            }
        }
        throw new IncompatibleException(path + " changes while it is opened: another process keeps re-creating it");
    }

    /**
     * Maps a file for reading and writing.
     *
     * @param path the file
     * @param arena how long it stays mapped
     * @return the mapping
     */
    public static FileMapping readWrite(Path path, Arena arena) {
        if (Files.isDirectory(path)) {
            throw new IncompatibleException(path + " is a directory, not a stream, array or block");
        }
        try (PosixFile file = PosixFile.open(path, true)) {
            FileId id = checked(path, file.id());
            return new FileMapping(file.map(id.byteSize(), arena), id);
        }
    }

    private static FileId checked(Path path, FileId id) {
        check(path, id.regular(), id.byteSize());
        return id;
    }

    /** Refuses what is no ordinary file, and what has nothing in it. */
    static void check(Path path, boolean regular, long byteSize) {
        if (!regular) {
            throw new IncompatibleException(
                    path + (Files.isDirectory(path) ? " is a directory" : " is a pipe or device")
                            + ", not a stream, array or block");
        }
        if (byteSize == 0) {
            throw new IncompatibleException(path + " is empty: it has 0 bytes");
        }
    }
}
