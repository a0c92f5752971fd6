package org.shmrt.block;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.shmrt.error.BusyException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;
import org.shmrt.posix.FileId;
import org.shmrt.posix.FileOpening;
import org.shmrt.posix.IoErrors;
import org.shmrt.text.FileNames;

/**
 * What the file of a block shows about it: an immutable snapshot that holds nothing open. Blocks have no header, so any
 * file may be a block; a block whose bytes are exactly those of a {@link ShareableList} is reported as a list. Creating
 * a snapshot maps nothing, needs no native access and changes nothing. It reads a few bytes, or the index of what seems
 * to be a list. Safe for use by multiple threads.
 *
 * @param name name of the file, by which others attach a block in {@code /dev/shm}
 * @param path path of the file
 * @param byteSize size in bytes
 * @param content what the bytes are. A block of exactly 16 zero bytes is an empty list. A list in a larger block is
 *     reported as {@link BlockContent#RAW}, but can be attached
 * @param itemCount number of items of a list, otherwise 0
 * @param warnings irregularities, each as a clause for users: the block has 0 bytes, or this user may not read it
 */
public record BlockInfo(
        String name, Path path, long byteSize, BlockContent content, int itemCount, List<String> warnings) {
    private static final String TEMPORARY_PREFIX = ".shmrt-";
    /** An empty list of Python 3.8 has 8 zero bytes, but such a block is more likely one that was not written yet. */
    private static final int EMPTY_LIST_38_BYTES = 8;

    /** Makes an unmodifiable copy of the warnings. */
    public BlockInfo {
        warnings = List.copyOf(warnings);
    }

    /**
     * Examines a file.
     *
     * @param path a file, for example in {@code /dev/shm}
     * @return what it is as a block
     * @throws NotFoundException if the file does not exist
     * @throws IncompatibleException if it is a directory, symbolic link, pipe or device
     */
    public static BlockInfo of(Path path) {
        BlockNames.rejectLink(path);
        FileId id = FileId.of(path);
        if (!id.regular()) {
            throw new IncompatibleException(FileNames.text(path) + " is a directory, pipe or device, not a block");
        }
        if (id.byteSize() == 0) {
            return raw(path, 0, "it has 0 bytes: its creator is still working on it, or died before it was complete");
        }
        if (id.byteSize() == EMPTY_LIST_38_BYTES) {
            return raw(path, id.byteSize());
        }
        try (FileChannel channel = FileOpening.channel(path)) {
            return ListParser.parse(new FileSource(channel, path, id.byteSize())) instanceof ListParser.Valid valid
                            && valid.layout().byteSize() == id.byteSize()
                    ? list(path, valid.layout())
                    : raw(path, id.byteSize());
        } catch (IOException | IncompatibleException | BusyException e) {
            return raw(
                    path,
                    id.byteSize(),
                    Files.isReadable(path)
                            ? "it cannot be read: " + reason(e)
                            : "the user " + System.getProperty("user.name") + " may not read it");
        }
    }

    private static String reason(Exception e) {
        return e instanceof IOException failed ? IoErrors.reason(failed) : e.getMessage();
    }

    private static BlockInfo raw(Path path, long bytes, String... warnings) {
        return new BlockInfo(name(path), path, bytes, BlockContent.RAW, 0, List.of(warnings));
    }

    private static BlockInfo list(Path path, ListLayout layout) {
        BlockContent content = layout.index() == ListIndex.LENGTHS ? BlockContent.PYTHON_38_LIST : BlockContent.LIST;
        return new BlockInfo(name(path), path, layout.byteSize(), content, layout.count(), List.of());
    }

    private static String name(Path path) {
        return FileNames.text(path.getFileName());
    }

    /**
     * Whether the bytes of the block are exactly those of a {@link ShareableList}.
     *
     * @return true for lists of any Python release
     */
    public boolean isList() {
        return content != BlockContent.RAW;
    }

    /** The blocks in a directory, sorted by name. */
    static List<BlockInfo> list(Path directory) {
        List<BlockInfo> blocks = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                if (!name(file).startsWith(BlockNames.SEMAPHORE_PREFIX)
                        && !name(file).startsWith(TEMPORARY_PREFIX)) {
                    addIfBlock(blocks, file);
                }
            }
        } catch (IOException e) {
            throw IoErrors.failure("list", directory, e);
        } catch (DirectoryIteratorException e) {
            throw IoErrors.failure("list", directory, e.getCause());
        }
        blocks.sort(Comparator.comparing(BlockInfo::name));
        return blocks;
    }

    private static void addIfBlock(List<BlockInfo> blocks, Path file) {
        try {
            blocks.add(of(file));
        } catch (ShmException e) {
            // The file was removed in the meantime, is not a regular file, or is a symbolic link, possibly a circular
            // one.
        }
    }

    /** Reads from a file that another process may truncate at any time. */
    private record FileSource(FileChannel channel, Path path, long size) implements ListSource {
        @Override
        public void read(long offset, MemorySegment target) {
            ByteBuffer buffer = target.asByteBuffer();
            try {
                while (buffer.hasRemaining()) {
                    if (channel.read(buffer, offset + buffer.position()) < 0) {
                        throw new IncompatibleException(
                                FileNames.text(path) + " was truncated while it was being read");
                    }
                }
            } catch (IOException e) {
                throw new IncompatibleException("cannot read " + FileNames.text(path) + ": " + IoErrors.reason(e), e);
            }
        }
    }
}
