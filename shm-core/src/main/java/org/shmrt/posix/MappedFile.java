package org.shmrt.posix;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.shmrt.error.IncompatibleException;
import org.shmrt.text.FileNames;

/**
 * A file or shared memory object, mapped completely. It remains mapped while its arena is open; afterwards every access
 * throws {@link IllegalStateException}. Safe for any thread.
 *
 * <p>Another process may truncate the file at any time. Access through the segment then raises an
 * {@link InternalError}; a native call on the lost pages would crash the JVM, so the segment is never passed to one.
 */
public final class MappedFile {
    private static final int ATTEMPTS = 10;
    /** The text of the JDK, in all languages. */
    private static final String NOT_WRITABLE = "Channel not open for writing";

    private final MemorySegment segment;
    private final FileId id;

    MappedFile(MemorySegment segment, FileId id) {
        this.segment = segment;
        this.id = id;
    }

    /**
     * Maps a file for reading. Needs read permission only. Also works without native access.
     *
     * @throws org.shmrt.error.NotFoundException if there is no such file
     * @throws org.shmrt.error.AccessDeniedException if it may not be read
     * @throws IncompatibleException if it is not a regular file, or is empty
     */
    public static MappedFile readOnly(Path path, Arena arena) {
        if (!OwnProcess.HAS_NATIVE_ACCESS) {
            return readOnlyByJava(path, arena);
        }
        // The type is checked before the open, because opening a pipe or a device has side effects.
        checked(path, FileId.of(path));
        try (PosixFile file = PosixFile.openWithoutWaiting(path)) {
            FileId id = checked(path, file.id());
            return new MappedFile(file.mapReadOnly(id.byteSize(), arena), id);
        }
    }

    /** The same without native access. Waits for a program that has a lease on the file. */
    static MappedFile readOnlyByJava(Path path, Arena arena) {
        // java.nio opens by path and has no fstat, so check that the examined file is the opened one.
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            FileId before = checked(path, FileId.of(path));
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
                if (channel.size() != before.byteSize() || !FileId.of(path).isSameFile(before)) {
                    continue;
                }
                MapLimit.checkMapCount(path);
                return new MappedFile(mapped(path, channel, before.byteSize(), arena), before);
            } catch (IOException e) {
                throw IoErrors.failure("read", path, e);
            }
        }
        throw new IncompatibleException(
                FileNames.text(path) + " changes while it is opened: another process keeps re-creating it");
    }

    private static MemorySegment mapped(Path path, FileChannel channel, long bytes, Arena arena) throws IOException {
        try {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes, arena);
        } catch (IOException | NonWritableChannelException e) {
            // java.nio tries to extend a file that became shorter than the mapping.
            if (e instanceof NonWritableChannelException
                    || String.valueOf(e.getMessage()).startsWith(NOT_WRITABLE)) {
                throw new IncompatibleException(
                        FileNames.text(path) + " was truncated by another process while it was opened", e);
            }
            throw e;
        }
    }

    /**
     * Maps a file for reading and writing.
     *
     * @throws org.shmrt.error.NotFoundException if there is no such file
     * @throws org.shmrt.error.AccessDeniedException if it may not be read and written
     * @throws IncompatibleException if it is not a regular file, or is empty
     */
    public static MappedFile readWrite(Path path, Arena arena) {
        if (Files.isDirectory(path)) {
            throw new IncompatibleException(FileNames.text(path) + " is a directory, not a stream, array or block");
        }
        try (PosixFile file = PosixFile.open(path, true)) {
            FileId id = checked(path, file.id());
            return new MappedFile(file.map(id.byteSize(), arena), id);
        }
    }

    private static FileId checked(Path path, FileId id) {
        check(path, id.regular(), id.byteSize());
        return id;
    }

    /** Rejects a file that is not regular or is empty. */
    static void check(Path path, boolean regular, long byteSize) {
        if (!regular) {
            throw new IncompatibleException(
                    FileNames.text(path) + (Files.isDirectory(path) ? " is a directory" : " is a pipe or device")
                            + ", not a stream, array or block");
        }
        if (byteSize == 0) {
            throw new IncompatibleException(FileNames.text(path) + " is empty: it has 0 bytes");
        }
    }

    /**
     * Maps a file that has no name yet.
     *
     * @param file the file, with its space reserved
     * @param arena determines how long it remains mapped
     * @return the mapping
     */
    public static MappedFile of(UnlinkedFile file, Arena arena) {
        FileId id = file.id();
        return new MappedFile(file.map(id.byteSize(), arena), id);
    }

    /**
     * The memory.
     *
     * @return the whole file
     */
    public MemorySegment segment() {
        return segment;
    }

    /**
     * The identity of the file, with its size when it was mapped.
     *
     * @return its identity
     */
    public FileId id() {
        return id;
    }

    /**
     * Makes every page present, so that the first frame does not cause page faults. Takes about 0.1 µs for a page that
     * is in memory, and 3 to 14 µs for one that is not.
     *
     * @return false if the kernel cannot do this
     */
    public boolean prefault() {
        return MappedMemory.prefault(segment);
    }

    /**
     * Advises the kernel how the memory will be used.
     *
     * @param advice the use
     * @return false if the kernel has no such advice for this memory
     */
    public boolean advise(MappedMemory.Advice advice) {
        return MappedMemory.advise(segment, advice);
    }

    /**
     * Locks the memory, so that it is not paged out.
     *
     * @throws org.shmrt.error.PosixException if the limit of locked memory is too low; the message names it
     */
    public void lock() {
        MappedMemory.lock(segment);
    }

    /** Unlocks the memory, so that it can be paged out again. */
    public void unlock() {
        MappedMemory.unlock(segment);
    }

    /**
     * Writes changes to the file's storage.
     *
     * @param mode whether to wait for it
     */
    public void sync(MappedMemory.SyncMode mode) {
        MappedMemory.sync(segment, mode);
    }

    /**
     * Size of the file when it was mapped.
     *
     * @return bytes
     */
    public long byteSize() {
        return segment.byteSize();
    }
}
