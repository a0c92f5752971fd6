package org.shmrt.block;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;
import org.shmrt.posix.FileId;
import org.shmrt.posix.IoErrors;

/**
 * What can be told of a block by looking at its file. Nothing in a block says that it is one: any file that nothing else
 * recognises is a block, and one whose bytes are exactly those of a {@link ShareableList} is a list. Looking maps
 * nothing, needs no native access and changes nothing; it reads a few bytes unless the block is a list or pretends well.
 *
 * @param name name of its file, by which others attach it if it is in {@code /dev/shm}
 * @param path its file
 * @param byteSize its size
 * @param isList whether its bytes are those of a {@link ShareableList}, from the first to the last. A block of exactly
 *     16 zero bytes is what an empty list is. A list in a larger block is not seen here; it can be attached
 * @param itemCount number of items of a list, else 0
 * @param indexHasLengths whether a list has the index of Python 3.8
 * @param finding what is odd, or null: it has 0 bytes, or may not be read by this user
 */
public record BlockInfo(
        String name, Path path, long byteSize, boolean isList, int itemCount, boolean indexHasLengths, String finding) {
    private static final String HIDDEN_PREFIX = ".shmrt-";
    /** The empty list of Python 3.8: far more likely an 8-byte block that nobody has written yet. */
    private static final int EMPTY_LIST_38_BYTES = 8;

    /**
     * Looks at one file.
     *
     * @param path a file, for example in {@code /dev/shm}
     * @return what it is as a block
     * @throws NotFoundException if there is none
     * @throws IncompatibleException if it is a directory, link, pipe or device
     */
    public static BlockInfo of(Path path) {
        BlockNames.refuseLink(path);
        FileId id = FileId.of(path);
        String name = path.getFileName().toString();
        if (!id.regular()) {
            throw new IncompatibleException(path + " is a directory, pipe or device, not a block");
        }
        if (id.byteSize() == 0) {
            return raw(name, path, 0, "it has 0 bytes: its maker is still at it, or died before it was made");
        }
        if (id.byteSize() == EMPTY_LIST_38_BYTES) {
            return raw(name, path, id.byteSize(), null);
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            ListLayout layout = new ListLayout.Parser(new FileSource(channel, path, id.byteSize())).layout();
            return layout == null || layout.byteSize() != id.byteSize()
                    ? raw(name, path, id.byteSize(), null)
                    : new BlockInfo(name, path, id.byteSize(), true, layout.count(), layout.hasLengths(), null);
        } catch (IOException | IncompatibleException e) {
            return raw(
                    name,
                    path,
                    id.byteSize(),
                    Files.isReadable(path)
                            ? "it cannot be read: " + reason(e)
                            : "it may not be read by " + System.getProperty("user.name"));
        }
    }

    private static String reason(Exception e) {
        return e instanceof IOException failed ? IoErrors.reason(failed) : e.getMessage();
    }

    private static BlockInfo raw(String name, Path path, long bytes, String finding) {
        return new BlockInfo(name, path, bytes, false, 0, false, finding);
    }

    /** All blocks of a directory, by name. */
    static List<BlockInfo> list(Path directory) {
        List<BlockInfo> blocks = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (!name.startsWith(BlockNames.SEMAPHORE_PREFIX) && !name.startsWith(HIDDEN_PREFIX)) {
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
            // removed since the directory was read, no file, or a link in a circle, which anybody may put there
        }
    }

    /** Reads from a file that may shrink at any moment. */
    private record FileSource(FileChannel channel, Path path, long size) implements ListSource {
        @Override
        public void read(long offset, MemorySegment target) {
            ByteBuffer buffer = target.asByteBuffer();
            try {
                while (buffer.hasRemaining()) {
                    if (channel.read(buffer, offset + buffer.position()) < 0) {
                        throw new IncompatibleException(path + " was cut off while it was read");
                    }
                }
            } catch (IOException e) {
                throw new IncompatibleException("cannot read " + path + ": " + IoErrors.reason(e), e);
            }
        }
    }
}
